"""The figures, against hand-worked examples with exact answers."""

from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from bot import digest, metrics
from bot.errors import Refused
from bot.events import Entry
from bot.metrics import HALF, NINE_TENTHS, reached

MONDAY = datetime(2026, 11, 9, tzinfo=UTC)


def test_open_briefs_count_as_open() -> None:
    rows = [(h, True) for h in (3, 5, 8, 12, 24, 30)] + [(h, False) for h in (8, 20, 40, 50)]
    assert [s for _, s in metrics.curve(rows)] == [
        Fraction(9, 10),
        Fraction(4, 5),
        Fraction(7, 10),
        Fraction(7, 12),
        Fraction(7, 16),
        Fraction(7, 24),
    ]
    assert reached(rows, HALF) == 24
    assert reached(rows, NINE_TENTHS) is None


def test_the_median_is_exact_where_floats_are_not() -> None:
    rows = [(d, True) for d in (1, 3, 3, 4, 5, 8, 9, 9)] + [(9, False), (9, False)]
    assert reached(rows, HALF) == 5
    assert reached([(d, True) for d in range(1, 11)], NINE_TENTHS) == 9


def test_not_reached_is_none() -> None:
    assert reached([(3, True), (5, True), (6, False), (7, False), (9, False), (11, False)], HALF) is None


@pytest.mark.parametrize(
    ("zone", "start", "end", "closes", "real", "hours"),
    [
        ("Europe/Berlin", (2026, 10, 23, 17), (2026, 10, 26, 12), 18, 68, 4),
        ("Europe/Berlin", (2027, 3, 26, 17), (2027, 3, 29, 12), 18, 66, 4),
        ("America/New_York", (2026, 10, 30, 16), (2026, 11, 2, 10), 17, 67, 2),
    ],
)
def test_a_change_of_the_clocks_moves_no_working_hour(
    zone: str, start: tuple[int, ...], end: tuple[int, ...], closes: int, real: int, hours: int
) -> None:
    tz = ZoneInfo(zone)
    a, b = datetime(*start, tzinfo=tz), datetime(*end, tzinfo=tz)  # type: ignore[misc,arg-type]
    assert (b.astimezone(UTC) - a.astimezone(UTC)) == timedelta(hours=real)
    assert metrics.worked(a, b, tz, closes=time(closes)) == hours * 3600
    easter = (date(2027, 3, 26), date(2027, 3, 29))
    if start[0] == 2027:
        assert metrics.worked(a, b, tz, closes=time(closes), holidays=easter) == 0


def test_the_week_belongs_to_its_zone() -> None:
    late = datetime(2026, 11, 15, 23, 30, tzinfo=UTC)
    assert digest.week_of(late, ZoneInfo("Europe/Berlin")) == "2026-W47"
    assert digest.week_of(late, ZoneInfo("America/New_York")) == "2026-W46"
    assert digest.week_of(datetime(2027, 1, 1, 12, tzinfo=UTC), ZoneInfo("UTC")) == "2026-W53"


def test_a_week_that_is_none_is_refused() -> None:
    for said in ("2026-W99", "last", "W46", "2026-46"):
        with pytest.raises(Refused, match="not a week"):
            digest.bounds(said, ZoneInfo("UTC"))


