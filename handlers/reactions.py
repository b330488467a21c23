"""An emoji on a draft is a vote, a tick an approval, 🔁 a new round; any other emoji is nobody's business."""

from __future__ import annotations

from typing import Any

from bot.commands import Approve, CastVote, Command, Redraw, TakeBack
from bot.errors import Refused
from bot.house import NUMBERS, Emoji, plain
from bot.model import Message
from handlers.desk import Desk

VOTES = {name: number for number, name in enumerate(NUMBERS, 1)}
VOTABLE = ("card", "grid", "version")


async def added(desk: Desk, body: dict[str, Any]) -> None:
    """reaction_added"""
    await _take(desk, body, put=True)


async def removed(desk: Desk, body: dict[str, Any]) -> None:
    """reaction_removed: taking it back counts too."""
    await _take(desk, body, put=False)


async def _take(desk: Desk, body: dict[str, Any], *, put: bool) -> None:
    event = body["event"]
    name, emoji = plain(event["reaction"]), (await desk.house()).emoji
    if event["item"].get("type") != "message" or (name not in VOTES and emoji.means(name) is None):
        return
    channel, person = event["item"]["channel"], event["user"]
    message = await desk.message_at(body, event.get("item_user"), channel, event["item"]["ts"])
    if message is None or message.slot.split(":")[0] not in VOTABLE or await desk.chat.is_bot(person):
        return
    command = meant(message, person, name, emoji, put=put, at=float(event.get("event_ts") or 0))
    if command is None:
        return
    key = f"event:{body['event_id']}"
    try:
        await desk.perform(command, key)
    except Refused as refused:
        await desk.tell(person, str(refused), channel=channel, brief=message.brief, key=key)


def meant(message: Message, person: str, name: str, emoji: Emoji, *, put: bool, at: float) -> Command | None:
    """The command an emoji on one of our messages stands for. ``at`` is Slack's event_ts."""
    brief = message.brief
    what, _, which = message.slot.partition(":")
    version = which if what == "version" else None
    sign = f"{name}:{message.ts}:{person}"
    if number := VOTES.get(name):
        return CastVote(brief, person, number, sign, at) if put else TakeBack(brief, person, sign, at)
    match emoji.means(name):
        case "redraw":
            base = int("".join(c for c in version if c.isdigit())) if version else None
            return Redraw(brief, person, base=base) if put else None
        case "approve":
            seen = f"{message.channel}/{message.ts}"
            return (
                Approve(brief, person, version, sign, at, seen) if put else TakeBack(brief, person, sign, at)
            )
    return None
