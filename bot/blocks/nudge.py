"""A reminder: what waits for one person, with its picture and the next step; brought up to date as it is decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.blocks.kit import Block, Said, actions, button, context, image, link, section, when
from bot.house import House
from bot.model import Brief, Stage, Version
from bot.review.waiting import waiting
from bot.wording import escape, plural


@dataclass(frozen=True, slots=True)
class Asked:
    """A brief that waits: its thread's address, and Slack's file of the picture that is most likely meant."""

    brief: Brief
    link: str | None = None
    file: str | None = None


def candidate(brief: Brief) -> Version | None:
    """The version that a decision is most likely about: with most approvals, else leading by votes, else the only."""
    turn = waiting(brief)
    if turn.version is not None:
        return brief.version(turn.version)
    number = brief.leader or (brief.numbers[0] if len(brief.numbers) == 1 else None)
    draft = brief.draft(number) if number else None
    return draft.seen if draft else None


def nudge(person: str, day: str, asked: Sequence[Asked], now: datetime, house: House) -> Said:
    """One message for one person and day."""
    open_ = [a for a in asked if person in waiting(a.brief, house, now).people]
    left = len(open_)
    text = (
        f"{plural(left, 'brief')} {'waits' if left == 1 else 'wait'} for your decision."
        if left
        else "Nothing waits for you any more. Thank you."
    )
    blocks: list[Block] = [section(f"⏳ *{text}*" if left else f"✅ {text}")]
    for one in asked:
        blocks += _one(one, person, now, waits=one in open_)
    if left:
        blocks.append(
            context("I remind you once a day at most, and five times in all. Away? Say so in my Home tab.")
        )
    return Said(text, tuple(blocks), "nudge", {"brief": "-", "slot": f"nudge:{person}:{day}"})


def _one(asked: Asked, person: str, now: datetime, *, waits: bool) -> list[Block]:
    brief = asked.brief
    title = escape(brief.wanted.title)
    name = f"<{asked.link}|{title}>" if asked.link else f"*{title}*"
    if not waits:
        return [context(f"{name} · {_closed(brief)}")]
    turn = waiting(brief)
    facts = [f"by <@{brief.requester}> in <#{brief.channel}>"]
    if turn.since is not None:
        facts.append(f"waiting since {when(turn.since)}")
    if brief.wanted.deadline is not None:
        late = "was due" if brief.wanted.deadline <= now else "due"
        facts.append(f"{late} {when(brief.wanted.deadline)}")
    blocks: list[Block] = [section(f"{name}\n{' · '.join(facts)}")]
    version = candidate(brief)
    if version is not None and asked.file is not None:
        blocks.append(image(asked.file, version.alt or f"{version.name} of {brief.wanted.title}"))
    row: list[Block] = []
    if version is not None:
        row.append(
            button(f"Approve {version.name}", "approve", f"{brief.id}|{version.name}", style="primary")
        )
    if asked.link is not None:
        row.append(link("Open the thread", "open", asked.link))
    row.append(
        button("Remind me in 3 days", "snooze", f"{brief.id}|3", spoken=f"Remind me of {title} in three days")
    )
    blocks.append(actions(*row))
    return blocks


def _closed(brief: Brief) -> str:
    if brief.stage is Stage.APPROVED and brief.approved:
        return f"approved: {brief.approved.version}, by <@{brief.approved.person}>"
    if brief.stage is Stage.WITHDRAWN:
        return "withdrawn"
    if brief.held is not None:
        return f"on hold, {brief.held}"
    return "does not wait for you now"
