"""Whose word a brief needs: rules that can always be met, people who are away, and words that only seem to be rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from deciding import LEA, MIA, NOW, SAM, TOM, do, drafted, picture

from bot import briefing, policy
from bot import commands as c
from bot.errors import Refused
from bot.house import Authority, Away, Emoji, House
from bot.jobs import Show, Tell
from bot.model import Brief, Kind, Mark, Wish
from bot.policy import DECIDERS, Policy, Step
from bot.review.decide import decide
from bot.review.waiting import said, waiting

ANA = "UANA"


def under(rule: Policy, *approvers: str) -> Brief:
    return replace(drafted(), policy=rule, approvers=approvers)


def house(*away: tuple[str, str]) -> House:
    return House(away=tuple(Away(a, b, NOW - timedelta(days=1), NOW + timedelta(days=1)) for a, b in away))


def submitted(text: str, here: Authority | None = None, person: str = MIA) -> Brief:
    wanted = briefing.read(text, now=NOW)
    command = c.SubmitBrief("B1", "T", "C", person, wanted, (LEA,))
    return decide(None, command, now=NOW, house=House(everywhere=here or Authority())).brief


WORDS = [
    ("poster <@U1> <@U2>", "any approver", ("U1", "U2"), "poster"),
    ("poster, approval: <@U1> and <@U2>", "2 approvers", ("U1", "U2"), "poster"),
    ("poster, 2 of <@U1> <@U2> <@U3>, then <@U4>", "2 of 3, then 1 of 1", ("U1", "U2", "U3", "U4"), "poster"),
    ("poster, <@U1> -&gt; <@U2>", "1 of 1, then 1 of 1", ("U1", "U2"), "poster"),
    ("Plakat, Freigabe: alle von <@U1> <@U2>", "2 approvers", ("U1", "U2"), "Plakat"),
    ("poster, <@U1> has the final say", "final approver", ("U1",), "poster"),
    ("poster 4:5 <@U1>", "any approver", ("U1",), "poster 4:5"),
    ("poster, 1:1, <@U1>", "any approver", ("U1",), "poster, 1:1"),
    ("party for all <@U1> <@U2>", "any approver", ("U1", "U2"), "party for all"),
    ("like nothing else <@U1>", "any approver", ("U1",), "like nothing else"),
    ("poster for the final <@U1>", "any approver", ("U1",), "poster for the final"),
    ('poster, "It is not me, all of us" <@U1>', "any approver", ("U1",), 'poster, "It is not me, all of us"'),
]


@pytest.mark.parametrize(("text", "rule", "people", "left"), WORDS)
def test_words_that_name_people_and_words_that_only_seem_to(
    text: str, rule: str, people: tuple[str, ...], left: str
) -> None:
    read, named = policy.read(text)
    assert (read.rule, named, policy.without(text)) == (rule, people, left) and read.requester


def test_a_ratio_beside_a_name_is_still_a_ratio() -> None:
    assert submitted(f"Summer sale poster 4:5 <@{LEA}>").wanted.placement.ratio == pytest.approx(
        0.8, abs=0.01
    )


@pytest.mark.parametrize(
    ("text", "here", "approvers"),
    [
        (f"poster, all of <@{MIA}> <@{TOM}>, the requester may not approve", Authority(), (TOM,)),
        ("poster, the requester may not approve", Authority((MIA, TOM), Policy(2)), (TOM,)),
        (f"poster <@{MIA}>", Authority((TOM,), Policy(requester=False)), (TOM,)),
    ],
)
def test_a_rule_never_asks_for_more_than_there_is(
    text: str, here: Authority, approvers: tuple[str, ...]
) -> None:
    brief = submitted(text, here)
    assert brief.approvers == approvers and brief.policy.needed == 1
    brief = do(brief, c.TakeDrafts("B1", 1, (picture(),)), c.NoteShown("B1", "grid:1"))
    assert waiting(brief).people == approvers
    assert do(brief, c.Approve("B1", approvers[0], "1")).approved is not None


def test_nobody_left_to_approve_is_said_before_anything_is_drawn() -> None:
    with pytest.raises(Refused, match="nobody else is named"):
        submitted("poster, the requester may not approve", person=LEA)


def test_a_brief_adds_to_the_rules_of_its_channel_and_loosens_none() -> None:
    here = Authority((LEA, TOM), Policy(2, requester=False, rounds=DECIDERS))
    brief = submitted(f"a poster, else <@{ANA}>", here)
    assert (brief.policy.needed, brief.policy.fallback, brief.policy.rounds) == (2, ANA, DECIDERS)
    assert not brief.policy.requester and brief.approvers == (LEA, TOM)
    brief = do(brief, c.TakeDrafts("B1", 1, (picture(),)), c.NoteShown("B1", "grid:1"))
    with pytest.raises(Refused, match="New rounds are asked for by"):
        decide(brief, c.Redraw("B1", SAM, "warmer"), now=NOW)


RULES = (
    Policy(2, fallback=ANA),
    Policy(final=LEA, fallback=ANA),
    Policy(steps=(Step((LEA,)), Step((TOM,))), fallback=ANA),
)


@pytest.mark.parametrize("rule", RULES)
def test_whoever_steps_in_decides_alone(rule: Policy) -> None:
    brief = replace(under(rule, LEA, TOM), escalated=True)
    done = do(brief, c.Approve("B1", ANA, "2"))
    assert done.approved is not None and done.approved.role == "fallback approver"
    opened = do(done, c.Reopen("B1", LEA, "2", "legal"))
    assert not opened.escalated and ANA not in waiting(opened).people


def test_one_word_counts_for_all_one_stands_in_for() -> None:
    both = house((LEA, TOM))
    brief = decide(under(Policy(2), LEA, TOM), c.Approve("B1", TOM, "2"), now=NOW, house=both).brief
    assert brief.approved is not None and brief.approved.words == (TOM, LEA)
    chain = house((LEA, TOM), (TOM, SAM))
    turn = waiting(under(Policy(2), LEA, TOM), chain, NOW)
    assert (turn.people, turn.needed) == ((SAM,), 1)
    alone = decide(under(Policy(2), LEA, TOM), c.Approve("B1", SAM, "2"), now=NOW, house=chain).brief
    assert alone.approved is not None and set(alone.approved.words) == {SAM, LEA, TOM}
    circle = house((LEA, TOM), (TOM, LEA))
    assert circle.delegate(LEA, NOW) is None and circle.stands_for(TOM, NOW) == ()


def test_an_approval_that_has_stood_is_not_made_younger_by_putting_it_on_again() -> None:
    at, hour = NOW.timestamp(), 3600.0
    mark = Mark("ok", 0.0).moved(at, put=True).moved(at + hour, put=False).moved(at + 2 * hour, put=True)
    assert mark.approves_since(900.0) == at
    assert mark.moved(at + 2 * hour + 60, put=False).approves_since(900.0) == at
    soon = Mark("ok", 0.0).moved(at, put=True).moved(at + 60, put=False)
    assert (
        soon.approves_since(900.0) is None
        and soon.moved(at + 120, put=True).approves_since(900.0) == at + 120
    )


def test_words_approve_for_good_after_a_while_as_an_emoji_does() -> None:
    firm = (Wish(Kind.APPROVE, "2 is approved", (2,), firm=True),)
    brief = do(drafted(), c.Reply("B1", LEA, "2 is approved", firm, "17.1"))
    assert brief.approved is not None
    later = NOW + timedelta(hours=3)
    gone = decide(brief, c.Correct("B1", LEA, "", (), "17.1", later.timestamp()), now=later)
    assert gone.brief.approved is not None
    assert any(isinstance(job, Tell) and "stands" in job.text for job in gone.jobs)
    soon = NOW + timedelta(minutes=3)
    assert do(brief, c.Correct("B1", LEA, "", (), "17.1", soon.timestamp()), now=soon).approved is None


def test_an_answer_is_the_word_of_who_pressed_it() -> None:
    brief = replace(drafted(), approvers=(LEA, TOM))
    asked = (Wish(Kind.APPROVE, "approved", (), firm=True),)
    brief = do(brief, c.Reply("B1", LEA, "approved", asked, "17.1"))
    brief = do(brief, c.Answer("B1", TOM, 1, 0, "C/18.1"))
    assert brief.approved is not None
    assert (brief.approved.person, brief.approved.seen) == (TOM, "C/18.1")
    deleted = do(brief, c.Correct("B1", LEA, "", (), "17.1", NOW.timestamp() + 60))
    assert deleted.approved is not None


def test_what_was_undone_is_not_approved_by_a_button_that_still_stands() -> None:
    brief = do(drafted(), c.Fix("B1", SAM, 2, Wish(Kind.RELIGHT, "darker")))
    brief = do(brief, c.TakeVersion("B1", 1, "2", picture(77)), c.NoteShown("B1", "version:2b"))
    brief = replace(brief, policy=Policy(2), approvers=(LEA, TOM))
    brief = do(brief, c.Approve("B1", LEA, "2b"))
    undone = decide(brief, c.Undo("B1", MIA, "2b"), now=NOW)
    assert Show("B1", "approval:2b") in undone.jobs and waiting(undone.brief).version is None
    with pytest.raises(Refused, match="was undone"):
        decide(undone.brief, c.Approve("B1", TOM, "2b"), now=NOW)


def test_emoji_may_not_mean_two_things() -> None:
    assert Emoji(("heart", ":+1::skin-tone-3:"), ("recycle",)).checked().approve == ("heart", "thumbsup")
    for wrong in (Emoji(("heart",), ("heart",)), Emoji(("one",), ()), Emoji((), ("repeat",))):
        with pytest.raises(Refused):
            wrong.checked()


def test_whose_turn_it_is_reads_as_a_sentence() -> None:
    brief = under(Policy(2), LEA, TOM, ANA)
    assert said(waiting(brief)) == f"Waiting for 2 of <@{LEA}>, <@{TOM}> and <@{ANA}> to decide."
    brief = do(brief, c.Approve("B1", TOM, "2"))
    assert said(waiting(brief)) == f"2 is approved by <@{TOM}>; waiting for <@{LEA}> or <@{ANA}>."
