"""Drafts that come one by one, what is kept back, stopping, and budgets: the rules alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from deciding import LEA, MIA, NOW, SAM, do, picture, submitted

from bot import commands as c
from bot.errors import Refused
from bot.events import DraftsShown, JobCharged
from bot.jobs import Draw, Seed, Show
from bot.model import Brief, Stage
from bot.review.decide import decide


def take(n: int, *, shown: bool = True, booked: bool = False) -> c.TakeDraft:
    return c.TakeDraft("B1", 1, replace(picture(n), booked=booked), shown)


def half() -> Brief:
    return do(submitted(), take(1), take(2), take(3, shown=False))


def test_every_draft_takes_the_next_number_and_twice_is_harmless() -> None:
    brief = do(half(), take(2), take(3), take(3, shown=False))
    assert brief.numbers == (1, 2) and len(brief.rounds[0].spare) == 1
    assert brief.stage is Stage.DRAWING and brief.usd == pytest.approx(0.03)


def test_what_is_shown_already_can_be_voted_on_while_the_rest_is_drawn() -> None:
    outcome = decide(half(), c.NoteShown("B1", "grid:1"), now=NOW)
    assert Seed("B1", 1) in outcome.jobs and not outcome.events
    brief = do(outcome.brief, c.CastVote("B1", SAM, 2, "two@grid"))
    assert brief.voters(2) == (SAM,)


def test_the_log_says_once_how_many_were_drawn_shown_and_kept_back() -> None:
    brief = do(half(), c.NoteShown("B1", "grid:1"), c.TakeDrafts("B1", 1, note="1 kept back"))
    done = decide(brief, c.NoteShown("B1", "grid:1"), now=NOW)
    assert done.events == (DraftsShown(1, (1, 2), 3, 1),)
    others = decide(done.brief, c.ShowOthers("B1", SAM, 1), now=NOW)
    assert others.brief.numbers == (1, 2, 3) and not others.brief.rounds[0].spare
    shown = decide(others.brief, c.NoteShown("B1", "grid:1"), now=NOW)
    assert shown.events == (DraftsShown(1, (3,), 0, 0),)
    with pytest.raises(Refused, match="nothing else"):
        do(shown.brief, c.ShowOthers("B1", SAM, 1))


def test_what_is_booked_call_by_call_is_not_counted_again() -> None:
    outcome = decide(submitted(), take(1, booked=True), now=NOW)
    assert outcome.brief.usd == 0 and not any(isinstance(e, JobCharged) for e in outcome.events)


@pytest.mark.parametrize(("who", "may"), [(MIA, True), (LEA, True), (SAM, False)])
def test_a_round_is_stopped_by_who_asked_or_decides(who: str, may: bool) -> None:
    if not may:
        with pytest.raises(Refused, match="can stop it"):
            do(half(), c.Stop("B1", who))
        return
    brief = do(half(), c.Stop("B1", who))
    assert brief.rounds[0].state == "drawn" and brief.numbers == (1, 2) and not brief.working
    after = do(brief, take(4), c.TakeDrafts("B1", 1))
    assert after.numbers == (1, 2)  # what comes too late is left out
    with pytest.raises(Refused, match="Nothing is being"):
        do(brief, c.Stop("B1", who))


def over(needs: float = 0.2) -> Brief:
    return do(submitted(), c.AskBudget("B1", 0.4, needs, 0.5, round=1))


def test_a_budget_is_lifted_by_who_asked_for_the_brief_and_the_round_goes_on() -> None:
    brief = over()
    (question,) = brief.questions
    assert "$0.20 more" in question.text and question.choices[0].label == "Allow $1.00 more"
    with pytest.raises(Refused, match="can allow that"):
        do(brief, c.Answer("B1", SAM, 1, 0))
    outcome = decide(brief, c.Answer("B1", MIA, 1, 0), now=NOW)
    assert outcome.brief.budget == 1.0 and Draw("B1", 1) in outcome.jobs
    assert outcome.brief.rounds[0].state == "drawing"


def test_a_budget_that_is_left_stays_and_nothing_goes_on() -> None:
    outcome = decide(over(), c.Answer("B1", MIA, 1, 1), now=NOW)
    assert outcome.brief.budget is None and not any(isinstance(j, Draw) for j in outcome.jobs)
    assert Show("B1", "question:1") in outcome.jobs and outcome.brief.rounds[0].state == "failed"
