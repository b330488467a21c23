"""What stands in a brief's thread: grids, versions, questions, notes and the approval."""

from __future__ import annotations

from bot.blocks.kit import Block, Said, actions, button, context, image, link, section
from bot.house import NUMBERS, Emoji
from bot.model import Brief, Draft, Stage, Version
from bot.review.edits import is_open
from bot.review.waiting import waiting
from bot.wording import cut, dollars, escape, people, percent, plural, series, spell

NUMBER_EMOJI = dict(enumerate(NUMBERS, 1))


def grid(brief: Brief, number: int, file: str, emoji: Emoji | None = None) -> Said:
    """A round of drafts as one numbered picture, with a door to each. ``emoji``: what they do in this workspace."""
    state, drafts = brief.rounds[number - 1], of_round(brief, number)
    numbers = [d.number for d in drafts]
    coming = state.state == "drawing"
    many = f"{len(drafts)} of {state.count} drafts so far" if coming else plural(len(drafts), "draft")
    title = f"*Round {number}* · {many}"
    if state.wish:
        title += f" · <@{state.by}> asked for “{escape(cut(state.wish, 200))}”"
    blocks: list[Block] = [section(title), image(file, alt_of_round(brief, drafts), None)]
    if said := next((d.versions[0].said for d in drafts if d.versions[0].said), ""):
        blocks.append(context(said))
    if state.note:
        blocks.append(context(state.note))
    if is_open(brief):
        blocks.append(context(_how(numbers, emoji or Emoji())))
        if brief.wanted.headline and not coming and numbers and not drafts[0].versions[0].scene:
            said = escape(cut(brief.wanted.headline, 80))
            blocks.append(
                context(
                    f"Room is left for “{said}”. Reply “put the headline on {numbers[0]}” to set it in letters."
                )
            )
        doors = (
            button(
                f"Open {n}",
                f"look:{n}",
                f"{brief.id}|{n}",
                spoken=f"Open draft {n}: vote, approve or ask for a change",
            )
            for n in numbers
        )
        more = [button("New round", "redraw", brief.id)]
        if state.spare and not coming:
            spoken = f"Show the {plural(len(state.spare), 'draft')} that were kept back"
            more.append(button("Show the others", "others", f"{brief.id}|{number}", spoken=spoken))
        blocks.append(actions(*doors, *more))
    else:
        blocks.append(context(_closed(brief)))
    which = f"Round {number}: drafts {series(numbers)} for {escape(brief.wanted.title)}."
    text = f"{which} React with a number to vote, or reply."
    return Said(
        text,
        tuple(blocks),
        "grid",
        {"brief": brief.id, "round": number, "drafts": numbers, "slot": f"grid:{number}"},
    )


def of_round(brief: Brief, number: int) -> list[Draft]:
    """The drafts that were drawn in a round."""
    return [d for d in brief.drafts if d.round == number and d.versions[0].op == "draw"]


def sheet_of(brief: Brief, number: int) -> str:
    """What the picture of a round is called: another one with every draft that comes, and when all are there."""
    coming = "+" if brief.rounds[number - 1].state == "drawing" else ""
    return f"sheet:{len(of_round(brief, number))}{coming}"


