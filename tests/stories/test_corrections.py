"""Replies that are edited, deleted, explained, and read by a model, in whole threads."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from telling import PEOPLE, Story

from bot.engines.engine import Reading
from bot.errors import Declined
from bot.jobs import Edit
from handlers import studio
from handlers.desk import Desk


async def test_an_edited_reply_is_done_as_it_stands_now(
    bot: Desk, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    await story.told("mia: /brief a bakery poster\nbot: [grid 1 2 3 4]")
    gate, edit = asyncio.Event(), studio.edit

    async def held(desk: Desk, job: Edit) -> None:
        await gate.wait()
        await edit(desk, job)

    monkeypatch.setattr(studio, "edit", held)
    await story.told("sam: make the background navy on 2\nsam edits: make the background #FFD400 on 3")
    gate.set()
    await story.told("bot: [before | after 3b]")
    await story.settled()
    (brief,) = await bot.store.briefs()
    assert [(x.draft, x.state) for x in brief.changes] == [(2, "withdrawn"), (3, "made")]


async def test_a_deleted_vote_is_gone(bot: Desk, story: Story) -> None:
    await story.told("mia: /brief a bakery poster\nbot: [grid 1 2 3 4]\nsam: love 3")
    (brief,) = await bot.store.briefs()
    assert brief.voters(3) == (PEOPLE["sam"],)
    await story.told("sam deletes that")
    (brief,) = await bot.store.briefs()
    assert brief.voters(3) == ()


async def test_chatter_that_is_edited_or_deleted_gets_nothing(bot: Desk, story: Story) -> None:
    await story.told("mia: /brief a bakery poster\nbot: [grid 1 2 3 4]")
    await story.settled()
    before = len(story.thread())
    await story.told("sam: lunch?\nsam edits: lunch at 1?\nsam deletes that")
    await story.settled()
    assert len(story.thread()) == before and not story.whispers("sam")


async def test_what_a_person_meant_is_not_asked_again(bot: Desk, story: Story) -> None:
    await story.told("mia: /brief a bakery poster\nbot: [grid 1 2 3 4]\nsam: 2 but with the cap on")
    await story.told("sam presses Nothing, just talking\nsam: 2 but with the CAP on!")
    await story.settled()
    assert len(story.of("ask")) == 1


class Model:
    """A language model that answers as it is told, or not at all."""

    name = "double"

    def __init__(self, answer: object, wait: float = 0.0) -> None:
        self.answer, self.wait, self.asked = answer, wait, 0

    async def read(self, words: str, *, drafts: tuple[int, ...], schema: dict[str, Any]) -> Reading:
        self.asked += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        await asyncio.sleep(self.wait)
        return Reading(self.answer, "double-1", 0.002)


CLEAR = {
    "wishes": [{"kind": "background", "drafts": [2], "region": None, "colour": "#112233", "confidence": 0.9}]
}


async def test_an_unclear_reply_goes_to_the_model_and_is_booked(bot: Desk, story: Story) -> None:
    bot.reader = model = Model(CLEAR)
    await story.told("mia: /brief a bakery poster\nbot: [grid 1 2 3 4]\nsam: love 3\nsam: lunch?")
    assert model.asked == 0  # what is clear, and what is not for us, stays here
    await story.told("sam: 2 but with the cap on\nbot: [before | after 2b]")
    assert model.asked == 1
    (brief,) = await bot.store.briefs()
    assert brief.usd >= 0.002


@pytest.mark.parametrize(
    "model",
    [
        Model(CLEAR, wait=60.0),
        Model(Declined("no")),
        Model("rubbish"),
        Model(
            {
                "wishes": [
                    {"kind": "background", "drafts": [9], "region": None, "colour": None, "confidence": 1}
                ]
            }
        ),
        Model(
            {
                "wishes": [
                    {"kind": "remove", "drafts": [2], "region": "a dog", "colour": None, "confidence": 1}
                ]
            }
        ),
    ],
    ids=["slow", "declines", "rubbish", "no such draft", "words not said"],
)
async def test_without_a_good_answer_the_person_is_asked(bot: Desk, story: Story, model: Model) -> None:
    bot.reader = model
    await story.told("mia: /brief a bakery poster\nbot: [grid 1 2 3 4]\nsam: 2 but with the cap on")
    await story.until(lambda: bool(story.of("ask")), "a question")
    (brief,) = await bot.store.briefs()
    assert not brief.changes