def _week() -> list[Entry]:
    """One whole week: six briefs, three approved, one withdrawn, two open."""

    def e(brief: str, hours: float, kind: str, by: str | None = None, **data: object) -> Entry:
        return Entry(MONDAY + timedelta(hours=hours), brief, kind, by, data)

    def submitted(brief: str, hours: float) -> Entry:
        return e(brief, hours, "brief_submitted", "UREQ", channel="C1", requester="UREQ", title=brief)

    def shown(brief: str, hours: float, generated: int, n: int) -> Entry:
        return e(brief, hours, "drafts_shown", round=1, drafts=list(range(n)), generated=generated)

    def change(brief: str, hours: float, kind: str) -> Entry:
        return e(brief, hours, "change_requested", "USTK", change=kind, draft=1)

    def spent(brief: str, hours: float, usd: float) -> Entry:
        return e(brief, hours, "job_charged", usd=usd)

    def edit(brief: str, hours: float) -> Entry:
        return e(brief, hours, "edit_shown", draft=1, version="1b")

    def approved(brief: str, hours: float) -> Entry:
        return e(brief, hours, "brief_approved", "UAPP", draft=1, version="1")

    r1 = [
        submitted("R1", 0),
        shown("R1", 1, 8, 4),
        e("R1", 3, "vote_cast", "USTK", draft=1),
        approved("R1", 5),
    ]
    r1 += [spent("R1", 5, 0.40), e("R1", 6, "brief_delivered")]
    r2 = [
        submitted("R2", 2),
        shown("R2", 3, 8, 4),
        change("R2", 7, "edit"),
        edit("R2", 8),
        approved("R2", 12),
    ]
    r2 += [spent("R2", 12, 0.65), e("R2", 13, "brief_delivered")]
    r3 = [submitted("R3", 10), shown("R3", 11, 4, 4), change("R3", 20, "edit"), edit("R3", 21)]
    r3 += [change("R3", 30, "regenerate"), shown("R3", 31, 4, 4), approved("R3", 40), spent("R3", 41, 1.20)]
    r3 += [e("R3", 41, "brief_delivered"), e("R3", 90, "brief_reopened", "UAPP", reason="logo")]
    r4 = [submitted("R4", 24), shown("R4", 25, 8, 4), e("R4", 49, "reply_read", "USTK", wish="question")]
    r4 += [spent("R4", 49, 0.40)]
    r5 = [submitted("R5", 30), shown("R5", 31, 4, 4), change("R5", 35, "edit"), spent("R5", 54, 0.30)]
    r5 += [e("R5", 54, "brief_withdrawn", "UREQ", reason="gone")]
    r6 = [submitted("R6", 100), shown("R6", 101, 8, 4), spent("R6", 101, 0.40)]
    return [*r1, *r2, *r3, *r4, *r5, *r6]


def test_a_whole_week_by_hand() -> None:
    end = MONDAY + timedelta(hours=168)
    week = digest.of(_week(), "2026-W46", "UTC", end)
    lives = metrics.lives(_week(), end)
    assert (week.submitted, week.approved, week.delivered) == (6, 3, 3)
    rows = metrics.until_approval(lives, end)
    assert reached(rows, HALF) == 30 * 3600  # approved-only would have said 10
    assert reached(metrics.until_response(lives, end), HALF) == 4 * 3600
    assert week.ttfa["wall"].median_s is None and week.ttfa["wall"].n == 6 and week.ttfa["wall"].n_open == 3
    assert week.first_pass_yield == 1 / 4
    assert week.rounds_median == 2
    assert (week.generated, week.shown) == (46, 30)
    assert week.usd == 3.35 and week.usd_per_approved == pytest.approx(3.35 / 3)
    assert week.reopened_share == 1 / 3
    assert [(w.brief, w.age_s / 3600) for w in week.waiting] == [("R3", 158), ("R4", 144), ("R6", 68)]
    assert [life.rounds for life in lives if life.approved] == [1, 2, 3]


def test_a_quiet_week_says_nothing_it_cannot_know() -> None:
    week = digest.of([], "2026-W46", "Europe/Berlin", MONDAY)
    assert (
        week.usd_per_approved is None and week.first_pass_yield is None and week.ttfa["wall"].median_s is None
    )


def test_eight_briefs_make_a_median_and_thirty_a_p90() -> None:
    assert digest.span([(float(i), True) for i in range(7)]).median_s is None
    assert digest.span([(float(i), True) for i in range(8)]).median_s == 3
    assert digest.span([(float(i), True) for i in range(29)]).p90_s is None
    assert digest.span([(float(i), True) for i in range(30)]).p90_s == 26


def test_an_exported_line_comes_back_the_same() -> None:
    for entry in _week():
        assert Entry.read(entry.line()).line() == entry.line()
