"""Make a message say what the database says: posted once, updated in place ever after."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from dataclasses import replace

from PIL import Image

from bot.blocks import card, deliverables, thread
from bot.blocks.digest import digest as digest_blocks
from bot.blocks.kit import Said
from bot.blocks.thread import NUMBER_EMOJI
from bot.chat import Upload
from bot.commands import NoteShown
from bot.digest import of
from bot.errors import Busy, Declined, Refused
from bot.house import Emoji
from bot.imaging import cells, compare, grid, strip
from bot.imaging.picture import preview
from bot.jobs import Report, Seed, Show
from bot.metrics import lives
from bot.model import Brief, Deliverable, Message
from handlers import delivering, pictures
from handlers.desk import Desk
from storage.store import POSTING

log = logging.getLogger(__name__)


async def show(desk: Desk, job: Show) -> None:
    """Post the slot, or update it where it stands; nothing when it says so already."""
    stands = await desk.store.message(job.brief, job.slot)
    if stands is not None and stands.ts is not None:
        await desk.chat.rest(stands.ts)
    brief = await desk.store.brief(job.brief)
    if brief is None:
        return
    root = await desk.store.message(brief.id, "card")
    if job.slot != "card" and (root is None or root.ts is None):
        raise Busy("The card is not in the channel yet.")
    message = await desk.store.message(brief.id, job.slot) or Message(
        brief.id, job.slot, brief.channel, None, None
    )
    message = await _with_files(desk, brief, message)
    if root is not None and root.ts is not None:
        message = await _with_shared(desk, brief, message, root.ts)
    emoji = (await desk.house()).emoji
    said = rendered(brief, job.slot, dict(message.files), desk, emoji)
    await place(desk, replace(message, thread=root.ts if root and job.slot != "card" else None), said)
    if job.slot.startswith(("grid:", "version:")):
        await desk.perform(NoteShown(brief.id, job.slot))


async def place(desk: Desk, message: Message, said: Said) -> Message:
    """Post or update one message and remember where it stands."""
    look = hashlib.sha256(json.dumps([said.text, said.blocks]).encode()).hexdigest()
    if message.ts is not None:
        if message.shown == look:
            return message
        try:
            await desk.chat.update(message.channel, message.ts, said)
        except Declined as gone:
            # Somebody deleted the message, or Slack will not have it changed any more: the state stays right.
            log.warning("Could not update %s: %s", message.slot, gone, extra={"action": "update_refused"})
        message = replace(message, shown=look)
        await desk.store.keep_message(message)
        return message
    before = await desk.store.message(message.brief, message.slot)
    if before is not None and before.shown == POSTING:
        # An earlier try died between Slack's taking the post and our noting it; the metadata tells.
        if found := await desk.chat.find(message.channel, message.thread, said):
            message = replace(message, ts=found, shown="")
            await desk.store.keep_message(message)
            return await place(desk, message, said)  # what it says may be old by now
    else:
        await desk.store.keep_message(replace(message, shown=POSTING))
    try:
        ts = await desk.chat.post(message.channel, said, message.thread)
    except (Declined, Refused):
        await desk.store.keep_message(replace(message, shown=""))
        raise
    message = replace(message, ts=ts, shown=look)
    await desk.store.keep_message(message)
    return message


def rendered(brief: Brief, slot: str, files: dict[str, str], desk: Desk, emoji: Emoji) -> Said:
    """What the slot says now."""
    what, _, which = slot.partition(":")
    match what:
        case "card":
            return card.card(brief, desk.now())
        case "grid":
            return thread.grid(brief, int(which), files[thread.sheet_of(brief, int(which))], emoji)
        case "version":
            version = brief.version(which)
            if version is None:
                raise Refused(f"There is no version {which}.")
            page = desk.links.to_compare(brief.id, version) if desk.links and version.parent else None
            return thread.version(
                brief, version, files.get("sheet") or files[which], page, marks=desk.links is not None
            )
        case "question":
            return thread.question(brief, int(which), files.get("sheet"), marks=desk.links is not None)
        case "history":
            return thread.history(brief, _number(which), slot, files["sheet"])
        case "cells":
            return thread.cells(brief, _number(which), slot, files["sheet"])
        case "note":
            return thread.note(brief, int(which))
        case "approval":
            at = brief.approved.at if brief.approved else None
            kept = desk.links.to_record(brief.id, which, at) if desk.links and at else None
            return thread.approval(brief, which, clips=bool(delivering.clips(desk)), record=kept)
        case "deliverable":
            return deliverables.deliverable(
                brief, int(which), made_by(desk, brief, int(which)), files.get("refused")
            )
    raise Refused(f"Nothing is called {slot}.")


def made_by(desk: Desk, brief: Brief, number: int) -> str | None:
    """The name of the model that makes a deliverable, None where none is needed."""
    id_ = brief.deliverables[number - 1].model
    known = desk.catalogue.models.get(id_ or "")
    return known.name if known is not None else id_


async def seed(desk: Desk, job: Seed) -> None:
    """Put the number emoji under the grid, so that a vote is one tap."""
    brief, message = (
        await desk.store.brief(job.brief),
        await desk.store.message(job.brief, f"grid:{job.round}"),
    )
    if brief is None or message is None or message.ts is None:
        return
    for draft in brief.drafts:
        if draft.round == job.round and draft.versions[0].op == "draw" and draft.number in NUMBER_EMOJI:
            await desk.chat.react(message.channel, message.ts, NUMBER_EMOJI[draft.number])


async def report(desk: Desk, job: Report) -> None:
    """Post the digest of a week."""
    log_ = [entry async for entry in desk.store.events()]
    week = of(log_, job.week, job.zone, desk.now())
    titles = {life.brief: life.title for life in lives(log_, desk.now())}
    links = {}
    for waiting in week.waiting[:3]:
        message = await desk.store.message(waiting.brief, "card")
        if message and message.ts:
            links[waiting.brief] = await desk.chat.permalink(message.channel, message.ts)
    slot = f"digest:{job.key}"
    message = await desk.store.message("-", slot) or Message("-", slot, job.channel, None, None)
    await place(desk, message, digest_blocks(week, titles, links, slot))


async def _with_files(desk: Desk, brief: Brief, message: Message) -> Message:
    """The message with its pictures uploaded, once."""
    what, _, which = message.slot.partition(":")
    if message.files and not (
        what == "grid" and thread.sheet_of(brief, int(which)) not in dict(message.files)
    ):
        return message
    match what:
        case "grid":
            uploads = await _grid(desk, brief, int(which))
        case "version":
            uploads = await _version(desk, brief, which)
        case "question" if brief.questions[int(which) - 1].mask:
            uploads = await _asked(desk, brief, int(which))
        case "history":
            uploads = await _history(desk, brief, _number(which))
        case "cells":
            uploads = await _cells(desk, brief, _number(which))
        case _:
            return message
    files = await desk.chat.upload(uploads)
    message = replace(message, files=tuple(files.items()))
    await desk.store.keep_message(message)
    return message


async def _with_shared(desk: Desk, brief: Brief, message: Message, thread: str) -> Message:
    """The message of a deliverable with its file in the thread, once: each step is kept before the next. Where Slack
    refuses the file, the message says so."""
    what, _, which = message.slot.partition(":")
    one = brief.deliverables[int(which) - 1] if what == "deliverable" else None
    if one is None or one.sha256 is None or {"shared", "refused"} & dict(message.files).keys():
        return message
    async with desk.alone(f"{brief.id}:{message.slot}"):
        # A job that was put off may run beside the one that came after it.
        message = await desk.store.message(brief.id, message.slot) or message
        if "shared" in dict(message.files):
            return message
        try:
            return await _shared(desk, brief, one, message, thread)
        except (Declined, Refused) as why:
            return await _noted(desk, message, ("refused", str(why)))


async def _shared(desk: Desk, brief: Brief, one: Deliverable, message: Message, thread: str) -> Message:
    if "file" not in dict(message.files):
        data = await desk.files.read(one.sha256 or "")
        alt = f"A {one.kind.value} made of {one.version} for {brief.wanted.title}"
        message = await _noted(
            desk, message, ("file", await desk.chat.send(Upload("file", one.name, data, alt)))
        )
    again = "sharing" in dict(message.files)
    if not again:
        message = await _noted(desk, message, ("sharing", thread))
    await desk.chat.share(dict(message.files)["file"], one.name, message.channel, thread, again=again)
    return await _noted(desk, message, ("shared", thread))


async def _noted(desk: Desk, message: Message, what: tuple[str, str]) -> Message:
    message = replace(message, files=(*message.files, what))
    await desk.store.keep_message(message)
    return message


async def not_shared(desk: Desk, message: Message, why: str) -> None:
    """A finished file could not be posted, however often it was tried: its message says so."""
    if "shared" in dict(message.files):
        return
    await _noted(desk, message, ("refused", why))
    await desk.enqueue(
        Show(message.brief, message.slot), message.channel, f"refused:{message.slot}:{message.ts}"
    )


async def share_again(desk: Desk, brief: str, number: int, key: str) -> None:
    """A person asks for a finished file once more: it is uploaded anew."""
    message = await desk.store.message(brief, f"deliverable:{number}")
    if message is None or "refused" not in dict(message.files):
        return
    await desk.store.keep_message(replace(message, files=()))
    await desk.enqueue(Show(brief, message.slot), message.channel, key)


async def _grid(desk: Desk, brief: Brief, number: int) -> list[Upload]:
    state, drafts = brief.rounds[number - 1], thread.of_round(brief, number)
    drawn = [(await pictures.subject(desk, d.versions[0])).picture for d in drafts]
    places = state.count if state.state == "drawing" else len(drafts)
    sheet = await asyncio.to_thread(
        lambda: preview(grid.grid(drawn, [d.number for d in drafts], places=max(places, len(drafts))))
    )
    # One upload for a round: each draft alone follows when somebody opens it. Uploads are a scarce call.
    name = thread.sheet_of(brief, number)
    return [Upload(name, f"round-{number}.png", sheet, thread.alt_of_round(brief, drafts))]


def _number(which: str) -> int:
    """The draft in "2:4-1" (what comes after it tells one state of things from another)."""
    return int(which.split(":")[0])


async def _asked(desk: Desk, brief: Brief, number: int) -> list[Upload]:
    question = brief.questions[number - 1]
    version = brief.version(question.version or "")
    if version is None or question.mask is None:
        raise Refused("I do not know that picture any more.")
    picture, mask = (await pictures.subject(desk, version)).picture, await pictures.mask(desk, question.mask)
    data = await asyncio.to_thread(lambda: preview(compare.outlined(picture, mask), 900))
    return [Upload("sheet", f"where-{version.name}.png", data, f"{version.name} with a part outlined")]


async def _history(desk: Desk, brief: Brief, number: int) -> list[Upload]:
    draft = brief.draft(number)
    versions = draft.versions[-12:] if draft else ()
    states = [(await pictures.subject(desk, v)).picture for v in versions]
    notes = ["now" if draft and v == draft.current else "undone" if v.undone_by else "" for v in versions]
    data = await asyncio.to_thread(lambda: preview(strip.strip(states, [v.name for v in versions], notes)))
    return [Upload("sheet", f"history-{number}.png", data, f"The versions of draft {number}")]


async def _cells(desk: Desk, brief: Brief, number: int) -> list[Upload]:
    draft = brief.draft(number)
    if draft is None:
        raise Refused(f"There is no draft {number}.")
    picture = (await pictures.subject(desk, draft.current)).picture
    data = await asyncio.to_thread(lambda: preview(cells.overlay(picture)))
    return [Upload("sheet", f"grid-{number}.png", data, f"Draft {number} under a grid")]


async def alone(desk: Desk, brief: Brief, name: str) -> str | None:
    """Slack's file of one version by itself, uploaded when it is first asked for."""
    version = brief.version(name)
    if version is None:
        return None
    slot = f"alone:{name}"
    message = await desk.store.message(brief.id, slot) or Message(brief.id, slot, brief.channel, None, None)
    if name not in dict(message.files):
        data = await asyncio.to_thread(preview, (await pictures.subject(desk, version)).picture)
        files = await desk.chat.upload([Upload(name, f"draft-{name}.png", data, thread.alt(brief, version))])
        message = replace(message, files=(*message.files, *files.items()))
        await desk.store.keep_message(message)
    return dict(message.files)[name]


async def _version(desk: Desk, brief: Brief, name: str) -> list[Upload]:
    version = brief.version(name)
    if version is None:
        raise Refused(f"There is no version {name}.")
    after = (await pictures.subject(desk, version)).picture
    parent = brief.version(version.parent) if version.parent else None
    if parent is None:
        data = await asyncio.to_thread(preview, after)
        return [Upload(name, f"draft-{name}.png", data, thread.alt(brief, version))]
    before = (await pictures.subject(desk, parent)).picture
    mask = await pictures.mask(desk, version.mask) if version.mask else None

    def pair() -> Image.Image:
        return compare.before_after(before, after, mask, (parent.name, version.name))

    sheet = await asyncio.to_thread(lambda: preview(pair()))
    return [Upload("sheet", f"{parent.name}-to-{name}.png", sheet, thread.alt(brief, version))]
