"""A brief goes from /brief to an approved picture, as people would do it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from conftest import Start
from dbos import DBOS
from telling import PEOPLE, Story, payload, text_of

from bot.model import Stage
from handlers import clock
from handlers.desk import Desk


async def test_votes_a_fix_by_reply_and_an_approval(bot: Desk, story: Story) -> None:
    await story.told(
        """
        mia: /brief Summer sale poster for Park Avenue Bakery, 4:5, headline "Fresh at 7", by Friday
        bot: [grid 1 2 3 4]
        sam reacts two on grid:1
        noor reacts two on grid:1
        card: *2* ●● 2
        sam: make the background #FFD400 on 2
        bot: [before | after 2b]
        bot: is bit-identical
        lea presses Approve 2b
        bot: Approved: 2b
        card: Approved · 2b
        """
    )
    (brief,) = await bot.store.briefs()
    assert brief.stage is Stage.APPROVED and brief.approved is not None
    version = brief.version("2b")
    assert version is not None and version.sha256 == brief.approved.sha256
    assert version.changed_outside == 0 and version.mask is not None
    kinds = [e.kind async for e in bot.store.events()]
    assert kinds[0] == "brief_submitted"
    for kind in (
        "drafts_shown",
        "vote_cast",
        "reply_read",
        "change_requested",
        "edit_shown",
        "approval_given",
    ):
        assert kind in kinds
    assert kinds.count("brief_approved") == 1


async def test_a_vote_can_be_taken_back(bot: Desk, story: Story) -> None:
    await story.told(
        """
        mia: /brief a cat in the rain
        bot: [grid 1 2 3 4]
        sam reacts two on grid:1
        card: *2* ● 1
        sam takes back two on grid:1
        """
    )
    await story.until(lambda: "Votes" not in text_of(story.card() or {}), "no votes on the card")
    assert [e.kind async for e in bot.store.events() if "vote" in e.kind] == ["vote_cast", "vote_withdrawn"]


async def test_an_unclear_target_is_asked_about_and_not_guessed(bot: Desk, story: Story) -> None:
    await story.told(
        """
        mia: /brief a cat in the rain
        bot: [grid 1 2 3 4]
        sam: make the background #336699
        bot: on which draft?
        sam presses Change the background to #336699 on 3
        bot: [before | after 3b]
        """
    )
    (asked,) = story.of("ask")
    assert "Change the background to #336699 on 3" in text_of(asked)
    assert not any(e.get("type") == "button" for b in asked["blocks"] for e in b.get("elements", []))


async def test_the_leader_by_votes_is_meant_when_no_draft_is_named(bot: Desk, story: Story) -> None:
    await story.told(
        """
        mia: /brief a cat in the rain
        bot: [grid 1 2 3 4]
        sam reacts four on grid:1
        card: *4* ● 1
        noor: make the background #336699
        bot: [before | after 4b]
        """
    )


async def test_undo_and_bring_back(bot: Desk, story: Story) -> None:
    await story.told(
        """
        mia: /brief a cat in the rain
        bot: [grid 1 2 3 4]
        sam: make the background #336699 on 1
        bot: [before | after 1b]
        sam: undo
        bot: Undone: 1 is 1 again
        sam presses Bring 1b back
        bot: 1 is 1b again
        sam: make the background #AA3355 on 1
        bot: [before | after 1c]
        """
    )
    (brief,) = await bot.store.briefs()
    draft = brief.draft(1)
    assert draft is not None and [v.parent for v in draft.versions] == [None, "1", "1b"]


async def test_a_new_round_goes_on_with_the_numbers(bot: Desk, story: Story) -> None:
    await story.told(
        """
        mia: /brief a cat in the rain, two drafts
        bot: [grid 1 2]
        sam reacts repeat on grid:1
        bot: [grid 3 4]
        sam: new round, navy and gold
        bot: [grid 5 6]
        """
    )
    first, second = (m["blocks"][1]["slack_file"]["id"] for m in story.of("grid")[:2])
    files = story.sandbox.workspace.content
    assert files[first] != files[second]


async def test_a_tick_without_authority_is_a_vote_and_said_once_privately(bot: Desk, story: Story) -> None:
    await story.told(
        """
        mia: /brief a cat in the rain
        bot: [grid 1 2 3 4]
        sam: make the background #336699 on 1
        bot: [before | after 1b]
        sam reacts white_check_mark on version:1b
        card: *1* ● 1
        only sam sees: Your ✅ counts as a vote for 1
        sam takes back white_check_mark on version:1b
        sam reacts white_check_mark on version:1b
        """
    )
    await story.settled()
    assert sum("counts as a vote" in w["text"] for w in story.whispers("sam")) == 1
    (brief,) = await bot.store.briefs()
    assert brief.approved is None and not brief.approvals


async def test_a_tick_on_the_grid_asks_the_approver_which_one(bot: Desk, story: Story) -> None:
    await story.told(
        """
        mia: /brief a cat in the rain
        bot: [grid 1 2 3 4]
        lea reacts white_check_mark on grid:1
        bot: which one do you approve?
        lea presses Approve 3
        bot: Approved: 3
        """
    )


async def test_an_approval_taken_back_reopens_the_brief(bot: Desk, story: Story) -> None:
    await story.told(
        """
        mia: /brief a cat in the rain
        bot: [grid 1 2 3 4]
        sam: make the background #336699 on 1
        bot: [before | after 1b]
        lea reacts white_check_mark on version:1b
        card: Approved · 1b
        lea takes back white_check_mark on version:1b
        bot: The approval of 1b was taken back
        card: In review
        """
    )
    assert [e.kind async for e in bot.store.events()][-2:] == ["approval_withdrawn", "brief_reopened"]


async def test_the_approver_named_in_the_brief_decides(bot: Desk, story: Story) -> None:
    await story.told(
        """
        mia: /brief a cat in the rain, one draft, approver @tom
        bot: [grid 1]
        lea: approved
        card: *1* ● 1
        tom: approved
        bot: Approved: 1
        """
    )
    (brief,) = await bot.store.briefs()
    assert brief.approvers == (PEOPLE["tom"],)


async def test_chatter_gets_nothing_at_all(bot: Desk, story: Story) -> None:
    await story.told(
        """
        mia: /brief a cat in the rain
        bot: [grid 1 2 3 4]
        """
    )
    await story.settled()
    before = len(story.thread())
    for words in ("lunch?", "morning all", "don't touch the headline", "if legal is ok then 2"):
        await story.line(f"noor: {words}")
    await story.settled()
    assert len(story.thread()) == before + 4
    assert not story.whispers("noor")


async def test_a_question_about_the_brief_is_answered(bot: Desk, story: Story) -> None:
    await story.told(
        """
        mia: /brief a cat in the rain
        bot: [grid 1 2 3 4]
        noor: who approves this?
        bot: The approval comes from <@U000000LEA>
        noor: what did this cost?
        bot: $0.00 for 4 pictures
        """
    )


async def test_what_needs_a_model_is_declined_with_who_could(bot: Desk, story: Story) -> None:
    await story.told(
        """
        mia: /brief a cat in the rain
        bot: [grid 1 2 3 4]
        sam: fix the hand on 2
        bot: GEMINI_API_KEY
        card: In review
        """
    )


async def test_every_button_works_after_a_restart(start: Start, story: Story) -> None:
    async with start():
        await story.told(
            """
            mia: /brief a cat in the rain
            bot: [grid 1 2 3 4]
            sam: make the background #336699 on 1
            bot: [before | after 1b]
            sam: remove the headline
            bot: on which draft?
            """
        )
        await story.settled()
    async with start():
        await story.told(
            """
            sam presses Remove the headline on 2
            bot: [before | after 2b]
            sam presses Undo
            bot: Undone: 2 is 2 again
            lea presses Approve 1b
            bot: Approved: 1b
            """
        )


async def test_every_message_names_its_kind_and_brief(bot: Desk, story: Story) -> None:
    await story.told(
        """
        mia: /brief a cat in the rain
        bot: [grid 1 2 3 4]
        sam: make the background #336699
        bot: on which draft?
        sam presses Change the background to #336699 on 3
        bot: [before | after 3b]
        lea presses Approve 3b
        bot: Approved: 3b
        """
    )
    (brief,) = await bot.store.briefs()
    ours = [m for m in story.messages() if m.get("bot_id")]
    assert {m["metadata"]["event_type"] for m in ours} == {"brief", "grid", "ask", "draft", "approval"}
    assert all(payload(m)["brief"] == brief.id for m in ours)


async def test_the_digest_says_how_many_and_no_median_of_too_few(bot: Desk, story: Story) -> None:
    await story.told(
        """
        mia: /brief a cat in the rain, one draft
        bot: [grid 1]
        lea: approved
        bot: Approved: 1
        tom: /digest
        """
    )
    await story.until(
        lambda: any(m.get("metadata", {}).get("event_type") == "digest" for m in story.messages()), "digest"
    )
    (digest,) = [m for m in story.messages() if m.get("metadata", {}).get("event_type") == "digest"]
    assert "1 approved this week" in text_of(digest) and "n = 1, too few" in text_of(digest)


async def test_what_is_old_is_cleared_and_the_history_stays(bot: Desk, story: Story) -> None:
    await story.told("mia: /brief a cat, one draft\nbot: [grid 1]\nlea: approved\nbot: Approved: 1")
    await story.settled()
    assert await DBOS.list_workflows_async(load_input=False, load_output=False)
    bot.now = lambda: datetime.now(UTC) + timedelta(days=31)
    await clock.cleared(bot)
    assert not await DBOS.list_workflows_async(load_input=False, load_output=False)
    (brief,) = await bot.store.briefs()
    assert brief.approved is not None and [e async for e in bot.store.events()]
