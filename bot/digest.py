"""A week of history as a value; what cannot honestly be said is None."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from bot import metrics
from bot.errors import Refused
from bot.events import Entry
from bot.metrics import Life, Row

COHORT = timedelta(weeks=4)


@dataclass(frozen=True, slots=True)
class Span:
    """How long something took: Kaplan-Meier median and p90 in seconds, ``n`` briefs, ``n_open`` still open."""

    median_s: float | None
    p90_s: float | None
    n: int
    n_open: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """An open brief: how old (seconds) and on whom it waits."""

    brief: str
    age_s: float
    on: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """One ISO week in one zone. Times run over the briefs of the last four weeks, counts over the week."""

    week: str
    tz: str
    submitted: int
    approved: int
    delivered: int
    open: int
    ttfa: dict[str, Span]
    pickup: Span
    first_pass_yield: float | None
    rounds_median: float | None
    edits: int
    regenerations: int
    generated: int
    shown: int
    usd: float
    usd_per_approved: float | None
    reopened_share: float | None
    waiting: tuple[Waiting, ...]

    def json(self) -> dict[str, Any]:
        """As ``digest --json`` prints it."""
        return asdict(self)


def of(log: Iterable[Entry], week: str, zone: str, now: datetime, channel: str | None = None) -> Digest:
    """The digest of an ISO week ("2026-W46") as it stood at the week's end, or now while it runs."""
    tz = zone_of(zone)
    start, end = bounds(week, tz)
    until = min(end, now)
    entries = [e for e in log if e.at < end]
    everyone = [life for life in metrics.lives(entries, until) if channel in (None, life.channel)]
    names = {life.brief for life in everyone}
    entries = [e for e in entries if e.brief in names]
    cohort = [life for life in everyone if life.submitted > until - COHORT]
    inside = [e for e in entries if start <= e.at < end]
    open_ = [life for life in everyone if not life.closed]
    approved = _first(entries, "brief_approved", start, end)
    usd = round(sum(float(e.data.get("usd", 0)) for e in inside if e.kind == "job_charged"), 6)
    return Digest(
        week=week,
        tz=zone,
        submitted=sum(e.kind == "brief_submitted" for e in inside),
        approved=approved,
        delivered=_first(entries, "brief_delivered", start, end),
        open=len(open_),
        ttfa={
            "wall": span(metrics.until_approval(cohort, until)),
            "working": span(metrics.worked_until_approval(cohort, until, tz)),
        },
        pickup=span(metrics.until_response(cohort, until)),
        first_pass_yield=_first_pass(cohort),
        rounds_median=_rounds(cohort),
        edits=sum(e.kind == "change_requested" and e.data.get("change") == "edit" for e in inside),
        regenerations=sum(e.kind == "change_requested" and e.data.get("change") != "edit" for e in inside),
        generated=sum(int(e.data.get("generated", 0)) for e in inside if e.kind == "drafts_shown")
        + sum(e.kind == "edit_shown" for e in inside),
        shown=sum(len(e.data.get("drafts", ())) for e in inside if e.kind == "drafts_shown")
        + sum(e.kind == "edit_shown" for e in inside),
        usd=usd,
        usd_per_approved=round(usd / approved, 6) if approved else None,
        reopened_share=_reopened(cohort),
        waiting=_waiting(open_, until),
    )


def span(rows: Sequence[Row]) -> Span:
    """Median from eight briefs on, p90 from thirty; below that, n alone is the honest figure."""
    n, n_open = len(rows), sum(not hit for _, hit in rows)
    return Span(
        metrics.reached(rows, metrics.HALF) if n >= metrics.ENOUGH_FOR_A_MEDIAN else None,
        metrics.reached(rows, metrics.NINE_TENTHS) if n >= metrics.ENOUGH_FOR_P90 else None,
        n,
        n_open,
    )


def bounds(week: str, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """First moment of the week and of the next, UTC. Raises Refused when the words name no week."""
    said = re.fullmatch(r"(\d{4})-W(\d{1,2})", week.strip())
    try:
        monday = date.fromisocalendar(int(said.group(1)), int(said.group(2)), 1) if said else None
    except ValueError:
        monday = None
    if monday is None:
        raise Refused(f"{week!r} is not a week. Write it like 2026-W46.")
    first, after = (
        datetime.combine(d, time(0), zone).astimezone(UTC) for d in (monday, monday + timedelta(weeks=1))
    )
    return first, after


def week_of(moment: datetime, zone: ZoneInfo) -> str:
    """The ISO week of a moment in a zone; year and week belong together (2027-01-01 is in 2026-W53)."""
    year, week, _ = moment.astimezone(zone).isocalendar()
    return f"{year}-W{week:02d}"


def zone_of(name: str) -> ZoneInfo:
    """The zone. Raises Refused when there is none of that name."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise Refused(f"{name!r} is not a time zone I know. Write it like Europe/Berlin.") from None


def _first(entries: Sequence[Entry], kind: str, start: datetime, end: datetime) -> int:
    """How many briefs had their first event of this kind in the week."""
    first: dict[str, datetime] = {}
    for e in entries:
        if e.kind == kind:
            first[e.brief] = min(e.at, first.get(e.brief, e.at))
    return sum(start <= at < end for at in first.values())


def _first_pass(cohort: Sequence[Life]) -> float | None:
    decided = [
        life for life in cohort if life.approved or life.changes_before or (life.withdrawn and life.response)
    ]
    clean = [life for life in decided if life.approved and not life.changes_before and life.rounds <= 1]
    return len(clean) / len(decided) if decided else None


def _rounds(cohort: Sequence[Life]) -> float | None:
    rounds = [life.rounds for life in cohort if life.approved]
    return float(median(rounds)) if rounds else None


def _reopened(cohort: Sequence[Life]) -> float | None:
    approved = [life for life in cohort if life.approved]
    week = timedelta(days=7)
    again = [x for x in approved if x.reopened and x.approved and x.reopened - x.approved <= week]
    return len(again) / len(approved) if approved else None


def _waiting(open_: Sequence[Life], now: datetime) -> tuple[Waiting, ...]:
    oldest = sorted(open_, key=lambda life: life.submitted)
    return tuple(
        Waiting(
            life.brief,
            (now - life.submitted).total_seconds(),
            ("drafts",) if not life.shown else ("approval",),
        )
        for life in oldest
    )
