"""App Home: what waits for a person, with its picture and button; being away; and the rules an admin sets."""

from __future__ import annotations

from typing import Any

import pytest
from telling import PEOPLE, Story

from handlers.desk import Desk

BRIEF = "mia: /brief Winter sale for Lumen, square\nbot: [grid 1 2 3 4]\n"


async def home(story: Story, who: str, says: str) -> dict[str, Any]:
    """Somebody's Home once it says something."""
    homes = story.sandbox.workspace.homes
    story.sandbox.people.home(PEOPLE[who])
    await story.until(lambda: says in str(homes.get(PEOPLE[who])), f"{who}'s home with {says!r}")
    return homes[PEOPLE[who]]


async def press(story: Story, who: str, label: str) -> None:
    view = story.sandbox.workspace.homes[PEOPLE[who]]
    button = next(
        {**e, "block_id": b["block_id"]}
        for b in view["blocks"]
        for e in b.get("elements") or ()
        if e.get("type") == "button" and e["text"]["text"] == label
    )
    await story.sandbox.people.click(PEOPLE[who], button, view="home")
    await story.sandbox.delivery.quiet()


async def form(story: Story, before: set[str]) -> Any:
    workspace = story.sandbox.workspace
    await story.until(lambda: bool(set(workspace.views) - before), "a form")
    return workspace.views[(set(workspace.views) - before).pop()]


def picked(value: str) -> dict[str, Any]:
    return {
        "value": {
            "type": "static_select",
            "selected_option": {"value": value, "text": {"type": "plain_text", "text": value}},
        }
    }


def people(*names: str) -> dict[str, Any]:
    return {"value": {"type": "multi_users_select", "selected_users": [PEOPLE[n] for n in names]}}


def typed(text: str) -> dict[str, Any]:
    return {"value": {"type": "plain_text_input", "value": text}}


def rules(**changes: Any) -> dict[str, Any]:
    usual = {
        "approvers": people("lea", "noor"),
        "rule": picked("all"),
        "final": people(),
        "fallback": people(),
        "requester": picked("yes"),
        "rounds": picked("anyone"),
        "approve": typed(":white_check_mark: :heart::skin-tone-2:"),
        "redraw": typed(":repeat:"),
        "hours": typed("8-17"),
        "holidays": typed("2026-12-25"),
        "after": typed("4"),
    }
    return {**usual, **changes}


async def test_what_waits_can_be_approved_from_home(bot: Desk, story: Story) -> None:
    await story.told(BRIEF + "sam reacts two on grid:1\ncard: 2")
    view = await home(story, "lea", "Approve 2")
    assert any((b.get("accessory") or {}).get("type") == "image" for b in view["blocks"])
    assert "Settings" not in str(view)
    await home(story, "sam", "Enjoy the quiet")
    await press(story, "lea", "Approve 2")
    await story.told("bot: Approved: 2, by")
    await home(story, "lea", "Enjoy the quiet")
    (approval,) = (await bot.store.briefs())[0].approvals
    assert approval.seen.startswith("home/")


async def test_while_somebody_is_away_another_decides_for_them(bot: Desk, story: Story) -> None:
    await story.told(BRIEF)
    await home(story, "lea", "I am away")
    before = set(story.sandbox.workspace.views)
    await press(story, "lea", "I am away")
    view = await form(story, before)
    await story.sandbox.people.submit(
        PEOPLE["lea"], view.id, {"delegate": people("lea"), "days": picked("7")}
    )
    assert "Somebody else" in str(story.sandbox.workspace.views[view.id].errors)
    await story.sandbox.people.submit(
        PEOPLE["lea"], view.id, {"delegate": people("tom"), "days": picked("7")}
    )
    await home(story, "lea", "You are away until")
    await home(story, "tom", "Winter sale")
    await story.told(f"tom: 2 is approved\nbot: Approved: 2, by\nbot: as delegate of <@{PEOPLE['lea']}>")
    await story.until(
        lambda: any("you decide for them" in str(ms) for ms in story.sandbox.workspace.messages.values()),
        "Tom is told",
    )
    await press(story, "lea", "I am back")
    await home(story, "lea", "I am away")


