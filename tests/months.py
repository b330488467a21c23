"""Months of a workspace with a moved clock: briefs in five time zones, people who decide, forget, are away or snooze;
and, beside the rules, a plain account of who should have heard what."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from deciding import picture

from bot import briefing
from bot import commands as c
from bot.errors import Refused
from bot.house import Away, House
from bot.model import Brief, Snoozed, Stage
from bot.policy import Policy, Step
from bot.review import nudges
from bot.review.decide import decide

ZONES = ("Europe/Berlin", "America/New_York", "Asia/Tokyo", "Australia/Sydney", "America/Sao_Paulo")
PEOPLE = {f"U{n:02d}": ZoneInfo(ZONES[n % 5]) for n in range(15)}
START = datetime(2026, 9, 21, tzinfo=UTC)
"""In ninety days from here the clocks change in Sydney, Berlin and New York."""
HOLIDAYS = (date(2026, 10, 1), date(2026, 10, 12), date(2026, 11, 26))
TICK = timedelta(minutes=15)


@dataclass
class Life:
    """One brief, with what its people will do (each at their moment) and what they have heard."""

    brief: Brief
    plans: list[tuple[datetime, c.Command]]
    heard: list[tuple[str, datetime]] = field(default_factory=list)
    owed: list[tuple[datetime, tuple[str, ...]]] = field(default_factory=list)


@dataclass
class Months:
    """The workspace, tick by tick."""

    seed: int
    briefs: int = 200
    days: int = 90
    lives: list[Life] = field(default_factory=list)
    messages: Counter[tuple[str, date]] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        away = Away("U03", "U04", START + timedelta(days=20), START + timedelta(days=34))
        self.house = replace(House(away=(away,)), hours=replace(House().hours, holidays=HOLIDAYS))

    def run(self) -> Months:
        """All of it."""
        starts = sorted(
            (START + timedelta(seconds=self.dice.randrange(int(self.days * 0.7) * 86400)), n)
            for n in range(self.briefs)
        )
        now, end = START, START + timedelta(days=self.days)
        while now < end:
            while starts and starts[0][0] <= now:
                at, n = starts.pop(0)
                self.lives.append(self._born(n, at))
            self._people(now)
            self._clock(now)
            now += TICK
        return self

    def _born(self, n: int, at: datetime) -> Life:
        who = self.dice.sample(list(PEOPLE), 5)
        requester, approvers = who[0], tuple(who[1:4])
        policy = self.dice.choice(
            (
                Policy(),
                Policy(2),
                Policy(3),
                Policy(steps=(Step(approvers[:1]), Step(approvers[1:]))),
                Policy(steps=(Step(approvers[:2], 2),), final=approvers[2]),
                Policy(fallback=who[4]),
            )
        )
        deadline = at + timedelta(days=self.dice.randint(1, 9)) if self.dice.random() < 0.4 else None
        wanted = replace(briefing.read(f"brief {n} word", now=at), deadline=deadline)
        wanted = replace(wanted, approvers=approvers, policy=policy)
        submit = c.SubmitBrief(f"B{n}", "T", "C", requester, wanted)
        brief = decide(None, submit, now=at, house=self.house).brief
        for command in (
            c.TakeDrafts(f"B{n}", 1, (picture(n), picture(n + 1000))),
            c.NoteShown(f"B{n}", "grid:1"),
        ):
            brief = decide(brief, command, now=at, house=self.house).brief
        plans: list[tuple[datetime, c.Command]] = []
        for person in (*approvers, *((who[4],) if policy.fallback else ())):
            if self.dice.random() < 0.55:
                later = at + timedelta(hours=self.dice.expovariate(1 / 60))
                plans.append((later, c.Approve(f"B{n}", person, "1")))
        if self.dice.random() < 0.1:
            parked = at + timedelta(hours=self.dice.randint(5, 80))
            plans.append((parked, c.Hold(f"B{n}", requester, "waiting for legal")))
            plans.append((parked + timedelta(days=self.dice.randint(1, 12)), c.Resume(f"B{n}", requester)))
        if self.dice.random() < 0.1:
            plans.append(
                (at + timedelta(hours=self.dice.randint(20, 200)), c.WithdrawBrief(f"B{n}", requester))
            )
        if self.dice.random() < 0.15:
            asleep = at + timedelta(hours=self.dice.randint(10, 60))
            until = asleep + timedelta(days=self.dice.randint(1, 5))
            plans.append((asleep, c.Snooze(f"B{n}", self.dice.choice(approvers), until)))
        return Life(brief, sorted(plans, key=lambda p: p[0]))

    def _people(self, now: datetime) -> None:
        for life in self.lives:
            while life.plans and life.plans[0][0] <= now:
                at, command = life.plans.pop(0)
                try:
                    life.brief = decide(life.brief, command, now=at, house=self.house).brief
                except Refused:
                    continue

    def _clock(self, now: datetime) -> None:
        """What the bot's own clock does at every tick."""
        lives = {life.brief.id: life for life in self.lives if life.brief.stage is Stage.REVIEW}
        planned = nudges.plan([life.brief for life in lives.values()], self.house, PEOPLE.__getitem__, now)
        for person, ids in planned.items():
            day = nudges.today(now, PEOPLE[person])
            if (person, day) in self.messages:  # the job's own key, in the bot
                continue
            self.messages[person, day] += 1
            for life in (lives[id_] for id_ in ids):
                self._check(life, person, now)
                remind = c.Remind(life.brief.id, person, day)
                life.brief = decide(life.brief, remind, now=now, house=self.house).brief
                life.heard.append((person, now))
        for life in lives.values():
            life.brief = decide(life.brief, c.Escalate(life.brief.id), now=now, house=self.house).brief

    def _check(self, life: Life, person: str, now: datetime) -> None:
        """What must hold for a reminder, said without the rules' own words."""
        brief, local = life.brief, now.astimezone(PEOPLE[person])
        fault = self.faults.append
        what = f"{brief.id} to {person} at {local:%a %d %b %H:%M}"
        if brief.stage is not Stage.REVIEW or brief.held is not None:
            fault(f"{what}: nothing is owed")
        if local.weekday() > 4 or local.date() in HOLIDAYS or not 9 <= local.hour < 18:
            fault(f"{what}: outside their hours")
        if any(p == person and t.astimezone(PEOPLE[person]).date() == local.date() for p, t in life.heard):
            fault(f"{what}: twice a day")
        if sum(p == person for p, _ in life.heard) >= 5:
            fault(f"{what}: more than five")
        if any(s.person == person and now < s.until for s in brief.snoozes):
            fault(f"{what}: snoozed")
        if person not in owing(brief, self.house, now):
            fault(f"{what}: owes nothing")


def owing(brief: Brief, house: House, now: datetime) -> set[str]:
    """Who may decide next, worked out by hand from the policies above."""
    done = {word for a in brief.approvals for word in a.words}
    policy, left = brief.policy, [p for p in brief.approvers if p not in done]
    if policy.final is not None:
        names = set(brief.approvers[:2]) - done or {policy.final}
    elif policy.steps:
        first, second = policy.steps
        names = set(first.people) - done or set(second.people) - done
    else:
        names = set(left)
    names |= {policy.fallback} if policy.fallback and brief.escalated else set()
    away = {a.person: a.delegate for a in house.away if a.since <= now < a.until}
    return {away.get(p, p) for p in names}


def waited_in_vain(life: Life, end: datetime) -> bool:
    """Has somebody owed a decision for five working days, and nobody ever heard?"""
    brief = life.brief
    quiet = not life.heard and brief.stage is Stage.REVIEW and brief.held is None and not brief.snoozes
    return quiet and end - brief.submitted_at > timedelta(days=9)


__all__ = ["Months", "Snoozed", "waited_in_vain"]