def version(
    brief: Brief, shown: Version, file: str, compare: str | None = None, *, marks: bool = False
) -> Said:
    """A changed draft, before and after, with what was changed in figures; or a picture somebody brought.
    ``compare``: the page that shows more; ``marks``: there is a page to mark a spot."""
    title, facts = _what(brief, shown), figures(shown)
    blocks: list[Block] = [section(title), image(file, alt(brief, shown))]
    if shown.said:
        blocks.append(context(shown.said))
    if facts:
        blocks.append(context(facts))
    draft = brief.draft(shown.draft)
    undone = draft is not None and draft.current != shown and shown.undone_by is not None
    if not is_open(brief):
        blocks.append(context(_closed(brief)))
    elif undone:
        blocks.append(actions(button(f"Bring {shown.name} back", "restore", f"{brief.id}|{shown.name}")))
    else:
        row = [button(f"Approve {shown.name}", "approve", f"{brief.id}|{shown.name}", style="primary")]
        value = f"{brief.id}|{shown.name}"
        if shown.parent and draft is not None and draft.current == shown:
            row.append(button("Undo", "undo", value, spoken=f"Undo {shown.name}"))
        if shown.parent and shown.seed is not None:  # else the same would come once more
            row.append(
                button("Again", "again", value, spoken=f"Make this change of {shown.parent} once more")
            )
        if marks:
            row.append(
                button("Mark the spot", "mark", value, spoken=f"Mark what should change on {shown.name}")
            )
        if compare:
            row.append(
                link("Compare", "compare", compare, spoken=f"Compare {shown.parent} with {shown.name}")
            )
        if not brief.rejected(shown.name):
            row.append(button("Reject", "reject", value, spoken=f"Reject {shown.name} and say why"))
        row.append(button(f"Open {shown.name}", f"look:{shown.draft}", f"{brief.id}|{shown.draft}"))
        blocks.append(actions(*row))
    text = f"{title.replace('*', '')} {facts}".strip()
    payload = {
        "brief": brief.id,
        "drafts": [shown.draft],
        "version": shown.name,
        "slot": f"version:{shown.name}",
    }
    return Said(text, tuple(blocks), "draft", payload)


def history(brief: Brief, number: int, slot: str, file: str) -> Said:
    """All states of a draft, in the order they were made."""
    draft = brief.draft(number)
    versions = draft.versions if draft else ()
    lines = [f"*{v.name}* {_made(brief, v)}" for v in versions][-10:]
    spoken = f"The versions of draft {number} side by side: {series(v.name for v in versions)}."
    blocks: list[Block] = [
        section(f"*The history of {number}* · {plural(len(versions), 'version')}"),
        image(file, spoken),
        section("\n".join(lines)),
    ]
    others = [v for v in versions if draft and v != draft.current][-5:]
    if is_open(brief) and others:
        blocks.append(
            actions(
                *(button(f"Back to {v.name}", f"restore:{v.name}", f"{brief.id}|{v.name}") for v in others)
            )
        )
    text = f"The history of {number}: {series(v.name for v in versions)}."
    return Said(text, tuple(blocks), "draft", {"brief": brief.id, "drafts": [number], "slot": slot})


def cells(brief: Brief, number: int, slot: str, file: str) -> Said:
    """A draft under a labelled grid, to point at it in words."""
    text = (
        f"*{number}* with a grid. Name a cell to say where: “remove what is in B3 on {number}”, "
        f"“make B2-C3 darker on {number}”."
    )
    spoken = f"Draft {number} under a grid: columns are letters from the left, rows are numbers from the top."
    payload = {"brief": brief.id, "drafts": [number], "slot": slot}
    return Said(text.replace("*", ""), (section(text), image(file, spoken)), "draft", payload)


def _made(brief: Brief, v: Version) -> str:
    if v.op == "draw":
        how = f"drawn in round {next((d.round for d in brief.drafts if d.number == v.draft), 1)}"
    elif v.op == "brought":
        how = f"brought by <@{v.by}>"
    else:
        how = f"from {v.parent}, <@{v.by}>: “{escape(cut(v.words, 80))}”"
    by = f" · {v.engine} {v.model}, {dollars(v.usd)}" if v.op != "brought" else ""
    return how + by + (" · undone" if v.undone_by else "")


