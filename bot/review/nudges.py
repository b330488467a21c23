"""Reminders: only to who owes the decision, in their own hours, once a day, five times in all; then once to others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.commands import Escalate, Hold, Remind, Resume, Snooze
from bot.errors import Refused
from bot.events import BriefParked, BriefResumed, ReminderSent
from bot.house import Hours, House
from bot.jobs import Notify, Show
from bot.metrics import worked
from bot.model import Brief, Reminder, Stage
from bot.review.outcome import Outcome, card, noted
from bot.review.waiting import waiting
from bot.wording import escape, people

Zones = Callable[[str], ZoneInfo]
"""Each person's own zone."""
SOON = timedelta(hours=24)
"""So long before a deadline people are reminded although they have not had the work for long."""
AT_ONCE = 8
"""Briefs in one reminder: nobody reads more."""
LONG = timedelta(days=30)
"""Working time is counted up to here: by then anybody has had the work for long enough."""
AT_LEAST = 3600.0
"""Working seconds that somebody has had the work before they are reminded at all."""


def due(brief: Brief, house: House, zones: Zones, now: datetime) -> tuple[str, ...]:
    """Who should hear of this brief now: those it waits for, in their working hours, who have not heard today."""
    turn = waiting(brief, house, now)
    if turn.since is None:
        return ()
    first = owing(brief, house, now)
    return tuple(p for p in first if _owes(brief, p, turn.since, house, zones(p), now))


def owing(brief: Brief, house: House, now: datetime) -> tuple[str, ...]:
    """Who is asked for the next step: of those who may take it the first who have not put it off."""
    turn = waiting(brief, house, now)
    off = {s.person for s in brief.snoozes if now < s.until}
    return tuple(p for p in turn.people if p not in off)[: turn.needed]


def overloaded(briefs: Sequence[Brief], house: House, now: datetime) -> dict[str, int]:
    """Who has more decisions waiting than the house thinks bearable, and how many, the most first."""
    load = Counter(person for brief in briefs for person in owing(brief, house, now))
    return {person: count for person, count in load.most_common() if count > house.load}


def day(said: str) -> date:
    """A day as a slot or a job names it."""
    return date.fromisoformat(said)


def plan(briefs: Sequence[Brief], house: House, zones: Zones, now: datetime) -> dict[str, tuple[str, ...]]:
    """Who should hear now, and of which briefs (ids, the longest waiting first): one message for each person and day,
    so what gets due later in the day waits for tomorrow's."""
    found: dict[str, list[tuple[datetime, str]]] = {}
    heard = {(r.person, r.day) for brief in briefs for r in brief.reminders}
    for brief in briefs:
        since = waiting(brief, house, now).since or now
        for person in due(brief, house, zones, now):
            if (person, today(now, zones(person))) not in heard:
                found.setdefault(person, []).append((since, brief.id))
    return {person: tuple(id_ for _, id_ in sorted(ids)[:AT_ONCE]) for person, ids in found.items()}


def _owes(brief: Brief, person: str, since: datetime, house: House, zone: ZoneInfo, now: datetime) -> bool:
    heard = [r for r in brief.reminders if r.person == person]
    day = today(now, zone)
    if len(heard) >= house.most or any(r.day == day for r in heard) or not at_work(now, zone, house.hours):
        return False
    had = worked(
        since,
        min(now, since + LONG),
        zone,
        time(house.hours.start),
        closing(house.hours),
        house.hours.days,
        house.hours.holidays,
    )
    deadline = brief.wanted.deadline
    pressing = deadline is not None and now >= deadline - SOON
    return had >= (AT_LEAST if pressing else house.after * 3600.0)


def exhausted(brief: Brief, house: House, now: datetime) -> bool:
    """Has who owes it heard as often as they may, and kept silent for a day after?"""
    first = owing(brief, house, now)
    if brief.escalated or not first:
        return False
    heard = [[r.at for r in brief.reminders if r.person == p] for p in first]
    return all(len(times) >= house.most and now - max(times) >= SOON for times in heard)


def at_work(now: datetime, zone: ZoneInfo, hours: Hours) -> bool:
    """Is it within somebody's working hours?"""
    local = now.astimezone(zone)
    works = local.weekday() in hours.days and local.date() not in hours.holidays
    return works and hours.start <= local.hour < hours.end


def today(now: datetime, zone: ZoneInfo) -> date:
    """The day it is for somebody."""
    return now.astimezone(zone).date()


def closing(hours: Hours) -> time:
    """When work ends; midnight is the last moment of the day."""
    return time(hours.end) if hours.end < 24 else time.max


def remind(brief: Brief, command: Remind, now: datetime, house: House) -> Outcome:
    """Note that they hear of it. Whoever has decided meanwhile hears nothing more."""
    turn = waiting(brief, house, now)
    told = any((r.person, r.day) == (command.to, command.day) for r in brief.reminders)
    if command.to not in turn.people or told:
        return Outcome(brief)
    reminder = Reminder(command.to, command.day, now)
    return Outcome(replace(brief, reminders=(*brief.reminders, reminder)), (ReminderSent(command.to),))


def snooze(brief: Brief, command: Snooze) -> Outcome:
    """This person hears nothing of it until then."""
    others = tuple(s for s in brief.snoozes if s.person != command.person)
    brief = replace(brief, snoozes=(*others, command.snooze))
    return Outcome(brief, (), told(brief))


def escalate(brief: Brief, command: Escalate, now: datetime, house: House) -> Outcome:
    """Nobody decides: once, the fallback approver may, or the requester hears that it is theirs to find a way."""
    if not exhausted(brief, house, now):
        return Outcome(brief)
    silent = people(owing(brief, house, now), "and")
    brief = replace(brief, escalated=True)
    title, fallback = escape(brief.wanted.title), brief.policy.fallback
    if fallback is not None:
        text = f"{silent} did not decide on “{title}”, so <@{fallback}> may now."
        return noted(Outcome(brief, (), (card(brief),)), text)
    way = "Ask them yourself, put it on hold, or withdraw it; a brief may name who decides instead (“else @ana”)."
    text = f"{silent} did not decide on “{title}” after {house.most} reminders. I stop reminding. {way}"
    return Outcome(brief, (), (card(brief), Notify(brief.requester, text, brief.id)))


def hold(brief: Brief, command: Hold) -> Outcome:
    """Parked with a reason: nobody is reminded, and everybody sees why."""
    if brief.stage not in (Stage.DRAWING, Stage.REVIEW):
        raise Refused("This brief is closed, so there is nothing to put on hold.")
    if command.person not in brief.answering:
        raise Refused(f"{people(brief.answering, 'or')} can put this brief on hold.")
    reason = command.reason or "no reason given"
    brief = replace(brief, held=f"<@{command.person}>: {escape(reason)}")
    return Outcome(brief, (BriefParked(reason),), (card(brief), *told(brief)))


def resume(brief: Brief, command: Resume) -> Outcome:
    """It goes on."""
    if brief.held is None:
        return Outcome(brief)
    if command.person not in brief.answering:
        raise Refused(f"{people(brief.answering, 'or')} can take this brief off hold.")
    brief = replace(brief, held=None)
    return Outcome(brief, (BriefResumed(""),), (card(brief), *told(brief)))


def told(brief: Brief) -> tuple[Show, ...]:
    """The reminders that people have: they must not ask for what is done."""
    return tuple(Show(brief.id, f"nudge:{r.person}:{r.day.isoformat()}") for r in brief.reminders[-10:])
