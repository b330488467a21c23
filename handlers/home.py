"""App Home shows a person what waits for them."""

from __future__ import annotations

from typing import Any

from bot.blocks.home import home
from bot.model import Stage
from handlers.desk import Desk


async def opened(desk: Desk, body: dict[str, Any]) -> None:
    """app_home_opened"""
    event = body["event"]
    if event.get("tab") == "home":
        desk.soon(publish(desk, event["user"], body["team_id"]))


async def publish(desk: Desk, person: str, team: str) -> None:
    """Render one person's Home from the database."""
    briefs = [b for b in await desk.store.briefs(team) if person in (b.requester, *b.approvers)]
    links = {}
    for brief in [b for b in briefs if b.stage is Stage.REVIEW or b.requester == person][-20:]:
        card = await desk.store.message(brief.id, "card")
        if card and card.ts:
            links[brief.id] = await desk.chat.permalink(card.channel, card.ts)
    await desk.chat.publish_home(person, home(person, briefs, links, desk.now()))
