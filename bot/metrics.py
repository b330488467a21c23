"""Figures that do not flatter: exact arithmetic, open briefs counted as open, nothing where nothing can be said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from bot.events import Entry

Row = tuple[float, bool]
"""How long (seconds), and whether it ended that way; False: still open (right-censored)."""
HALF, NINE_TENTHS = Fraction(1, 2), Fraction(9, 10)
ENOUGH_FOR_A_MEDIAN, ENOUGH_FOR_P90 = 8, 30


def curve(rows: Iterable[Row]) -> list[tuple[float, Fraction]]:
    """Kaplan and Meier (1958): the share not yet approved after each approval time, exact.

    >>> [str(s) for _, s in curve([(3, True), (5, True), (8, True), (8, False)])]
    ['3/4', '1/2', '1/4']
    """
    rows = list(rows)
    share, out = Fraction(1), []
    for t in sorted({d for d, hit in rows if hit}):
        at_risk = sum(d >= t for d, _ in rows)
        hits = sum(d == t and hit for d, hit in rows)
        share *= Fraction(at_risk - hits, at_risk)
        out.append((t, share))
    return out


def reached(rows: Iterable[Row], share: Fraction) -> float | None:
    """The first time by which ``share`` of them are approved; None when the curve never gets there."""
    return next((t for t, left in curve(rows) if left <= 1 - share), None)


def worked(
    start: datetime,
    end: datetime,
    zone: ZoneInfo,
    opens: time = time(9),
    closes: time = time(18),
    days: Sequence[int] = (0, 1, 2, 3, 4),
    holidays: Sequence[date] = (),
) -> float:
    """Working seconds between two moments; each day's hours are converted on that day, so that a change of the
    clocks moves nothing."""
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    day, last, seconds = start.astimezone(zone).date(), end.astimezone(zone).date(), 0.0
    while day <= last:
        if day.weekday() in days and day not in holidays:
            first, until = (datetime.combine(day, t, zone).astimezone(UTC) for t in (opens, closes))
            seconds += max(0.0, (min(end, until) - max(start, first)).total_seconds())
        day += timedelta(days=1)
    return seconds


@dataclass(frozen=True, slots=True)
class Life:
    """What the log says of one brief up to a moment. Times are UTC, None while they have not come."""

    brief: str
    channel: str
    requester: str
    title: str
    submitted: datetime
    shown: datetime | None = None
    response: datetime | None = None
    approved: datetime | None = None
    withdrawn: datetime | None = None
    delivered: datetime | None = None
    reopened: datetime | None = None
    changes_before: int = 0
    rounds: int = 0
    edits: int = 0
    regenerations: int = 0
    generated: int = 0
    drafts: int = 0
    usd: float = 0.0
    closed: bool = False


def lives(log: Iterable[Entry], until: datetime) -> list[Life]:
    """Every brief's life up to ``until``, by the time it was submitted. Entries may come in any order."""
    found: dict[str, dict[str, object]] = {}
    early: dict[str, list[Entry]] = {}
    for entry in sorted((e for e in log if e.at <= until), key=lambda e: (e.at, e.kind != "brief_submitted")):
        if entry.kind == "brief_submitted":
            found.setdefault(
                entry.brief,
                {
                    "brief": entry.brief,
                    "channel": str(entry.data.get("channel", "")),
                    "requester": str(entry.data.get("requester") or entry.by or ""),
                    "title": str(entry.data.get("title", "")),
                    "submitted": entry.at,
                },
            )
        early.setdefault(entry.brief, []).append(entry)
    return sorted(
        (_life(facts, early[name]) for name, facts in found.items()),
        key=lambda life: (life.submitted, life.brief),
    )


def _life(facts: dict[str, object], entries: list[Entry]) -> Life:
    counts = dict.fromkeys(("changes_before", "rounds", "edits", "regenerations", "generated", "drafts"), 0)
    moments: dict[str, datetime] = {}
    usd, closed = 0.0, False
    for e in entries:
        match e.kind:
            case "drafts_shown":
                moments.setdefault("shown", e.at)
                counts["generated"] += int(e.data.get("generated", 0))
                counts["drafts"] += len(e.data.get("drafts", ()))
                if "approved" not in moments:
                    counts["rounds"] += 1
            case "change_requested":
                edit = e.data.get("change") == "edit"
                counts["edits" if edit else "regenerations"] += 1
                if "approved" not in moments:
                    counts["changes_before"] += 1
            case "edit_shown":
                counts["drafts"] += 1
                counts["generated"] += 1
                if "approved" not in moments:
                    counts["rounds"] += 1
            case "brief_approved":
                moments.setdefault("approved", e.at)
                closed = True
            case "brief_reopened":
                moments.setdefault("reopened", e.at)
                closed = False
            case "brief_withdrawn":
                moments.setdefault("withdrawn", e.at)
                closed = True
            case "brief_delivered":
                moments.setdefault("delivered", e.at)
            case "job_charged":
                usd += float(e.data.get("usd", 0.0))
        if e.by and e.by != facts["requester"] and "shown" in moments and e.kind in _RESPONSES:
            moments.setdefault("response", e.at)
    return Life(**facts, **moments, **counts, usd=round(usd, 6), closed=closed)  # type: ignore[arg-type]


_RESPONSES = frozenset({"vote_cast", "reply_read", "change_requested", "approval_given"})


def until_approval(cohort: Sequence[Life], now: datetime) -> list[Row]:
    """Seconds from brief to first approval; open and withdrawn ones are censored where they ended."""
    rows: list[Row] = []
    for life in cohort:
        end = life.approved or life.withdrawn or now
        rows.append(((end - life.submitted).total_seconds(), life.approved is not None))
    return rows


def worked_until_approval(cohort: Sequence[Life], now: datetime, zone: ZoneInfo) -> list[Row]:
    """The same on the clock of working hours."""
    return [
        (worked(life.submitted, life.approved or life.withdrawn or now, zone), life.approved is not None)
        for life in cohort
    ]


def until_response(cohort: Sequence[Life], now: datetime) -> list[Row]:
    """Seconds from the first drafts to the first word of somebody else; approval without a word is that word."""
    rows: list[Row] = []
    for life in cohort:
        if life.shown is None:
            continue
        answers = [t for t in (life.response, life.approved) if t is not None]
        end = min(answers) if answers else life.withdrawn or now
        rows.append(((end - life.shown).total_seconds(), bool(answers)))
    return rows
