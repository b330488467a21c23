"""A crowd: five hundred reactions at once on one grid are counted exactly, and the card does not flicker."""

from __future__ import annotations

import time
from itertools import pairwise
from typing import Any

import pytest
from conftest import Start
from telling import CAMPAIGNS, PEOPLE, Story, text_of

from bot.sandbox.workspace import User

EMOJI = ("one", "two", "three", "four")


async def test_five_hundred_reactions_at_once_are_counted_exactly(
    start: Start, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = story.sandbox.workspace
    crowd = [f"U0CROWD{n:03d}" for n in range(125)]
    for person in crowd:
        workspace.users[person] = User(person, person.lower(), person, "Guest")
        workspace.channels[CAMPAIGNS].members.append(person)
    async with start(pace=1.0) as desk:
        await story.told("mia: /brief Winter sale for Lumen, square\nbot: [grid 1 2 3 4]\ncard: In review")
        grid, changed, update = await story.slot("grid:1"), [], desk.chat.update
        root = story.card() or {}

        async def noted(channel: str, ts: str, said: Any) -> None:
            changed.extend([time.monotonic()] * (ts == root["ts"]))
            await update(channel, ts, said)

        monkeypatch.setattr(desk.chat, "update", noted)
        for person in crowd:
            for name in EMOJI:
                story.sandbox.people.react(person, CAMPAIGNS, grid["ts"], name)
        await story.sandbox.delivery.quiet()

        async def counted() -> list[int]:
            brief = (await desk.store.briefs())[0]
            return [len(brief.voters(n)) for n in (1, 2, 3, 4)]

        while await counted() != [125] * 4:
            await story.settled(0.2)
        for person in crowd[:25]:  # some change their minds
            story.sandbox.people.react(person, CAMPAIGNS, grid["ts"], "one")
        await story.told("card: *1* ●●●●●●●●●● 100")
        await story.settled(2.5)
        assert await counted() == [100, 125, 125, 125]
        assert "*2* ●●●●●●●●●● 125" in text_of(story.card() or {})
        gaps = [b - a for a, b in pairwise(changed)]
        assert len(changed) >= 2 and min(gaps) >= 0.99
        assert [v for v in (await desk.store.briefs())[0].votes if v.person in PEOPLE.values()] == []
