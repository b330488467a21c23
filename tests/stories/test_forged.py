"""What nobody of ours has sent: forged, replayed and foreign actions are refused, logged, and change nothing."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest
from telling import CAMPAIGNS, PEOPLE, Story

from handlers.desk import Desk
from storage import documents

BRIEF = (
    "mia: /brief Winter sale for Lumen, square\nbot: [grid 1 2 3 4]\nsam: make the background #FFD400 on 2\n"
)
BRIEF += "bot: [before | after 2b]"


async def kept(desk: Desk) -> str:
    await asyncio.sleep(0.3)
    (brief,) = await desk.store.briefs()
    return documents.dumped(brief)


def button(action: str, value: str) -> dict[str, Any]:
    return {
        "type": "button",
        "action_id": action,
        "block_id": "b",
        "value": value,
        "text": {"type": "plain_text", "text": "x"},
    }


FORGED = (
    ("approve", "BNOTHERE00|2"),
    ("approve", "{id}|9z"),
    ("approve", "{id}"),
    ("approve", ""),
    ("approve", "|||"),
    ("take_back", "{id}"),
    ("undo", "{id}|2"),
    ("restore", "{id}|nothing"),
    ("vote", "{id}|two"),
    ("answer:0", "{id}|99|0"),
    ("answer:0", "{id}|1|-1"),
    ("others", "{id}|7"),
    ("look:1", "x"),
    ("clip", "x"),
    ("layers", "{id}|9z"),
    ("post_again", "{id}|x"),
    ("snooze", "{id}|soon"),
    ("resume", "{id}"),
)


async def test_a_button_that_nobody_has_drawn_changes_nothing(bot: Desk, story: Story) -> None:
    await story.told(BRIEF)
    (brief,) = await bot.store.briefs()
    before, message = await kept(bot), await story.slot("version:2b")
    for action, value in FORGED:
        given = button(action, value.replace("{id}", brief.id))
        ack = await story.sandbox.people.click(PEOPLE["lea"], given, channel=CAMPAIGNS, ts=message["ts"])
        assert ack.ok and await kept(bot) == before, (action, value)


async def test_a_button_pressed_by_somebody_without_the_right_is_a_vote_at_most(
    bot: Desk, story: Story
) -> None:
    await story.told(BRIEF)
    (brief,) = await bot.store.briefs()
    message = await story.slot("version:2b")
    await story.sandbox.people.click(
        PEOPLE["sam"], button("approve", f"{brief.id}|2b"), channel=CAMPAIGNS, ts=message["ts"]
    )
    await story.told("only sam sees: The approval of this brief comes from")
    (brief,) = await bot.store.briefs()
    assert not brief.approvals and brief.voters(2) == (PEOPLE["sam"],)
    before = await kept(bot)
    for action in ("withdraw", "stop"):
        await story.sandbox.people.click(
            PEOPLE["sam"], button(action, brief.id), channel=CAMPAIGNS, ts=message["ts"]
        )
    assert await kept(bot) == before


async def test_the_same_press_delivered_again_is_one_press(bot: Desk, story: Story) -> None:
    await story.told(BRIEF)
    (brief,) = await bot.store.briefs()
    message, deliver = await story.slot("version:2b"), story.sandbox.delivery.send
    sent: list[tuple[str, dict[str, Any]]] = []

    async def noted(kind: str, payload: dict[str, Any], *rest: Any, **more: Any) -> Any:
        sent.append((kind, payload))
        return await deliver(kind, payload, *rest, **more)

    story.sandbox.delivery.send = noted  # type: ignore[method-assign]
    await story.sandbox.people.click(
        PEOPLE["lea"], button("again", f"{brief.id}|2b"), channel=CAMPAIGNS, ts=message["ts"]
    )
    for kind, payload in [*sent] * 3:
        await deliver(kind, payload)
    await story.settled()
    (brief,) = await bot.store.briefs()
    assert len(brief.changes) == 2


async def test_a_form_of_another_workspace_is_refused_and_logged(
    bot: Desk, story: Story, caplog: pytest.LogCaptureFixture
) -> None:
    await story.told(BRIEF)
    caplog.set_level(logging.WARNING)
    before, views = await kept(bot), story.sandbox.workspace.views
    await story.press("mia", "Hold")
    await story.until(lambda: bool(views), "the form")
    (view,) = views.values()
    view.view["app_installed_team_id"] = "T0ANOTHER0"
    why = {"value": "Waiting for legal", "text": {"type": "plain_text", "text": "Waiting for legal"}}
    values = {
        "reason": {"value": {"type": "static_select", "selected_option": why}},
        "words": {"value": {"type": "plain_text_input", "value": ""}},
    }
    await story.sandbox.people.submit(PEOPLE["mia"], view.id, values)
    assert await kept(bot) == before and "T0ANOTHER0" in caplog.text
