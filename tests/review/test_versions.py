"""Versions go back and forth without loss, regions are looked at first, and no words become a command to Slack."""

from __future__ import annotations

from datetime import timedelta

import pytest
from deciding import LEA, NOW, SAM, do, drafted, picture

from bot import commands as c
from bot.blocks import thread
from bot.errors import Refused
from bot.model import Brief, Kind, Wish
from bot.review.decide import decide


def changed(brief: Brief, draft: int, *, version: str | None = None) -> Brief:
    wish = Wish(Kind.RELIGHT, "darker", (draft,), version=version)
    brief = do(brief, c.Fix("B1", SAM, draft, wish))
    number, held = len(brief.changes), brief.draft(draft)
    assert held is not None
    return do(brief, c.TakeVersion("B1", number, version or held.current.name, picture(number + 20)))


def now(brief: Brief, draft: int = 2) -> str:
    held = brief.draft(draft)
    assert held is not None
    return held.current.name


def test_undo_redo_and_undo_again_leave_a_draft_that_can_be_changed() -> None:
    brief = changed(changed(drafted(), 2), 2)
    undo, redo = c.Undo("B1", SAM), c.Reply("B1", SAM, "redo", (Wish(Kind.REGENERATE, "redo", topic="redo"),))
    for number, (command, shows) in enumerate(
        [(undo, "2b"), (undo, "2"), (redo, "2b"), (redo, "2c"), (undo, "2b")]
    ):
        brief = do(brief, command, now=NOW + timedelta(seconds=number))
        assert now(brief) == shows
    assert now(changed(brief, 2)) == "2d"


def test_redo_brings_back_what_was_undone_last_and_nothing_that_something_newer_stands_on() -> None:
    brief = changed(changed(drafted(), 2), 3)
    for number, version in enumerate(("3b", "2b")):
        brief = do(brief, c.Undo("B1", SAM, version), now=NOW + timedelta(seconds=number))
    redo = c.Reply("B1", SAM, "redo", (Wish(Kind.REGENERATE, "redo", topic="redo"),))
    brief = do(brief, redo)
    assert (now(brief, 2), now(brief, 3)) == ("2b", "3")
    newer = changed(do(brief, c.Undo("B1", SAM, "2b")), 2)
    assert now(do(newer, redo), 2) == "2c"


def test_what_was_undone_is_not_changed_but_may_be_the_start_of_the_same_again() -> None:
    brief = do(changed(drafted(), 2), c.Undo("B1", SAM))
    with pytest.raises(Refused, match="was undone"):
        changed(brief, 2, version="2b")
    brief = do(brief, c.Again("B1", SAM, "2b"))
    assert brief.changes[-1].wish.version == "2"


@pytest.mark.parametrize("region", ["<!channel>", "<@U1>", "<https://x.org|y>", "*bold* & <b>"])
def test_words_for_a_region_are_quoted_and_never_obeyed(region: str) -> None:
    wish = Wish(Kind.REMOVE, f"remove {region}", (2,), region=region)
    brief = do(drafted(), c.Fix("B1", SAM, 2, wish))
    asked = do(brief, c.AskRegion("B1", 1, "2", "0" * 64, region))
    declined = do(brief, c.GiveUp("B1", f"I cannot find “{region}”.", change=1))
    declined = do(declined, c.Fix("B1", SAM, 2, wish), c.GiveUp("B1", f"I cannot find “{region}”.", change=2))
    said = [thread.question(asked, 1), thread.question(declined, 1), thread.note(declined, 1)]
    for one in said:
        words = str(one.blocks) + one.text
        assert region not in words and "&lt;" in words


def test_a_new_round_is_offered_once_and_again_only_after_something_was_made() -> None:
    brief, asked = drafted(), []
    for number in range(4):
        brief = do(brief, c.Fix("B1", SAM, 2, Wish(Kind.INPAINT, "fix it", (2,))))
        brief = do(brief, c.GiveUp("B1", "No.", change=number + 1))
        asked.append(len(brief.questions))
    assert asked == [0, 1, 1, 1]


def test_nothing_is_asked_in_a_brief_that_is_closed() -> None:
    brief = do(
        drafted(), c.Fix("B1", SAM, 2, Wish(Kind.REMOVE, "remove it", (2,))), c.Approve("B1", LEA, "1")
    )
    for command in (c.AskRegion("B1", 1, "2", "0" * 64, "it"), c.GiveUp("B1", "No.", change=1)):
        closed = decide(brief, command, now=NOW).brief
        assert not closed.questions and closed.changes[0].state == "dropped" and closed.notes == brief.notes


def test_an_answer_that_comes_too_late_has_cost_its_price_all_the_same() -> None:
    brief = do(
        drafted(), c.Fix("B1", SAM, 2, Wish(Kind.REMOVE, "remove it", (2,))), c.Approve("B1", LEA, "1")
    )
    assert do(brief, c.TakeVersion("B1", 1, "2", picture(9))).usd == pytest.approx(brief.usd + 0.01)


def test_an_edited_reply_keeps_the_question_about_its_region() -> None:
    words, wish = "remove the cup on 2", Wish(Kind.REMOVE, "remove the cup on 2", (2,), region="the cup")
    brief = do(drafted(), c.Reply("B1", SAM, words, (wish,), said="9.1"))
    brief = do(brief, c.AskRegion("B1", 1, "2", "0" * 64, "the cup"))
    more = Wish(Kind.RELIGHT, "make 3 darker", (3,), amount=-2.0)
    brief = do(brief, c.Correct("B1", SAM, f"{words}, and make 3 darker", (wish, more), "9.1", 10.0))
    assert brief.questions[0].answer is None and [ch.draft for ch in brief.changes] == [2, 3]
    brief = do(brief, c.Answer("B1", SAM, 1, 0))
    assert brief.changes[-1].wish.mask == "0" * 64
