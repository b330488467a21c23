"""Replies that are edited, deleted, explained, and read by a model, in whole threads."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from typing import Any

import pytest
from telling import CAMPAIGNS, PEOPLE, Story

from bot.engines.engine import OPEN, Asked, Reading, Till
from bot.errors import Declined
from bot.jobs import Consult, Edit
from bot.model import Wish
from handlers import consulting, editing, replies
from handlers.desk import Desk


async def test_an_edited_reply_is_done_as_it_stands_now(
    bot: Desk, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    await story.told("mia: /brief a bakery poster\nbot: [grid 1 2 3 4]")
    gate, edit = asyncio.Event(), editing.edit

    async def held(desk: Desk, job: Edit) -> None:
        await gate.wait()
        await edit(desk, job)

    monkeypatch.setattr(editing, "edit", held)
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


@pytest.mark.usefixtures("doubting")
async def test_what_a_person_meant_is_not_asked_again(bot: Desk, story: Story) -> None:
    await story.told("mia: /brief a bakery poster\nbot: [grid 1 2 3 4]\nsam: 2 but with the cap on")
    await story.told("sam presses Nothing, just talking\nsam: 2 but with the CAP on!")
    await story.settled()
    assert len(story.of("ask")) == 1


@pytest.fixture
def doubting(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bot is in doubt about everything with a cap or a hat in it."""
    sure = replies.read

    def doubtful(text: str, **context: Any) -> tuple[Wish, ...]:
        wishes = sure(text, **context)
        return tuple(replace(w, confidence=0.5) for w in wishes) if re.search("(?i)cap|hat", text) else wishes

    monkeypatch.setattr(replies, "read", doubtful)


class Model:
    """A language model that answers as it is told, or not at all."""

    name = "double"

    def __init__(self, answer: object, wait: float = 0.0) -> None:
        self.answer, self.wait = answer, wait
        self.heard: list[str] = []

    @property
    def asked(self) -> int:
        return len(self.heard)

    async def read(
        self, words: str, *, drafts: tuple[int, ...], schema: dict[str, Any], till: Till = OPEN
    ) -> Reading:
        await till.begin(Asked(self.name, "double-1", {}, 0.002))
        self.heard.append(words)
        if isinstance(self.answer, Exception):
            raise self.answer
        await asyncio.sleep(self.wait)
        return Reading(self.answer, "double-1", 0.002)


CLEAR = {
    "wishes": [{"kind": "background", "drafts": [2], "region": None, "colour": "#112233", "confidence": 0.9}]
}


@pytest.mark.usefixtures("doubting")
async def test_an_unclear_reply_goes_to_the_model_and_is_booked(bot: Desk, story: Story) -> None:
    bot.reader = model = Model(CLEAR)
    await story.told("mia: /brief a bakery poster\nbot: [grid 1 2 3 4]\nsam: love 3\nsam: lunch?")
    assert model.asked == 0  # what is clear, and what is not for us, stays here
    await story.told("sam: 2 but with the cap on\nbot: [before | after 2b]")
    assert model.asked == 1
    (brief,) = await bot.store.briefs()
    assert brief.usd >= 0.002


@pytest.mark.usefixtures("doubting")
@pytest.mark.parametrize(
    "model",
    [
        Model(CLEAR, wait=60.0),
        Model(Declined("no")),
        Model(ValueError("half an answer")),
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
    ids=["slow", "declines", "breaks", "rubbish", "no such draft", "words not said"],
)
async def test_without_a_good_answer_the_person_is_asked(bot: Desk, story: Story, model: Model) -> None:
    bot.reader = model
    await story.told("mia: /brief a bakery poster\nbot: [grid 1 2 3 4]\nsam: 2 but with the cap on")
    await story.until(lambda: bool(story.of("ask")), "a question")
    (brief,) = await bot.store.briefs()
    assert not brief.changes


@pytest.mark.usefixtures("doubting")
async def test_each_unclear_wish_of_the_form_is_read(bot: Desk, story: Story) -> None:
    bot.reader = Model(CLEAR)
    await story.told("mia: /brief a bakery poster\nbot: [grid 1 2 3 4]")
    (brief,) = await bot.store.briefs()
    sam = PEOPLE["sam"]
    for number, wish in enumerate(("2 but with the cap on", "2 but with the hat on")):
        await replies.say(bot, brief.id, sam, wish, channel=CAMPAIGNS, key=f"view:{number}")
        await story.settled()
    (brief,) = await bot.store.briefs()
    assert len(brief.changes) == 2


@pytest.mark.usefixtures("doubting")
async def test_a_model_sees_neither_quotes_nor_code_nor_what_was_deleted(
    bot: Desk, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot.reader = model = Model({"wishes": []})
    gate, consult = asyncio.Event(), consulting.consult

    async def held(desk: Desk, job: Consult) -> None:
        await gate.wait()
        await consult(desk, job)

    monkeypatch.setattr(consulting, "consult", held)
    await story.told("mia: /brief a bakery poster\nbot: [grid 1 2 3 4]\nsam: 2 but with the cap on")
    await story.told("sam deletes that")
    (brief,) = await bot.store.briefs()
    text = "2 but with the hat on\n&gt; make the background navy on 3\n```curl -H 'Bearer sk-1'```"
    await replies.say(bot, brief.id, PEOPLE["sam"], text, channel=CAMPAIGNS, key="view:9")
    gate.set()
    await story.settled()
    assert [w.strip() for w in model.heard] == ["2 but with the hat on"]


async def test_what_is_not_read_when_written_is_not_read_when_edited(bot: Desk, story: Story) -> None:
    await story.told("mia: /brief a bakery poster\nbot: [grid 1 2 3 4]")
    (brief,) = await bot.store.briefs()
    thread = story.card()["ts"]
    message = {"subtype": "me_message", "user": brief.approvers[0], "ts": "1799999990.1", "thread_ts": thread}
    event = {
        "type": "message",
        "subtype": "message_changed",
        "channel": CAMPAIGNS,
        "ts": "1799999999.1",
        "event_ts": "1799999999.1",
        "message": {**message, "text": "approve 3"},
        "previous_message": {**message, "text": "hm"},
    }
    await replies.written(bot, {"event_id": "E1", "team_id": "T", "authorizations": [], "event": event})
    await story.settled()
    (brief,) = await bot.store.briefs()
    assert brief.approved is None and not brief.questions