async def test_an_admin_sets_who_approves_and_which_emoji(bot: Desk, story: Story) -> None:
    await home(story, "tom", "Settings")
    before = set(story.sandbox.workspace.views)
    await press(story, "tom", "Settings")
    view = await form(story, before)
    submit = story.sandbox.people.submit
    await submit(
        PEOPLE["tom"], view.id, rules(redraw=typed(":heart:"), hours=typed("18-9"), holidays=typed("x"))
    )
    errors = story.sandbox.workspace.views[view.id].errors
    assert set(errors) == {"redraw", "hours", "holidays"} and ":heart:" in errors["redraw"]
    assert "heart" not in (await bot.house()).emoji.approve
    await submit(PEOPLE["tom"], view.id, rules())
    house = await bot.house()
    assert (house.hours.start, house.hours.end, house.after) == (8, 17, 4)
    changed = [e async for e in bot.store.events() if e.kind == "setting_changed"]
    assert [e.by for e in changed] == [PEOPLE["tom"]]
    await story.told(BRIEF + "card: all of")
    await story.told("lea: 2 is approved\nbot: 2: approved by\nnoor presses Approve 2\nbot: Approved: 2, by")


async def test_an_emoji_nobody_has_configured_does_nothing(bot: Desk, story: Story) -> None:
    await story.told(BRIEF + "sam: make the background #FFD400 on 2\nbot: [before | after 2b]")
    for name in ("eyes", "-1", "heart", "+1"):
        await story.told(f"lea reacts {name} on version:2b")
    await story.settled()
    assert not (await bot.store.briefs())[0].approvals
    await story.told("lea reacts heavy_check_mark on version:2b\nbot: Approved: 2b, by")


@pytest.mark.parametrize("who", ["sam", "lea"])
async def test_nobody_but_an_admin_sets_the_rules(who: str, bot: Desk, story: Story) -> None:
    """Forged: the form is sent without its button."""
    await home(story, "tom", "Settings")
    before = set(story.sandbox.workspace.views)
    await press(story, "tom", "Settings")
    view = await form(story, before)
    story.sandbox.workspace.views[view.id].user = PEOPLE[who]
    await story.sandbox.people.submit(PEOPLE[who], view.id, rules())
    assert "Only an admin" in str(story.sandbox.workspace.views[view.id].errors)
    assert not (await bot.house()).everywhere.approvers


async def test_a_channel_may_have_rules_of_its_own(bot: Desk, story: Story) -> None:
    await story.told("mia: /brief rules\nonly mia sees: In this channel a brief is approved by")
    before = set(story.sandbox.workspace.views)
    await story.told("tom: /brief rules")
    view = await form(story, before)
    await story.sandbox.people.submit(
        PEOPLE["tom"], view.id, rules(approvers=people("noor"), rule=picked("any"))
    )
    await story.told(BRIEF)
    await story.told("lea: 2 is approved")
    await story.told(
        "only lea sees: The approval of this brief comes from\nnoor: 2 is approved\nbot: Approved: 2, by"
    )


async def test_a_draft_is_rejected_with_a_reason_from_its_message(bot: Desk, story: Story) -> None:
    await story.told(BRIEF + "sam: make the background #FFD400 on 2\nbot: [before | after 2b]")
    before = set(story.sandbox.workspace.views)
    await story.press("lea", "Reject")
    view = await form(story, before)
    given = {"reason": picked("Off brand"), "words": typed("the yellow is not ours")}
    await story.sandbox.people.submit(PEOPLE["lea"], view.id, given)
    await story.told("bot: rejects 2b: Off brand: the yellow is not ours\ncard: rejected: 2b")
    before = set(story.sandbox.workspace.views)
    await story.press("sam", "Open 2")
    view = await form(story, before)
    await story.until(lambda: "Approve 2b" in str(view.view), "the draft")