def question(brief: Brief, number: int, file: str | None = None, *, marks: bool = False) -> Said:
    """One question, with buttons that name what would be done; when answered, who did and how. ``file``: the region
    that is asked about; ``marks``: there is a page to mark another one."""
    asked = brief.questions[number - 1]
    quote = f"\n> {escape(cut(asked.words, 300))}" if asked.words not in ("", "✅") else ""
    payload = {"brief": brief.id, "slot": f"question:{number}"}
    seen = (image(file, f"{asked.version} with the part outlined that would be changed"),) if file else ()
    if asked.answer is not None:
        text = f"{asked.text} <@{asked.by}>: *{escape(asked.answer)}*"
        return Said(text.replace("*", ""), (section(text + quote), *seen), "ask", payload)
    if not is_open(brief) and asked.deliverable is None:
        return Said(asked.text, (section(asked.text + quote), *seen, context(_closed(brief))), "ask", payload)
    buttons = [
        button(c.label, f"answer:{i}", f"{brief.id}|{number}|{i}") for i, c in enumerate(asked.choices)
    ]
    if asked.mask and marks:
        buttons.insert(1, button("Mark it myself", "mark", f"{brief.id}|{asked.version}"))
    text = f"{asked.text} {series((c.label for c in asked.choices), 'or')}"
    return Said(text, (section(asked.text + quote), *seen, actions(*buttons)), "ask", payload)


def note(brief: Brief, number: int) -> Said:
    """One sentence."""
    text = brief.notes[number - 1].text
    return Said(text, (section(text),), "nudge", {"brief": brief.id, "slot": f"note:{number}"})


def approval(brief: Brief, name: str, *, clips: bool = False, record: str | None = None) -> Said:
    """The approvals of a version: what is still waited for; or the decision, with who, when, under which rule; or that
    it was taken back. ``clips``: a model that makes them is set up; ``record``: the page with all of it."""
    payload = {"brief": brief.id, "version": name, "slot": f"approval:{name}"}
    given = [a for a in brief.approvals if a.version == name]
    done, value = brief.approved, f"{brief.id}|{name}"
    back = button("Take back", "take_back", value, spoken=f"Take the approval of {name} back")
    if not given:
        text = f"The approval of {name} was taken back."
        if is_open(brief):
            text += " The brief is open again."
        return Said(text, (section(f"↩️ {text}"),), "approval", payload)
    names = people(dict.fromkeys(a.person for a in given))
    if done is None or done.version != name:
        if done is not None:
            text = f"{name} is approved by {names} as well; {done.version} was first, and stands."
            return Said(text, (section(text), actions(back)), "approval", payload)
        turn = waiting(brief)
        owing, needed = brief.policy.owing(brief.approvers, brief.words(name))
        version_ = brief.version(name)
        some = f"{needed} of " if 1 < needed < len(owing) else ""
        text = f"{name}: approved by {names}. It needs {some}{people(owing, 'or' if needed == 1 else 'and')} as well."
        newer = _newer(brief, name)
        blocks = [section(f"☑️ {text}"), context(brief.policy.worded(brief.approvers))]
        if newer:
            blocks.append(context(f"{newer} is newer; this approval stays on {name}."))
        mine = button(f"Approve {name}", "approve", value, style="primary")
        gone = version_ is None or version_.undone_by is not None
        blocks.append(actions(mine, back) if turn.people and not gone else actions(back))
        return Said(text, tuple(blocks), "approval", payload)
    took = spell((done.at - brief.submitted_at).total_seconds())
    text = f"Approved: {name}, by {names}. {took} from brief to approval."
    facts = f"{brief.policy.rule} · {done.at:%d %b %Y %H:%M} UTC · sha256 {done.sha256[:16]}…"
    stood = [
        f"<@{a.person}> as {a.role}" + (f" of {people(a.stands_for)}" if a.stands_for else "")
        for a in given
        if a.role != "approver" or a.stands_for
    ]
    row = [button("Layered file", "layers", value, spoken=f"A layered file of {name} for designers")]
    kept = [link("Record", "open", record, spoken=f"The record of the approval of {name}")] if record else []
    if clips:
        row.insert(0, button("Make a clip", "clip", value, spoken=f"Make a clip that begins with {name}"))
    return Said(
        text,
        (section(f"✅ *{text}*"), context(" · ".join((facts, *stood))), actions(*row, *kept, back)),
        "approval",
        payload,
    )


