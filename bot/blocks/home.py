"""The App Home: what waits for you, what you asked for, and the rules of the workspace for those who set them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.blocks.card import plain_status
from bot.blocks.kit import Block, actions, button, context, header, link, section, thumbnail, when
from bot.blocks.nudge import Asked, candidate
from bot.house import House
from bot.model import Brief
from bot.review.waiting import waiting
from bot.wording import escape, plural

MOST_WAITING, MOST_OWN = 8, 10
AWAY = (
    ("1", "Until tomorrow"),
    ("3", "For three days"),
    ("7", "For a week"),
    ("14", "For two weeks"),
    ("28", "For four"),
)


@dataclass(frozen=True, slots=True)
class Mine:
    """What one person's Home is made of: ``waits`` (the longest waiting first), ``own`` briefs (the newest first), the
    addresses of their threads by brief, and the rules as they are."""

    waits: Sequence[Asked]
    own: Sequence[Brief]
    links: Mapping[str, str]
    house: House
    admin: bool = False


def home(person: str, mine: Mine, now: datetime) -> dict[str, Any]:
    """One person's Home."""
    blocks: list[Block] = [header("Waiting for you")]
    for asked in mine.waits[:MOST_WAITING]:
        blocks += _waits(asked, now)
    if not mine.waits:
        blocks.append(section("Nothing. Enjoy the quiet."))
    elif (more := len(mine.waits) - MOST_WAITING) > 0:
        blocks.append(context(f"and {plural(more, 'more')}" if more > 1 else "and one more"))
    blocks.append(header("Your briefs"))
    blocks += [_own(b, mine.links) for b in mine.own[:MOST_OWN]] or [
        section("None yet. Type `/brief` in any channel I am in.")
    ]
    if (more := len(mine.own) - MOST_OWN) > 0:
        blocks.append(context(f"and {plural(more, 'more')}" if more > 1 else "and one more"))
    delegate = mine.house.delegate(person, now)
    if delegate is not None:
        until = next(a.until for a in mine.house.away if a.person == person and a.since <= now < a.until)
        blocks.append(
            section(
                f"You are away until {when(until, '{date_short_pretty}')}; <@{delegate}> decides for you."
            )
        )
    row = [button("New brief", "new_brief", person, style="primary")]
    row.append(button("I am back", "back", person) if delegate else button("I am away", "away", person))
    if mine.admin:
        row.append(button("Settings", "house", person, spoken="Who approves, emoji, working hours"))
    blocks.append(actions(*row))
    return {"type": "home", "blocks": blocks}


def _waits(asked: Asked, now: datetime) -> list[Block]:
    brief, turn = asked.brief, waiting(asked.brief)
    title = escape(brief.wanted.title)
    name = f"<{asked.link}|{title}>" if asked.link else f"*{title}*"
    facts = [f"by <@{brief.requester}> in <#{brief.channel}>"]
    if turn.since is not None:
        facts.append(f"since {when(turn.since)}")
    if brief.wanted.deadline is not None:
        facts.append(("*was due* " if brief.wanted.deadline <= now else "due ") + when(brief.wanted.deadline))
    row: list[Block] = []
    version = candidate(brief)
    if version is not None:
        row.append(
            button(f"Approve {version.name}", "approve", f"{brief.id}|{version.name}", style="primary")
        )
    if asked.link is not None:
        row.append(link("Open the thread", "open", asked.link))
    said = section(f"{name}\n{' · '.join(facts)}")
    if version is not None and asked.file is not None:
        said["accessory"] = thumbnail(asked.file, version.alt or f"{version.name} of {brief.wanted.title}")
    return [said, actions(*row)] if row else [said]


def _own(brief: Brief, links: Mapping[str, str]) -> Block:
    title = escape(brief.wanted.title)
    address = links.get(brief.id)
    name = f"<{address}|{title}>" if address else f"*{title}*"
    return section(
        f"{name}\n{plain_status(brief)} · {when(brief.submitted_at, '{date_short_pretty}')} · <#{brief.channel}>"
    )
