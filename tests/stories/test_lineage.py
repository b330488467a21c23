"""Versions go back and forth without loss; where a region is not sure, people look first."""

from __future__ import annotations

from telling import Story, payload

from handlers.desk import Desk


async def test_back_redo_and_the_history_lose_nothing(bot: Desk, story: Story) -> None:
    await story.told(
        """
        mia: /brief Winter sale for Lumen, square
        bot: [grid 1 2 3 4]
        sam: make the background #336699 on 2
        bot: [before | after 2b]
        sam: make the background #993366 on 2
        bot: [before | after 2c]
        sam: undo
        bot: Undone: 2 is 2b again. 2c is kept.
        sam: redo
        bot: 2 is 2c again.
        noor: back to 2
        bot: 2 is 2 again.
        noor: back to 2b please
        bot: 2 is 2b again.
        noor: history 2
        bot: The history of 2
        noor presses Back to 2c
        bot: 2 is 2c again.
        """
    )
    (brief,) = await bot.store.briefs()
    draft = brief.draft(2)
    assert draft is not None and [v.name for v in draft.versions] == ["2", "2b", "2c"]
    assert draft.current.name == "2c" and draft.versions[2].parent == "2b"
    shown = next(m for m in story.thread() if payload(m).get("slot", "").startswith("history:2:"))
    assert "2c" in shown["text"] and any(b["type"] == "image" for b in shown["blocks"])


async def test_the_grid_lets_people_point_in_words(bot: Desk, story: Story) -> None:
    await story.told(
        """
        mia: /brief Winter sale for Lumen, square
        bot: [grid 1 2 3 4]
        sam: grid on 2
        bot: with a grid. Name a cell
        sam: make B2-C3 darker on 2
        bot: [before | after 2b]
        """
    )
    (brief,) = await bot.store.briefs()
    version = brief.version("2b")
    assert version is not None and abs((version.mask_share or 0) - 4 / 64) < 0.002


async def test_a_region_nobody_can_be_sure_of_is_shown_first(bot: Desk, story: Story) -> None:
    await story.told(
        """
        mia: /brief Winter sale for Lumen, square, navy and gold
        bot: [grid 1 2 3 4]
        sam: make the navy parts #993366 on 2
        bot: is this the part of 2 you mean by
        """
    )
    (brief,) = await bot.store.briefs()
    assert brief.version("2b") is None and brief.questions[0].mask is not None
    await story.told("sam presses Yes, there\nbot: [before | after 2b]")
    (brief,) = await bot.store.briefs()
    version = brief.version("2b")
    assert version is not None and version.changed_outside == 0


async def test_after_two_repairs_that_failed_a_new_round_is_offered(bot: Desk, story: Story) -> None:
    await story.told(
        """
        mia: /brief Winter sale for Lumen, square
        bot: [grid 1 2 3 4]
        sam: fix the hand on 2
        bot: I cannot repaint a part
        sam: repair the fingers on 2
        bot: Twice now 2 could not be mended
        sam presses New round like 2
        bot: [grid 5 6 7 8]
        """
    )
