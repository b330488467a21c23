"""Reminding: what is due is looked for by the clock, told by a job, and brought up to date when somebody decides."""

from __future__ import annotations

from bot.blocks.nudge import Asked, candidate, nudge
from bot.commands import Escalate, Remind
from bot.digest import zone_of
from bot.errors import ProofthreadError
from bot.jobs import Notify, Nudge, Show
from bot.model import Brief, Message, Stage
from bot.review import nudges
from handlers import showing
from handlers.desk import Desk

PICTURES = 5
"""Pictures in one reminder."""


async def look(desk: Desk) -> None:
    """What is due now: one message for each person and day, whoever looks; and what has waited too long."""
    now, house = desk.now(), await desk.house()
    briefs = await desk.store.in_review()
    people = {p for brief in briefs for p in nudges.owing(brief, house, now)}
    zones = {person: zone_of(await desk.chat.zone(person)) for person in people}
    for person, ids in nudges.plan(briefs, house, zones.__getitem__, now).items():
        day = nudges.today(now, zones[person]).isoformat()
        await desk.enqueue(Nudge(person, day, ids), f"person:{person}", f"nudge:{person}:{day}")
    for brief in briefs:
        if nudges.exhausted(brief, house, now):
            await desk.perform(Escalate(brief.id), f"escalate:{brief.id}")


async def busy(desk: Desk) -> dict[str, int]:
    """Who has more waiting than they should."""
    return nudges.overloaded(await desk.store.in_review(), await desk.house(), desk.now())


async def remind(desk: Desk, job: Nudge) -> None:
    """Note each brief as reminded of, then write the message; what was decided meanwhile is left out."""
    told = []
    for id_ in job.briefs:
        outcome = await desk.perform(
            Remind(id_, job.person, nudges.day(job.day)), f"remind:{id_}:{job.person}:{job.day}"
        )
        if outcome is None or outcome.events:
            told.append(id_)
    if told:
        slot = f"nudge:{job.person}:{job.day}"
        known = await desk.store.message("-", slot)
        if known is None:
            channel = await desk.chat.opened(job.person)
            known = Message("-", slot, channel, None, None, files=tuple((id_, "") for id_ in told))
            await desk.store.keep_message(known)
        await _written(desk, known)


async def refresh(desk: Desk, job: Show) -> None:
    """One of its briefs has moved on."""
    known = await desk.store.message("-", job.slot)
    if known is not None and known.ts is not None:
        await _written(desk, known)


async def notify(desk: Desk, job: Notify) -> None:
    """A direct message."""
    await desk.chat.direct(job.person, job.text)


async def _written(desk: Desk, message: Message) -> None:
    _, person, day = message.slot.split(":")
    asked = []
    for number, (id_, _) in enumerate(message.files):
        if brief := await desk.store.brief(id_):
            asked.append(await _asked(desk, brief, pictured=number < PICTURES))
    await showing.place(desk, message, nudge(person, day, asked, desk.now(), await desk.house()))


async def _asked(desk: Desk, brief: Brief, *, pictured: bool) -> Asked:
    card = await desk.store.message(brief.id, "card")
    link = file = None
    try:
        if card is not None and card.ts is not None:
            link = await desk.chat.permalink(card.channel, card.ts)
        version = candidate(brief)
        if pictured and version is not None and brief.stage is Stage.REVIEW:
            file = await showing.alone(desk, brief, version.name)
    except ProofthreadError:
        pass  # a reminder without its picture or link is still one
    return Asked(brief, link, file)
