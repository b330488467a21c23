"""The rules: values in, an outcome out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from deciding import LEA, MIA, NOW, SAM, TOM, do, drafted, picture, submitted
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import briefing
from bot import commands as c
from bot.errors import Refused
from bot.events import kind
from bot.jobs import Draw, Edit, Seed, Show, Tell
from bot.model import Brief, Kind, Stage, Wish
from bot.replies.read import read
from bot.review.decide import decide
from bot.review.outcome import Outcome
from bot.review.waiting import waiting


def said(brief: Brief, person: str, text: str) -> Outcome:
    wishes = read(text, n_drafts=len(brief.drafts))
    return decide(brief, c.Reply("B1", person, text, wishes), now=NOW)


def edited(brief: Brief, draft: int = 2, shown: bool = True) -> Brief:
    outcome = decide(brief, c.Fix("B1", SAM, draft, Wish(Kind.RELIGHT, "darker")), now=NOW)
    change = len(outcome.brief.changes)
    base = outcome.brief.draft(draft)
    assert base is not None
    brief = do(outcome.brief, c.TakeVersion("B1", change, base.current.name, picture(change + 50)))
    after = brief.draft(draft)
    assert after is not None
    return do(brief, c.NoteShown("B1", f"version:{after.current.name}")) if shown else brief


def kinds(outcome: Outcome) -> list[str]:
    return [kind(e) for e in outcome.events]


def test_a_brief_starts_with_a_card_and_a_drawing() -> None:
    wanted = briefing.read("a cat", now=NOW)
    outcome = decide(None, c.SubmitBrief("B1", "T", "C", MIA, wanted), now=NOW)
    assert outcome.jobs == (Show("B1", "card"), Draw("B1", 1))
    assert kinds(outcome) == ["brief_submitted"]


@pytest.mark.parametrize(
    ("text", "defaults", "approvers"),
    [("a cat <@ULEA>", (TOM,), (LEA,)), ("a cat", (TOM,), (TOM,)), ("a cat", (), (MIA,))],
)
def test_who_approves(text: str, defaults: tuple[str, ...], approvers: tuple[str, ...]) -> None:
    assert submitted(text, defaults).approvers == approvers


def test_numbers_are_never_reused() -> None:
    brief = do(drafted(), c.Redraw("B1", SAM, "warmer"))
    brief = do(brief, c.TakeDrafts("B1", 2, (picture(8), picture(9))))
    assert brief.numbers == (1, 2, 3, 4, 5, 6)


def test_drafts_are_shown_once_they_are_in_the_thread() -> None:
    brief = do(submitted(), c.TakeDrafts("B1", 1, (picture(),)))
    outcome = decide(brief, c.NoteShown("B1", "grid:1"), now=NOW)
    assert kinds(outcome) == ["drafts_shown"] and Seed("B1", 1) in outcome.jobs
    assert kinds(decide(outcome.brief, c.NoteShown("B1", "grid:1"), now=NOW)) == []


def test_the_same_result_taken_twice_changes_nothing() -> None:
    brief = drafted()
    again = decide(brief, c.TakeDrafts("B1", 1, (picture(5),)), now=NOW)
    assert again.brief == brief and not again.jobs and not again.events
    brief = edited(brief)
    again = decide(brief, c.TakeVersion("B1", 1, "2", picture(99)), now=NOW)
    assert again.brief == brief


def test_the_second_vote_for_one_draft_by_one_person_is_no_second_vote() -> None:
    brief = do(drafted(), c.CastVote("B1", SAM, 2, "two:m1"))
    outcome = decide(brief, c.CastVote("B1", SAM, 2, "words"), now=NOW)
    assert not outcome.events and outcome.brief.voters(2) == (SAM,)
    taken = decide(outcome.brief, c.TakeBack("B1", SAM, "two:m1"), now=NOW)
    assert taken.brief.voters(2) == (SAM,) and not taken.events
    gone = decide(do(brief), c.TakeBack("B1", SAM, "two:m1"), now=NOW)
    assert gone.brief.voters(2) == () and kinds(gone) == ["vote_withdrawn"]


def test_an_approval_binds_the_bytes_of_the_version_named() -> None:
    brief = edited(drafted())
    outcome = decide(brief, c.Approve("B1", LEA, "2"), now=NOW)
    assert outcome.brief.approved is not None
    assert (outcome.brief.approved.version, outcome.brief.approved.sha256) == ("2", picture(1).sha256)
    assert kinds(outcome) == ["approval_given", "brief_approved"]


def test_a_button_approves_what_it_named_even_when_the_draft_has_moved_on() -> None:
    brief = do(drafted(), c.Approve("B1", LEA, None))
    brief = edited(brief, draft=1)
    brief = do(brief, c.Answer("B1", LEA, 1, 0))
    assert brief.approved is not None and brief.approved.version == "1"


def test_words_never_approve_what_nobody_has_seen() -> None:
    brief = edited(drafted(), shown=False)
    outcome = said(brief, LEA, "2 approved")
    assert outcome.brief.approved is None and outcome.brief.questions


@pytest.mark.parametrize(
    "text",
    ["I can't approve 2", "2 will be approved tomorrow", "2 is almost final", "not 2", "if legal agrees, 2"],
)
def test_a_refusal_approves_nothing(text: str) -> None:
    assert said(drafted(), LEA, text).brief.approved is None


def test_an_approval_without_a_draft_is_asked_about_even_with_a_leader() -> None:
    brief = do(drafted(), c.CastVote("B1", SAM, 3, "x"))
    outcome = said(brief, LEA, "approved!")
    assert outcome.brief.approved is None
    assert outcome.brief.questions[0].choices[0].label == "Approve 3"


def test_nobody_else_answers_the_approvers_question() -> None:
    brief = do(drafted(), c.Approve("B1", LEA, None))
    for choice in range(5):
        with pytest.raises(Refused, match="ULEA"):
            decide(brief, c.Answer("B1", SAM, 1, choice), now=NOW)


def test_a_second_tick_offers_the_new_round_too() -> None:
    brief = do(drafted(), c.Approve("B1", LEA, None), c.Redraw("B1", SAM))
    brief = do(brief, c.TakeDrafts("B1", 2, (picture(7),)), c.NoteShown("B1", "grid:2"))
    outcome = decide(brief, c.Approve("B1", LEA, None), now=NOW)
    old, new = outcome.brief.questions
    assert old.answer and [x.label for x in new.choices] == [
        *(f"Approve {n}" for n in range(1, 6)),
        "None yet",
    ]


def test_a_tick_without_authority_is_told_once() -> None:
    first = decide(drafted(), c.Approve("B1", SAM, "2"), now=NOW)
    assert any(isinstance(j, Tell) for j in first.jobs) and first.brief.voters(2) == (SAM,)
    second = decide(first.brief, c.Approve("B1", SAM, "3"), now=NOW)
    assert not any(isinstance(j, Tell) for j in second.jobs)


def test_an_event_that_comes_late_does_not_bring_back_what_was_taken_back() -> None:
    put = c.Approve("B1", LEA, "2", "tick:m", at=10.0)
    back = c.TakeBack("B1", LEA, "tick:m", at=11.0)
    assert do(drafted(), put, back).stage is Stage.REVIEW
    assert do(drafted(), back, put).stage is Stage.REVIEW
    assert do(drafted(), put, back, put).approved is None


@given(st.permutations([(1.0, True), (2.0, False), (3.0, True), (4.0, False), (5.0, True)]), st.data())
@settings(max_examples=60)
def test_votes_end_the_same_in_any_order_of_delivery(
    order: list[tuple[float, bool]], data: st.DataObject
) -> None:
    repeats = data.draw(st.lists(st.sampled_from(order), max_size=5))
    brief = drafted()
    for at, put in [*order, *repeats]:
        command: c.Command = (
            c.CastVote("B1", SAM, 2, "two:m", at) if put else c.TakeBack("B1", SAM, "two:m", at)
        )
        brief = do(brief, command)
    assert brief.voters(2) == (SAM,)


def test_taking_an_emoji_back_takes_only_what_it_stood_for() -> None:
    brief = do(drafted(), c.Approve("B1", LEA, None, "tick:grid"), c.Approve("B1", LEA, "2", "button"))
    assert do(brief, c.TakeBack("B1", LEA, "tick:grid")).approved is not None
    assert do(brief, c.Reopen("B1", LEA, "2")).approved is None


def test_an_approved_brief_is_closed_and_says_the_way_on() -> None:
    brief = do(drafted(), c.Approve("B1", LEA, "2"))
    for command in (c.Redraw("B1", SAM), c.Fix("B1", SAM, 2, Wish(Kind.RELIGHT)), c.Approve("B1", LEA, "3")):
        with pytest.raises(Refused, match="approved"):
            decide(brief, command, now=NOW)


def test_an_edit_that_ends_after_the_approval_is_dropped() -> None:
    brief = do(drafted(), c.Fix("B1", SAM, 2, Wish(Kind.RELIGHT, "darker")), c.Approve("B1", LEA, "2"))
    brief = do(brief, c.TakeVersion("B1", 1, "2", picture(9)))
    draft = brief.draft(2)
    assert draft is not None and draft.current.name == "2" and brief.changes[0].state == "dropped"


def test_an_edit_of_what_was_undone_meanwhile_is_dropped_and_said() -> None:
    brief = edited(drafted())
    brief = do(brief, c.Fix("B1", SAM, 2, Wish(Kind.RELIGHT, "darker")), c.Undo("B1", MIA, "2b"))
    outcome = decide(brief, c.TakeVersion("B1", 2, "2b", picture(9)), now=NOW)
    draft = outcome.brief.draft(2)
    assert draft is not None and draft.current.name == "2"
    assert "undone" in outcome.brief.notes[-1].text


def test_undo_goes_back_and_loses_nothing() -> None:
    brief = edited(edited(drafted()))
    brief = do(brief, c.Undo("B1", MIA))
    draft = brief.draft(2)
    assert draft is not None and draft.current.name == "2b" and len(draft.versions) == 3
    again = do(brief, c.Restore("B1", MIA, "2c")).draft(2)
    assert again is not None and again.current.name == "2c"


def test_undo_with_nothing_to_undo_says_so() -> None:
    with pytest.raises(Refused, match="nothing to undo"):
        decide(drafted(), c.Undo("B1", MIA), now=NOW)


def test_fix_the_hand_with_four_drafts_and_no_leader_is_asked_about() -> None:
    outcome = said(drafted(), SAM, "fix the hand")
    assert [x.label for x in outcome.brief.questions[0].choices] == [
        "Repaint the hand on 1",
        "Repaint the hand on 2",
        "Repaint the hand on 3",
        "Repaint the hand on 4",
        "New round",
        "Nothing, just talking",
    ]
    assert not any(isinstance(j, Edit) for j in outcome.jobs)


def test_with_a_leader_the_leader_is_meant() -> None:
    brief = do(drafted(), c.CastVote("B1", SAM, 3, "x"))
    assert said(brief, SAM, "make the background navy").brief.changes[0].draft == 3


def test_two_unclear_wishes_are_two_questions() -> None:
    outcome = said(drafted(), SAM, "make it brighter. Remove the badge")
    assert len(outcome.brief.questions) == 2


def test_the_same_words_twice_are_asked_about_once() -> None:
    brief = said(drafted(), SAM, "fix the hand").brief
    assert len(said(brief, SAM, "fix the hand").brief.questions) == 1


def test_approve_one_and_fix_another_does_both() -> None:
    brief = said(drafted(), LEA, "Approve 3 but fix the hand on 2").brief
    assert brief.approved is not None and brief.approved.version == "3"
    assert [x.draft for x in brief.changes] == [2]


def test_a_draft_that_is_none_is_refused_with_those_there_are() -> None:
    with pytest.raises(Refused, match=r"no draft 9\. The drafts are 1 to 4"):
        said(drafted(), SAM, "make the background navy on 9")
    with pytest.raises(Refused, match="still being drawn"):
        decide(submitted(), c.CastVote("B1", SAM, 1, "x"), now=NOW)


def test_chatter_is_logged_without_its_words_and_nothing_else() -> None:
    brief = drafted()
    outcome = said(brief, SAM, "lunch?")
    assert outcome.brief == brief and not outcome.jobs
    assert kinds(outcome) == ["reply_read"] and "lunch" not in str(outcome.events)


def test_praise_is_a_vote_even_from_an_approver() -> None:
    brief = said(drafted(), LEA, "love 2").brief
    assert brief.approved is None and brief.voters(2) == (LEA,)


def test_a_brought_picture_is_a_draft_of_no_round() -> None:
    brief = do(submitted(), c.BringPicture("B1", SAM, "f" * 64, 10, 10, "cat.png"))
    brief = do(brief, c.TakeDrafts("B1", 1, (picture(),)))
    outcome = decide(brief, c.NoteShown("B1", "grid:1"), now=NOW)
    (shown,) = outcome.events
    assert shown.drafts == (2,) and shown.withheld == 0  # type: ignore[union-attr]


def test_a_withdrawn_brief_takes_no_drafts_and_no_votes() -> None:
    brief = do(submitted(), c.WithdrawBrief("B1", MIA), c.TakeDrafts("B1", 1, (picture(),)))
    assert not brief.drafts and brief.rounds[0].state == "dropped"
    with pytest.raises(Refused, match="Only"):
        decide(submitted(), c.WithdrawBrief("B1", SAM), now=NOW)


def test_a_round_that_failed_says_why_and_can_be_tried_again() -> None:
    outcome = decide(submitted(), c.GiveUp("B1", "The engine is down.", round=1), now=NOW)
    assert outcome.brief.notes[0].text == "The engine is down."
    assert Draw("B1", 2) in decide(outcome.brief, c.Redraw("B1", MIA), now=NOW).jobs


def test_time_to_approval_runs_from_when_it_was_asked() -> None:
    wanted = briefing.read("a cat", now=NOW)
    asked = NOW - timedelta(minutes=3)
    outcome = decide(None, c.SubmitBrief("B1", "T", "C", MIA, wanted, (), asked), now=NOW)
    assert outcome.brief.submitted_at == asked


COMMANDS: list[Callable[[str, int], c.Command]] = [
    lambda p, n: c.CastVote("B1", p, n, "x"),
    lambda p, n: c.TakeBack("B1", p, "x"),
    lambda p, n: c.Approve("B1", p, str(n)),
    lambda p, n: c.Approve("B1", p, None),
    lambda p, n: c.Reopen("B1", p, str(n)),
    lambda p, n: c.Fix("B1", p, n, Wish(Kind.RELIGHT, "darker")),
    lambda p, n: c.Undo("B1", p),
    lambda p, n: c.Redraw("B1", p, "w"),
    lambda p, n: c.Answer("B1", p, n, 0),
    lambda p, n: c.TakeDrafts("B1", n, (picture(n),)),
    lambda p, n: c.TakeVersion("B1", n, str(n), picture(n)),
    lambda p, n: c.NoteShown("B1", f"version:{n}b"),
    lambda p, n: c.WithdrawBrief("B1", p),
]


@given(
    st.lists(
        st.tuples(st.sampled_from(COMMANDS), st.sampled_from([MIA, SAM, LEA]), st.integers(1, 5)), max_size=30
    )
)
@settings(max_examples=300, deadline=None)
def test_no_order_of_commands_approves_without_authority_or_loses_a_version(
    steps: list[tuple[Callable[[str, int], c.Command], str, int]],
) -> None:
    brief, versions = drafted(), set()
    for make, person, number in steps:
        try:
            brief = decide(brief, make(person, number), now=NOW).brief
        except (Refused, IndexError):
            continue
        now = {(v.name, v.sha256) for d in brief.drafts for v in d.versions}
        assert versions <= now
        versions = now
        assert (brief.approved is not None) == (brief.stage is Stage.APPROVED)
        if brief.approved:
            bound = brief.version(brief.approved.version)
            assert brief.approved.person in brief.approvers
            assert bound is not None and bound.sha256 == brief.approved.sha256


def test_after_the_third_round_another_way_is_proposed_once() -> None:
    brief = drafted()
    for number, wish in ((2, "warmer please"), (3, "more room and warmer"), (4, "again")):
        brief = do(brief, c.Redraw("B1", SAM, wish), c.TakeDrafts("B1", number, (picture(10 * number),)))
        brief = do(brief, c.NoteShown("B1", f"grid:{number}"))
    (note,) = brief.notes
    assert "round 3" in note.text and "“warmer” was asked for more than once" in note.text
    assert "on 6" in note.text and brief.draft(6) is not None


def test_a_rejected_version_leads_nothing_until_it_is_approved_after_all() -> None:
    brief = do(drafted(), c.CastVote("B1", SAM, 2, "two:m1"), c.CastVote("B1", LEA, 2, "two:m2"))
    assert brief.leader == 2
    with pytest.raises(Refused, match="can reject a draft"):
        decide(brief, c.Reject("B1", SAM, "2", "Off brand"), now=NOW)
    outcome = decide(brief, c.Reject("B1", LEA, "2", "Off brand: too <loud>"), now=NOW)
    assert outcome.brief.leader is None and outcome.brief.voters(2) == (SAM,)
    assert "rejects 2: Off brand: too &lt;loud&gt;" in outcome.brief.notes[-1].text
    every = do(outcome.brief, *(c.Reject("B1", LEA, str(n), "no") for n in (1, 3, 4)))
    assert waiting(every).people == (MIA,)  # it is hers to ask for something else
    again = do(every, c.Approve("B1", LEA, "2"))
    assert again.approved is not None and not again.rejected("2") and again.rejected("1")
