"""Reminders go to who owes the decision and to nobody else, in their hours, once a day; ``benchmarks/nudges.py`` runs
ninety days with two hundred briefs."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from deciding import LEA, MIA, SAM, TOM, do, drafted
from months import START, Months, waited_in_vain

from bot import commands as c
from bot.errors import Refused
from bot.events import kind
from bot.house import Away, House
from bot.jobs import Notify, Show
from bot.model import Brief
from bot.policy import Policy, Step
from bot.review import nudges
from bot.review.decide import decide

BERLIN = ZoneInfo("Europe/Berlin")
FRIDAY = datetime(2026, 11, 20, 12, tzinfo=UTC)  # 13:00 in Berlin; the drafts are shown then


def due(brief: Brief, now: datetime, house: House | None = None) -> tuple[str, ...]:
    return nudges.due(brief, house or House(), lambda person: BERLIN, now)


def test_months_of_reminders_keep_every_promise() -> None:
    months = Months(7, briefs=60, days=40).run()
    assert not months.faults
    assert max(months.messages.values()) == 1  # one message a day, whatever waits for a person
    heard = Counter(len(life.heard) for life in months.lives)
    assert sum(n * count for n, count in heard.items()) > 40
    end = START + timedelta(days=40)
    assert not [life.brief.id for life in months.lives if waited_in_vain(life, end)]


def test_nobody_hears_before_a_working_day_has_passed() -> None:
    brief = drafted()
    assert due(brief, FRIDAY + timedelta(hours=4)) == ()  # five hours of the Friday
    monday = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # 9:00
    assert due(brief, monday) == ()
    assert due(brief, monday + timedelta(hours=3, minutes=15)) == (LEA,)


def test_a_deadline_tomorrow_is_pressing() -> None:
    brief = drafted()
    brief = replace(brief, wanted=replace(brief.wanted, deadline=FRIDAY + timedelta(hours=20)))
    assert due(brief, FRIDAY + timedelta(minutes=30)) == ()
    assert due(brief, FRIDAY + timedelta(hours=1)) == (LEA,)


def test_it_stops_with_the_decision_a_snooze_a_hold_and_the_fifth() -> None:
    brief, when = drafted(), datetime(2026, 11, 24, 10, tzinfo=UTC)
    assert due(brief, when) == (LEA,)
    told = decide(brief, c.Remind("B1", LEA, when.date()), now=when)
    assert [kind(e) for e in told.events] == ["reminder_sent"] and due(told.brief, when) == ()
    assert decide(told.brief, c.Remind("B1", LEA, when.date()), now=when).brief == told.brief
    assert due(told.brief, when + timedelta(days=1)) == (LEA,)
    assert due(do(brief, c.Snooze("B1", LEA, when + timedelta(hours=1))), when) == ()
    assert due(do(brief, c.Hold("B1", MIA, "legal")), when) == ()
    assert due(do(brief, c.Hold("B1", MIA, "legal"), c.Resume("B1", LEA)), when) == (LEA,)
    assert due(do(brief, c.Approve("B1", LEA, "2")), when) == ()
    for day in range(5):
        at = when + timedelta(days=day if day < 4 else 6)
        assert due(brief, at) == (LEA,)
        brief = decide(brief, c.Remind("B1", LEA, at.date()), now=at).brief
    assert due(brief, when + timedelta(days=7)) == ()


def test_who_is_away_is_left_in_peace() -> None:
    when = datetime(2026, 11, 24, 10, tzinfo=UTC)
    house = House(away=(Away(LEA, TOM, when - timedelta(days=1), when + timedelta(days=1)),))
    assert due(drafted(), when, house) == (TOM,)
    decided = decide(drafted(), c.Approve("B1", TOM, "2"), now=when, house=house).brief
    assert decided.approved is not None and (decided.approved.role, decided.approved.stands_for) == (
        "delegate",
        (LEA,),
    )


def test_the_second_approver_is_asked_when_the_first_has_spoken() -> None:
    when = datetime(2026, 11, 24, 10, tzinfo=UTC)
    brief = replace(drafted(), approvers=(LEA, TOM), policy=Policy(steps=(Step((LEA,)), Step((TOM,)))))
    assert due(brief, when) == (LEA,)
    brief = do(brief, c.Approve("B1", LEA, "2"))
    assert due(brief, when + timedelta(days=1)) == (TOM,)


@pytest.mark.parametrize("fallback", [TOM, None])
def test_it_is_escalated_once(fallback: str | None) -> None:
    brief = replace(drafted(), policy=Policy(fallback=fallback))
    when = datetime(2026, 11, 24, 10, tzinfo=UTC)
    for day in range(5):
        at = when + timedelta(days=day)
        brief = decide(brief, c.Remind("B1", LEA, at.date()), now=at).brief
    early = decide(brief, c.Escalate("B1"), now=when + timedelta(days=4, hours=20))
    assert early.brief == brief
    late = decide(brief, c.Escalate("B1"), now=when + timedelta(days=5))
    assert late.brief.escalated
    assert decide(late.brief, c.Escalate("B1"), now=when + timedelta(days=9)).brief == late.brief
    if fallback:
        assert due(late.brief, when + timedelta(days=7)) == (TOM,)
        approved = decide(late.brief, c.Approve("B1", TOM, "1"), now=when + timedelta(days=8)).brief.approved
        assert approved is not None and (approved.role, approved.stands_for) == ("fallback approver", ())
    else:
        (told,) = [job for job in late.jobs if isinstance(job, Notify)]
        assert told.person == MIA and "did not decide" in told.text
        assert due(late.brief, when + timedelta(days=7)) == ()


def test_only_who_answers_for_the_brief_parks_it() -> None:
    with pytest.raises(Refused, match="can put this brief on hold"):
        decide(drafted(), c.Hold("B1", SAM, "later"), now=FRIDAY)
    held = do(drafted(), c.Hold("B1", LEA, "later"))
    with pytest.raises(Refused, match="off hold"):
        decide(held, c.Resume("B1", SAM), now=FRIDAY)


def test_what_people_were_told_is_brought_up_to_date_by_the_decision() -> None:
    when = datetime(2026, 11, 24, 10, tzinfo=UTC)
    brief = decide(drafted(), c.Remind("B1", LEA, when.date()), now=when).brief
    assert Show("B1", f"nudge:{LEA}:2026-11-24") in decide(brief, c.Approve("B1", LEA, "2"), now=when).jobs
    assert Show("B1", f"nudge:{LEA}:2026-11-24") in decide(brief, c.WithdrawBrief("B1", MIA), now=when).jobs
