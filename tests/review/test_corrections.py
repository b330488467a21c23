"""A reply that is edited or deleted, and words that were explained before."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from deciding import LEA, NOW, SAM, TOM, do, drafted, picture

from bot import commands as c
from bot.jobs import Edit, Tell
from bot.model import Brief, Kind, Learned, Wish
from bot.replies.read import read
from bot.review.decide import decide
from bot.review.outcome import Outcome
from bot.review.talk import middling, recalled

TS = "1700000000.000100"


def said(brief: Brief, text: str, person: str = SAM) -> Brief:
    return decide(brief, c.Reply("B1", person, text, read(text), TS), now=NOW).brief


UNCLEAR = Wish(Kind.INPAINT, "2 but with the cap on", (2,), "the cap", confidence=0.5)


def wondered(brief: Brief, *wishes: Wish) -> Brief:
    return decide(brief, c.Reply("B1", SAM, wishes[0].words, wishes, TS), now=NOW).brief


def edited(brief: Brief, text: str, at: float = 1.0, person: str = SAM) -> Outcome:
    wishes = read(text) if text else ()
    return decide(brief, c.Correct("B1", person, text, wishes, TS, at), now=NOW)


def states(brief: Brief) -> list[tuple[str, str | None, str]]:
    return [(x.wish.kind.value, x.wish.region, x.state) for x in brief.changes]


def test_an_edit_replaces_what_nobody_has_begun() -> None:
    outcome = edited(said(drafted(), "remove the hat on 2"), "remove the cup on 2")
    assert states(outcome.brief) == [("remove", "the hat", "withdrawn"), ("remove", "the cup", "working")]
    assert [j for j in outcome.jobs if isinstance(j, Edit)] == [Edit("B1", 2)]


def test_a_change_that_was_withdrawn_makes_no_version_when_its_picture_comes_anyway() -> None:
    brief = edited(said(drafted(), "remove the hat on 2"), "").brief
    after = do(brief, c.TakeVersion("B1", 1, "2", picture(77)))
    assert after.draft(2) == brief.draft(2)


def test_what_has_begun_is_named_and_left() -> None:
    brief = do(said(drafted(), "remove the hat on 2"), c.Start("B1", change=1))
    outcome = edited(brief, "remove the cup on 2")
    assert states(outcome.brief) == [("remove", "the hat", "working"), ("remove", "the cup", "working")]
    (told,) = (j for j in outcome.jobs if isinstance(j, Tell))
    assert told.person == SAM and "“Remove the hat on 2” was begun" in told.text


def test_an_edit_that_asks_for_the_same_does_it_once() -> None:
    brief = do(said(drafted(), "remove teh hat on 2"), c.Start("B1", change=1))
    brief = do(said(drafted(), "remove the hat on 2"), c.Start("B1", change=1))
    outcome = edited(brief, "please remove the hat on 2 :)")
    assert len(outcome.brief.changes) == 1 and not any(isinstance(j, Tell) for j in outcome.jobs)


def test_a_deleted_reply_takes_its_vote_and_its_question_with_it() -> None:
    brief = said(drafted(), "love 3")
    assert brief.voters(3) == (SAM,)
    assert edited(brief, "").brief.voters(3) == ()
    asked = said(drafted(), "fix the hand")
    (question,) = edited(asked, "").brief.questions
    assert question.answer == "the message was changed"


def test_an_approval_in_words_goes_when_the_words_go() -> None:
    brief = said(drafted(), "approve 3", LEA)
    assert brief.approved is not None
    assert edited(brief, "approve 3!", person=LEA).brief.approved == brief.approved
    assert edited(brief, "hmm, let me think", person=LEA).brief.approved is None


def test_an_edited_message_signs_nothing_off() -> None:
    brief = edited(said(drafted(), "approve 3", LEA), "approve 2", person=LEA).brief
    assert brief.approved is None and "which one do you approve" in brief.questions[0].text
    back = do(said(drafted(), "approve 3", LEA), c.Reopen("B1", LEA, "3"))
    assert edited(back, "approve 3.", person=LEA).brief == replace(
        back, marks=edited(back, "approve 3.", person=LEA).brief.marks
    )
    assert edited(back, "", person=LEA).brief.approved is None


def test_an_approval_given_twice_goes_with_the_last_way_it_was_given() -> None:
    brief = do(said(drafted(), "approve 3", LEA), c.Approve("B1", LEA, "3"))
    assert edited(brief, "", person=LEA).brief.approved is not None
    assert do(brief, c.Reopen("B1", LEA, "3")).approved is None


def test_new_words_that_cannot_be_done_still_take_the_old_ones_back() -> None:
    outcome = edited(said(drafted(), "remove the hat on 2"), "remove the hat on 9")
    assert states(outcome.brief) == [("remove", "the hat", "withdrawn")]
    (told,) = (j for j in outcome.jobs if isinstance(j, Tell))
    assert "There is no draft 9" in told.text
    approved = said(drafted(), "approve 3", LEA)
    assert edited(approved, "remove the hat on 9", person=LEA).brief.approved is None


@pytest.mark.parametrize("again", ["new round, please!", "New round please :)"])
def test_another_spelling_repeats_nothing(again: str) -> None:
    drawing = do(said(drafted(), "new round please"), c.Start("B1", round=2))
    assert len(edited(drawing, again).brief.rounds) == 2
    made = c.TakeDrafts("B1", 2, tuple(picture(10 + i) for i in range(4)))
    outcome = edited(do(drawing, made), again)
    assert len(outcome.brief.rounds) == 2 and not outcome.jobs


def test_a_round_that_is_being_drawn_is_named_and_left() -> None:
    drawing = do(said(drafted(), "new round please"), c.Start("B1", round=2))
    outcome = edited(drawing, "")
    (told,) = (j for j in outcome.jobs if isinstance(j, Tell))
    assert "the new round" in told.text and outcome.brief.rounds[-1].state == "drawing"


def test_an_undo_is_done_once() -> None:
    brief = drafted()
    for number, words in enumerate(("make the background navy on 2", "remove the hat on 2"), 1):
        wanted = c.Reply("B1", SAM, words, read(words), str(number))
        current = brief.draft(2).current.name if brief.draft(2) else ""
        taken = c.TakeVersion("B1", number, current, picture(50 + number))
        brief = do(brief, wanted, taken, c.NoteShown("B1", "version:2" + "bc"[number - 1]))
    undone = said(brief, "undo 2")
    assert [d.current.name for d in undone.drafts if d.number == 2] == ["2b"]
    assert edited(undone, "undo 2 please").brief.drafts == undone.drafts
    assert edited(undone, "please undo that on 2").brief.drafts == undone.drafts


def test_of_two_drafts_the_one_that_is_begun_is_not_asked_for_again() -> None:
    brief = do(said(drafted(), "remove the hat on 2 and 3"), c.Start("B1", change=1))
    after = edited(brief, "remove the hat on 2 and 4").brief
    assert [(x.draft, x.state) for x in after.changes] == [(2, "working"), (3, "withdrawn"), (4, "working")]


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("make 2 brighter", "make 2 darker"),
        ("make 2 a bit brighter", "make 2 much brighter"),
        ("replace the hat on 2 with a crown", "replace the hat on 2 with a helmet"),
    ],
)
def test_a_change_of_mind_is_never_swallowed(first: str, then: str) -> None:
    waiting = edited(said(drafted(), first), then).brief
    assert [x.state for x in waiting.changes] == ["withdrawn", "working"]
    outcome = edited(do(said(drafted(), first), c.Start("B1", change=1)), then)
    assert any(isinstance(j, Tell) for j in outcome.jobs)


def test_a_change_that_was_declined_has_not_begun() -> None:
    brief = do(
        said(drafted(), "remove the hta on 2"),
        c.Start("B1", change=1),
        c.GiveUp("B1", "I cannot find it.", change=1),
    )
    outcome = edited(brief, "remove the hat on 2")
    assert [x.state for x in outcome.brief.changes] == ["declined", "working"]
    assert not any(isinstance(j, Tell) for j in outcome.jobs)


def test_what_was_answered_by_a_button_belongs_to_the_message() -> None:
    asked = said(drafted(), "fix the hand")
    working = do(asked, c.Answer("B1", SAM, 1, 1))
    assert [x.draft for x in edited(working, "fix the hand on 2").brief.changes if x.state == "working"] == [
        2
    ]
    assert [x.state for x in edited(working, "").brief.changes] == ["withdrawn"]


def test_the_question_which_one_goes_with_the_words() -> None:
    asked = said(drafted(), "approved", LEA)
    (question,) = edited(asked, "", person=LEA).brief.questions
    assert question.answer is not None


def test_only_the_last_edit_counts_in_whatever_order_they_come() -> None:
    brief = edited(drafted(), "remove the cup on 2", at=5.0).brief
    assert edited(brief, "remove the hat on 2", at=4.0).brief == brief
    assert said(brief, "remove the dog on 2") == brief  # the message itself comes last of all


def test_an_edit_withdraws_a_round_that_is_not_being_drawn() -> None:
    brief = said(drafted(), "new round please")
    assert brief.rounds[-1].state == "drawing"
    assert edited(brief, "lunch?").brief.rounds[-1].state == "withdrawn"


def test_the_answer_is_remembered_for_who_was_asked() -> None:
    brief = wondered(drafted(), UNCLEAR)
    just_talking = len(brief.questions[0].choices) - 1
    outcome = decide(brief, c.Answer("B1", SAM, 1, just_talking), now=NOW)
    assert outcome.learned == (Learned(SAM, "2 but with the cap on", None),)
    assert decide(brief, c.Answer("B1", TOM, 1, 0), now=NOW).learned == ()


def test_what_is_remembered_is_done_without_asking() -> None:
    assert middling((UNCLEAR,)) and not middling((replace(UNCLEAR, confidence=0.9),))
    (wish,) = recalled((UNCLEAR,), Kind.INPAINT)
    assert wish.kind is Kind.INPAINT and wish.confidence == 1.0
    assert recalled(read("fix the hand"), None) == ()
    (round_,) = recalled((UNCLEAR,), Kind.REGENERATE)
    assert not round_.targets  # the button said "New round", not "more like 2"


def test_one_wording_with_two_questions_teaches_nothing() -> None:
    brief = wondered(drafted(), UNCLEAR, replace(UNCLEAR, targets=(3,)))
    assert len(brief.questions) == 2
    assert decide(brief, c.Answer("B1", SAM, 1, 0), now=NOW).learned == ()


def test_it_means_the_draft_the_person_changed_last() -> None:
    brief = said(drafted(), "make the background navy on 2")
    made = (c.TakeVersion("B1", 1, "2", picture(60)), c.NoteShown("B1", "version:2b"))
    brief = do(brief, *made, now=NOW + timedelta(minutes=1))
    after = decide(
        brief, c.Reply("B1", SAM, "a bit darker", read("make it a bit darker"), "9"), now=NOW
    ).brief
    assert [x.draft for x in after.changes] == [2, 2]
    other = decide(
        brief, c.Reply("B1", TOM, "a bit darker", read("make it a bit darker"), "9"), now=NOW
    ).brief
    assert len(other.changes) == 1 and len(other.questions) == 1