def _newer(brief: Brief, name: str) -> str | None:
    """The newer state of the same draft that people have been shown."""
    version = brief.version(name)
    draft = brief.draft(version.draft) if version else None
    return draft.seen.name if version and draft and draft.seen and draft.seen.index > version.index else None


def alt(brief: Brief, shown: Version) -> str:
    """What the picture shows, for those who cannot see it."""
    if shown.op == "brought":
        return f"Draft {shown.name}, a picture brought by a person: {shown.words}"
    if shown.parent:
        return f"Before and after: {shown.parent} and {shown.name}. Asked for: {cut(shown.words, 300)}"
    return shown.alt or f"Draft {shown.name} for {brief.wanted.title}"


def alt_of_round(brief: Brief, drafts: list[Draft]) -> str:
    """What a round's sheet shows."""
    each = " ".join(f"{d.number}: {d.versions[0].alt}" for d in drafts)
    return cut(f"{plural(len(drafts), 'numbered draft')} for “{brief.wanted.title}”. {each}", 2000)


def _how(numbers: list[int], emoji: Emoji) -> str:
    seeded = [n for n in numbers if n in NUMBER_EMOJI]
    vote = f"React {_keys(seeded)} to vote, " if seeded else "Open one to vote, "
    approve = f":{emoji.approve[0]}: to approve, "
    anew = f":{emoji.redraw[0]}: for a new round, " if emoji.redraw else ""
    return f"{vote}{approve}{anew}or reply with what should change: “make the background #FFD400 on 2”."


def _keys(numbers: list[int]) -> str:
    names = [f":{NUMBER_EMOJI[n]}:" for n in numbers]
    return names[0] if len(names) == 1 else " ".join(names)


def _what(brief: Brief, shown: Version) -> str:
    if shown.op == "brought" and shown.parent and not shown.undone_by:
        return f"*{shown.name}* · brought by <@{shown.by}>, as what comes after {shown.parent}."
    if shown.op == "brought" and not shown.parent:
        how = f"Vote with a reply (“{shown.draft} is it”) or say what should change."
        return f"*{shown.name}* · brought by <@{shown.by}>. {how}"
    asked = f"<@{shown.by}>: “{escape(cut(shown.words, 200))}”" if shown.words else f"<@{shown.by}>"
    if shown.undone_by:
        draft = brief.draft(shown.draft)
        now = draft.current.name if draft else shown.parent
        return f"*{shown.name}* was undone by <@{shown.undone_by}>; {shown.draft} is {now} again. {asked}"
    return f"*{shown.name}* · {asked}"


def figures(shown: Version) -> str:
    """What was changed, and by what, in a line."""
    parts = []
    if shown.mask_share is not None and shown.mask is not None:
        if shown.mask_share >= 0.9999:
            parts.append("The whole picture was changed.")
        else:
            rest = "bit-identical" if not shown.changed_outside else f"{shown.changed_outside} pixels differ"
            inside, outside = percent(shown.mask_share), percent(1 - shown.mask_share)
            parts.append(f"Changed inside {inside} of the picture; the other {outside} is {rest}.")
    elif shown.op == "outpaint":
        parts.append(f"Now {shown.width} x {shown.height}; the picture inside is bit-identical.")
    elif shown.op == "upscale":
        parts.append(f"Now {shown.width} x {shown.height}.")
    if shown.engine not in ("", "person") and shown.parent:
        about = "about " if shown.estimated else ""
        parts.append(f"{shown.engine}, {shown.seconds:.1f} s, {about}{dollars(shown.usd)}")
    return " ".join(parts)


def _closed(brief: Brief) -> str:
    if brief.stage is Stage.APPROVED and brief.approved:
        return f"Closed: {brief.approved.version} was approved by <@{brief.approved.person}>."
    return f"Closed: {brief.reason or 'withdrawn'}."
