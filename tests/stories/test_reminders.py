"""A thread that would rot: who owes the decision hears of it by direct message, with the picture and the button."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from conftest import Start
from telling import PEOPLE, Story, payload, text_of

from handlers import nudging
from handlers.desk import Desk

BRIEF = "mia: /brief Winter sale for Lumen, square\nbot: [grid 1 2 3 4]\n"
"""Lea approves, by the workspace's rule."""


def at_ten(days: int) -> datetime:
    """Ten o’clock in New York (where Lea is) on the Tuesday after next, and so many days later."""
    now = datetime.now(UTC)
    tuesday = now + timedelta(days=(1 - now.weekday()) % 7 + 7 + days)
    return tuesday.replace(hour=15, minute=5, second=0, microsecond=0)


def nudges(story: Story, who: str) -> list[dict[str, Any]]:
    """The reminders in somebody's direct messages."""
    return [
        m
        for messages in story.sandbox.workspace.messages.values()
        for m in messages
        if payload(m).get("slot", "").startswith(f"nudge:{PEOPLE[who]}")
    ]


async def looked(desk: Desk, at: datetime) -> None:
    desk.now = lambda: at
    await nudging.look(desk)


async def test_who_owes_it_hears_once_a_day_with_the_picture_and_the_button(bot: Desk, story: Story) -> None:
    await story.told(BRIEF + "sam reacts two on grid:1\ncard: 2")
    await looked(bot, at_ten(0))
    await story.until(lambda: bool(nudges(story, "lea")), "a reminder")
    await looked(bot, at_ten(0) + timedelta(minutes=30))
    await story.settled()
    (first,) = nudges(story, "lea")
    assert "1 brief waits for your decision" in text_of(first) and "Winter sale" in text_of(first)
    assert any(b["type"] == "image" for b in first["blocks"]) and "Approve 2" in text_of(first)
    assert not [n for who in PEOPLE if who != "lea" for n in nudges(story, who)]
    await looked(bot, at_ten(1))
    await story.until(lambda: len(nudges(story, "lea")) == 2, "the next day's")
    sent = [e.data["to"] async for e in bot.store.events() if e.kind == "reminder_sent"]
    assert sent == [PEOPLE["lea"]] * 2


async def test_the_button_in_the_reminder_decides_and_the_reminder_says_so(bot: Desk, story: Story) -> None:
    await story.told(BRIEF + "sam reacts two on grid:1\ncard: 2")
    await looked(bot, at_ten(0))
    await story.until(lambda: bool(nudges(story, "lea")), "a reminder")
    (message,) = nudges(story, "lea")
    button = next(
        {**e, "block_id": b["block_id"]}
        for b in message["blocks"]
        for e in b.get("elements") or ()
        if e.get("type") == "button" and e["text"]["text"] == "Approve 2"
    )
    channel = next(c for c, ms in story.sandbox.workspace.messages.items() if message in ms)
    await story.sandbox.people.click(PEOPLE["lea"], button, channel=channel, ts=message["ts"])
    await story.told("bot: Approved: 2, by")
    await story.until(
        lambda: "Nothing waits for you any more" in text_of(nudges(story, "lea")[0]), "the truth"
    )
    (approval,) = (await bot.store.briefs())[0].approvals
    assert approval.seen == f"{channel}/{message['ts']}"


async def test_on_hold_nobody_hears_and_the_card_says_why(bot: Desk, story: Story) -> None:
    await story.told(BRIEF)
    await story.press("mia", "Hold")
    views = story.sandbox.workspace.views
    await story.until(lambda: bool(views), "the form")
    (view,) = views.values()
    why = {"value": "Waiting for legal", "text": {"type": "plain_text", "text": "Waiting for legal"}}
    values = {
        "reason": {"value": {"type": "static_select", "selected_option": why}},
        "words": {"value": {"type": "plain_text_input", "value": "they are on holiday"}},
    }
    await story.sandbox.people.submit(PEOPLE["mia"], view.id, values)
    await story.told("card: On hold\ncard: Waiting for legal: they are on holiday")
    await looked(bot, at_ten(0))
    await story.settled()
    assert not nudges(story, "lea")
    await story.told("mia presses Go on\ncard: Waiting for")
    await looked(bot, at_ten(1))
    await story.until(lambda: bool(nudges(story, "lea")), "a reminder")


async def test_two_of_three_approve_and_the_thread_says_who_is_missing(start: Start, story: Story) -> None:
    async with start() as desk:
        await story.told(
            "mia: /brief Winter sale for Lumen, square, approval: 2 of @lea @tom @noor\nbot: [grid 1 2 3 4]"
        )
        await story.told("card: 2 of\nlea: 2 is approved\nbot: 2: approved by")
        await story.told("card: 2 is approved by")
        await story.told("tom presses Approve 2\nbot: Approved: 2, by\ncard: Approved")
        brief = (await desk.store.briefs())[0]
        assert brief.policy.needed == 2 and brief.wanted.text == "Winter sale for Lumen, square"
        assert {a.person for a in brief.approvals} == {PEOPLE["lea"], PEOPLE["tom"]}
        await story.told("tom presses Take back\nbot: 2: approved by\ncard: In review")


async def test_who_has_too_much_to_decide_is_said_before_more_is_asked(bot: Desk, story: Story) -> None:
    await bot.settle(lambda house: replace(house, load=1), "load", PEOPLE["tom"])
    for name in ("Spring", "Summer"):
        await story.told(f"mia: /brief {name} poster for Lumen, square")
        await story.until(lambda: len(story.of("grid")) == 1, "a grid")
    await story.settled()
    await story.told("mia: /brief Poster three for Lumen, square")
    await story.told(f"only mia sees: <@{PEOPLE['lea']}> has 2 decisions waiting already")
    views = story.sandbox.workspace.views
    before = set(views)
    await story.told("mia: /brief")
    await story.until(lambda: bool(set(views) - before), "the form")
    assert "decisions waiting" in str([v.view for k, v in views.items() if k not in before])
