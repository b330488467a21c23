"""The message of a clip or a layered file: that it is being made, that it is here, or why it is not."""

from __future__ import annotations

from bot.blocks.kit import Block, Said, actions, button, context, section
from bot.model import Brief, Deliverable, DeliverableKind
from bot.wording import cut, dollars, escape, spell


def deliverable(brief: Brief, number: int, maker: str | None, refused: str | None = None) -> Said:
    """``maker``: the name of the model, None where none is needed; ``refused``: why the file could not be posted."""
    one = brief.deliverables[number - 1]
    what = _what(one)
    by = f" by {maker}" if maker else ""
    blocks: list[Block]
    match one.state:
        case "working":
            takes = f" It usually takes {spell(one.usual)}." if one.usual >= 2 else ""
            if one.waits:
                takes = f" {escape(one.waits.rstrip('.'))}, so I am trying again."
            text = f"{what[:1].upper()}{what[1:]} is being made{by} for <@{one.person}>.{takes}"
            stop = button("Stop", "stop", brief.id, spoken="Stop what is being made")
            blocks = [section(text), actions(stop)] if maker else [section(text)]
        case "made" if refused is not None:
            text = f"{what[:1].upper()}{what[1:]} is ready, and could not be posted: {escape(refused)}"
            again = button("Post it again", "post_again", f"{brief.id}|{number}")
            blocks = [section(text), context(_facts(one, maker)), actions(again)]
        case "made":
            text = f"{what[:1].upper()}{what[1:]} is here: *{escape(one.name)}*, in this thread."
            blocks = [section(text), context(_facts(one, maker))]
        case "asked":
            text = f"{what[:1].upper()}{what[1:]} waits for an answer about what it costs."
            blocks = [section(text)]
        case _:
            text = f"No {what.removeprefix('a ')} was made. {one.answer}"
            blocks = [section(text)]
    payload = {"brief": brief.id, "version": one.version, "slot": f"deliverable:{number}"}
    return Said(text.replace("*", ""), tuple(blocks), "pack", payload)


def _what(one: Deliverable) -> str:
    if one.kind is DeliverableKind.CLIP:
        moves = f", “{escape(cut(one.words, 120))}”" if one.words else ""
        return f"a clip of {one.version} ({one.seconds} s{moves})"
    return f"a layered file of {one.version}"


def _facts(one: Deliverable, maker: str | None) -> str:
    if maker is None and not one.exact:
        return (
            f"The picture as it was drawn, and each state as a layer: it is see-through in places, so only the top "
            f"one, {one.version}, is switched on. Free."
        )
    if maker is None:
        return (
            "The picture as it was drawn, and every change as a layer of its own. Flattened it is "
            f"{one.version}, pixel for pixel. Free. Retouched, it comes back when you drop it here with the words "
            f"“{_number(one.version)}”."
        )
    cost = f"{maker}, {'about ' if one.estimated else ''}{dollars(one.usd)}"
    if one.kind is DeliverableKind.CLIP:
        return f"{cost}. It begins with the approved picture; a model drew the rest, so watch it to the end."
    return f"{cost}. A model's own idea of the parts; the approved picture lies on top, switched off, to compare."


def _number(version: str) -> str:
    return version.rstrip("abcdefghijklmnopqrstuvwxyz")
