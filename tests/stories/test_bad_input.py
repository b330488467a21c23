"""Bad input gets a clear answer to that person only, or nothing where nothing is right; nothing is lost or drawn."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from matplotlib import cbook
from PIL import Image
from telling import CAMPAIGNS, PEOPLE, Story

from bot import prompts
from bot.imaging.picture import opened, png
from bot.sandbox.workspace import BOT_USER
from handlers import pictures
from handlers.desk import Desk


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("/brief " + "x" * 5000, "5,000 characters"),
        ("/brief :tada: :tada:", "could not find words"),
        ("/brief a cat, 9 drafts", "one to 4 drafts"),
        ("/brief a cat by 2020-01-01", "has passed"),
        ("/brief poster 100x000", "cannot draw"),
        ("/brief help", "with what should change"),
        ("/digest tomorrow", "is not a week"),
    ],
)
async def test_a_command_that_cannot_be_done_is_answered_privately(
    bot: Desk, story: Story, text: str, says: str
) -> None:
    await story.told(f"mia: {text}\nonly mia sees: {says}")
    await story.settled(0.3)
    assert not story.messages() and not await bot.store.briefs()


async def test_a_bare_brief_opens_a_form_and_the_form_starts_a_brief(bot: Desk, story: Story) -> None:
    people, workspace = story.sandbox.people, story.sandbox.workspace
    await people.say(PEOPLE["mia"], CAMPAIGNS, "/brief")
    await story.until(lambda: bool(workspace.views), "the form")
    (view,) = workspace.views.values()
    assert view.view["callback_id"] == "brief"

    def filled(text: str | None, due: int | None = None) -> dict[str, object]:
        return {
            "text": {"value": {"type": "plain_text_input", "value": text}},
            "placement": {"value": {"type": "static_select", "selected_option": {"value": "9:16"}}},
            "headline": {"value": {"type": "plain_text_input", "value": "Hello"}},
            "count": {"value": {"type": "static_select", "selected_option": {"value": "2"}}},
            "approvers": {"value": {"type": "multi_users_select", "selected_users": [PEOPLE["tom"]]}},
            "deadline": {"value": {"type": "datetimepicker", "selected_date_time": due}},
        }

    await people.submit(PEOPLE["mia"], view.id, filled("🎉"))
    assert "could not find words" in view.errors["text"]
    await people.submit(PEOPLE["mia"], view.id, filled("a cat", due=1_000_000))
    assert "passed" in view.errors["deadline"]
    await people.submit(PEOPLE["mia"], view.id, filled("a cat"))
    assert view.id not in workspace.views
    await story.line("bot: [grid 1 2]")
    (brief,) = await bot.store.briefs()
    assert (brief.wanted.placement.name, brief.wanted.headline, brief.approvers) == (
        "9:16",
        "Hello",
        (PEOPLE["tom"],),
    )


async def test_numbers_that_are_no_draft_and_emoji_nobody_configured(bot: Desk, story: Story) -> None:
    await story.told(
        """
        mia: /brief a cat in the rain
        bot: [grid 1 2 3 4]
        sam reacts seven on grid:1
        only sam sees: There is no draft 7
        sam: make the background navy on 9
        only sam sees: There is no draft 9
        """
    )
    before = len(story.thread()), len(story.whispers("noor"))
    await story.line("noor reacts taco on grid:1")
    await story.settled()
    assert (len(story.thread()), len(story.whispers("noor"))) == before


async def test_reactions_on_other_messages_do_nothing(bot: Desk, story: Story) -> None:
    theirs = await story.sandbox.people.say(PEOPLE["mia"], CAMPAIGNS, "good morning")
    assert theirs is not None
    story.sandbox.people.react(PEOPLE["sam"], CAMPAIGNS, theirs["ts"], "white_check_mark")
    await story.settled(0.3)
    assert len(story.messages()) == 1 and not await bot.store.briefs()


async def test_a_photograph_dropped_into_the_thread_is_edited_and_nothing_else_moves(
    bot: Desk, story: Story
) -> None:
    photo = Path(str(cbook.get_sample_data("grace_hopper.jpg", asfileobj=False))).read_bytes()
    await story.told("mia: /brief a portrait, one draft\nbot: [grid 1]")
    card = story.card()
    file = story.sandbox.people.upload(PEOPLE["mia"], "grace.jpg", photo)
    await story.sandbox.people.say(PEOPLE["mia"], CAMPAIGNS, "", thread=card and card["ts"], files=(file.id,))
    await story.told("bot: brought by\nsam: make the top left corner #0057B8 on 2\nbot: [before | after 2b]")
    (brief,) = await bot.store.briefs()
    before, after = brief.version("2"), brief.version("2b")
    assert before and after and after.mask
    mask = np.asarray(await pictures.mask(bot, after.mask)) > 0
    a = np.asarray((await pictures.subject(bot, before)).picture)
    b = np.asarray((await pictures.subject(bot, after)).picture)
    assert (a == np.asarray(opened(photo))).all()
    assert (a[~mask] == b[~mask]).all() and (a[mask] != b[mask]).any()


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("notes.png", b"these are notes, not a picture", "notes.png is not a picture"),
        ("half.png", png(Image.effect_noise((300, 300), 40))[:2000], "half.png is damaged"),
        ("wide.png", png(Image.new("1", (9000, 10))), "wide.png is 9000 x 10"),
    ],
)
async def test_a_file_that_is_no_picture_is_answered_privately(
    bot: Desk, story: Story, name: str, data: bytes, says: str
) -> None:
    await story.told("mia: /brief a cat, one draft\nbot: [grid 1]")
    card = story.card()
    file = story.sandbox.people.upload(PEOPLE["sam"], name, data)
    await story.sandbox.people.say(PEOPLE["sam"], CAMPAIGNS, "", thread=card and card["ts"], files=(file.id,))
    await story.line(f"only sam sees: {says}")
    (brief,) = await bot.store.briefs()
    assert len(brief.drafts) == 1


async def test_a_brief_from_a_message_uses_its_words_and_its_picture(bot: Desk, story: Story) -> None:
    people, workspace = story.sandbox.people, story.sandbox.workspace
    picture = png(Image.effect_noise((300, 200), 80).convert("RGB"))
    file = people.upload(PEOPLE["mia"], "ref.png", picture)
    message = await people.say(PEOPLE["mia"], CAMPAIGNS, "Poster for our new bread", files=(file.id,))
    assert message is not None
    await people.shortcut(PEOPLE["mia"], "brief_from_message", CAMPAIGNS, message["ts"])
    await story.until(lambda: bool(workspace.views), "the form")
    (view,) = workspace.views.values()
    text = view.view["blocks"][0]["element"]["initial_value"]
    await people.submit(
        PEOPLE["mia"], view.id, {"text": {"value": {"type": "plain_text_input", "value": text}}}
    )
    await story.line("bot: [grid 1 2 3 4]")
    (brief,) = await bot.store.briefs()
    assert brief.wanted.text == "Poster for our new bread" and len(brief.wanted.references) == 1
    await story.told("sam: make the background #336699 on 2\nbot: [before | after 2b]")
    (brief,) = await bot.store.briefs()
    before, after = brief.version("2"), brief.version("2b")
    assert before and after and after.mask
    outside = np.asarray(await pictures.mask(bot, after.mask)) == 0
    a = np.asarray((await pictures.subject(bot, before)).picture)
    b = np.asarray((await pictures.subject(bot, after)).picture)
    assert (a[outside] == b[outside]).all() and (a != b).any()


async def test_a_command_with_a_file_is_said_to_be_impossible(bot: Desk, story: Story) -> None:
    file = story.sandbox.people.upload(PEOPLE["mia"], "a.png", b"x")
    await story.sandbox.people.say(PEOPLE["mia"], CAMPAIGNS, "/brief a cat", files=(file.id,))
    await story.line("only mia sees: cannot be sent with a file")


async def test_a_channel_without_the_bot_tells_the_requester_by_message(bot: Desk, story: Story) -> None:
    await story.sandbox.people.command(PEOPLE["mia"], "C00RANDOM0", "/brief", "a cat")
    direct = "D" + PEOPLE["mia"][1:]
    await story.until(lambda: bool(story.sandbox.workspace.messages.get(direct)), "a direct message")
    (said,) = story.sandbox.workspace.messages[direct]
    assert "/invite @Proofthread" in said["text"] and said["user"] == BOT_USER


async def test_a_draft_is_opened_large_voted_for_and_changed(bot: Desk, story: Story) -> None:
    people, workspace = story.sandbox.people, story.sandbox.workspace
    await story.told("mia: /brief a cat\nbot: [grid 1 2 3 4]\nsam presses Open 2")
    await story.until(
        lambda: any(b["type"] == "image" for v in workspace.views.values() for b in v.view["blocks"]),
        "a picture",
    )
    (view,) = workspace.views.values()
    (row,) = [b for b in view.view["blocks"] if b["type"] == "actions"]
    await people.click(PEOPLE["sam"], {**row["elements"][0], "block_id": row["block_id"]}, view=view.id)
    await story.line("card: *2* ● 1")
    wish = {"wish": {"value": {"type": "plain_text_input", "value": "make the background #336699"}}}
    await people.submit(PEOPLE["sam"], view.id, wish)
    await story.line("bot: [before | after 2b]")


async def test_the_form_takes_the_kind_of_work_the_offer_and_a_budget(bot: Desk, story: Story) -> None:
    people, workspace = story.sandbox.people, story.sandbox.workspace
    await people.say(PEOPLE["mia"], CAMPAIGNS, "/brief")
    await story.until(lambda: bool(workspace.views), "the form")
    (view,) = workspace.views.values()

    def text(value: str) -> dict[str, object]:
        return {"value": {"type": "plain_text_input", "value": value}}

    def filled(budget: str) -> dict[str, object]:
        return {
            "text": text("Autumn menu for Lumen"),
            "template": {"value": {"type": "static_select", "selected_option": {"value": "menu"}}},
            "placement": {"value": {"type": "static_select", "selected_option": {"value": "square"}}},
            "offer": text("two for one"),
            "action": text("Book a table"),
            "audience": text(""),
            "budget": text(budget),
        }

    await people.submit(PEOPLE["mia"], view.id, filled("a lot"))
    assert "An amount in dollars" in view.errors["budget"]
    await people.submit(PEOPLE["mia"], view.id, filled("$2,50"))
    await story.told("card: offer “two for one”\ncard: call to action “Book a table”\nbot: [grid 1 2 3 4]")
    (brief,) = await bot.store.briefs()
    assert (brief.budget, brief.wanted.template, brief.wanted.audience) == (2.5, "menu", None)
    assert brief.wanted.placement.ratio == pytest.approx(2 / 3, abs=0.01)
    told = prompts.draw(brief.wanted, "", 0)
    assert "A menu cover" in told and "two for one" in told and "Book a table" in told


async def test_home_shows_what_waits(bot: Desk, story: Story) -> None:
    await story.told("mia: /brief a cat\nbot: [grid 1 2 3 4]")
    story.sandbox.people.home(PEOPLE["lea"])
    homes = story.sandbox.workspace.homes
    await story.until(lambda: "A cat" in str(homes.get(PEOPLE["lea"])), "Lea's home")
