"""The words after ``/brief`` say what is wanted; this reads placement, count, brand, headline, deadline and
approvers out of them, and keeps every word."""

from __future__ import annotations

import html
import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from bot import colours, policy
from bot.errors import Refused
from bot.model import Placement, Wanted
from bot.placements import placements
from bot.policy import Policy
from bot.wording import cut

LIMIT = 3000
MOST_DRAFTS = 4
_QUOTED = re.compile(r"(?<!\d)[\"“„«]([^\"“”„«»]{1,120})[\"”“»]")
_RATIOS = frozenset(
    "1:1 4:5 5:4 9:16 16:9 3:2 2:3 3:4 4:3 2:1 1:2 21:9 9:21 3:1 1:3 16:10 10:16 4:1 1:4 5:7 7:5".split()
)
_RATIO = re.compile(r"(?<![\d:.])([1-9]\d?)\s?[:x]\s?([1-9]\d?)(?![\d:.])(?!\s?(?:am|pm|h|uhr)\b)")
_SAYS_RATIO = re.compile(r"\b(?:ratio|format|aspect)\b", re.I)
_PIXELS = re.compile(r"(?<!\d)(\d{3,5})\s?[x×]\s?(\d{3,5})(?!\d)")
_COUNT = re.compile(
    r"\b(?:(one|a single|1)\s+(?:draft|option|version|variant|idea)"
    r"|(\d{1,2}|two|three|four)\s+(drafts|options|versions|variants|ideas))\b",
    re.I,
)
_WORD_COUNTS = {"one": 1, "a single": 1, "two": 2, "three": 3, "four": 4}
_NO_BRAND = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december christmas easter halloween thanksgiving ramadan diwali hanukkah valentine's
    valentines mother's father's spring summer autumn winter instagram facebook linkedin tiktok youtube twitter x
    pinterest whatsapp black cyber new q1 q2 q3 q4""".split()
)
_JOINERS = frozenset(
    ["of", "and", "the", "de", "la", "le", "du", "von", "van", "und", "&", "di", "del", "des"]
)
_SAID_BRAND = re.compile(r"\bbrand\s*[:=]\s*(.{2,60}?)(?=[,;.\n]|\s+\w+\s*[:=]|$)", re.I)
_FOR = re.compile(r"\bfor\s+((?:[\w'’&.-]+(?:\s+|(?=[,;]|$))){1,6})")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = {
    m: n
    for n, names in enumerate(
        (
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ),
        1,
    )
    for m in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DUE = re.compile(
    r"\b(?:by|until|before|due(?:\s+on)?|deadline\s*:?)\s+(?:the\s+)?(?:end\s+of\s+)?(?:next\s+|this\s+)?"
    r"(?P<day>today|tonight|tomorrow|day|eod|" + "|".join(_DAYS) + r"|"
    r"(?:mon|tue|wed|thu|fri|sat|sun)(?=\s*(?:[,.;!]|$|at\b|noon\b|\d))|"
    r"\d{4}-\d{2}-\d{2}|\d{1,2}(?:st|nd|rd|th)?\.?\s+(?:"
    + _MONTH
    + r")|(?:"
    + _MONTH
    + r")\s+\d{1,2}(?:st|nd|rd|th)?)\b"
    r"(?:\s*,?\s*(?P<at>at\s+)?(?P<clock>noon|midday|\d{1,2}(?::\d{2})?\s?(?:am|pm)|\d{1,2}:\d{2}))?",
    re.IGNORECASE,
)
_IN = re.compile(
    r"\b(?:due|needed|deadline|ready|within)\s+(?:in\s+)?(\d{1,3})\s+(hour|day|week)s?\b", re.IGNORECASE
)
_CLOSING = time(18)


def read(text: str, *, now: datetime, zone: tzinfo = UTC) -> Wanted:
    """What is wanted. ``zone`` is the requester's; ``now`` any aware time. Raises Refused with the way on.

    >>> w = read('Summer sale poster for Park Avenue Bakery, 9:16, headline "Fresh at 7"', now=datetime.now(UTC))
    >>> w.title, w.brand, w.headline, w.placement.name
    ('Summer sale poster', 'Park Avenue Bakery', 'Fresh at 7', '9:16')
    """
    text = " ".join(text.split())
    if len(text) > LIMIT:
        raise Refused(
            f"That brief has {len(text):,} characters; I can take {LIMIT:,}. Say what matters most, and put the "
            "rest in the thread. Nothing was started."
        )
    rule, approvers = policy.read(text)
    bare = " ".join(html.unescape(policy.without(text)).split())
    if not re.search(r"[^\W\d_]{2,}", re.sub(r":[a-z0-9_+'-]+:", "", bare)):
        raise Refused(
            "I could not find words to draw from. Try `/brief Summer sale poster for Park Avenue Bakery, 9:16, "
            'headline "Fresh at 7", by Friday`, or `/brief` alone for a form.'
        )
    unquoted = _QUOTED.sub(" ", bare)
    due = deadline(unquoted, now=now, zone=zone)
    if due is not None and due <= now:
        raise Refused(
            f"That deadline ({due.astimezone(zone):%d %b %Y %H:%M}) has passed already. Name a later one."
        )
    undated = _without_due(unquoted)
    quoted = _QUOTED.search(bare)
    return Wanted(
        text=bare,
        title=title(bare),
        placement=placement(undated),
        count=_count(undated),
        brand=brand(unquoted),
        headline=quoted.group(1).strip() if quoted else None,
        deadline=due,
        approvers=approvers,
        policy=rule if rule != Policy() else None,
        colours=colours.found(unquoted),
    )


def brand(text: str) -> str | None:
    """Whom it is for: "brand: Acme", or the capitalised words after "for".

    >>> brand("poster for Émile & Fils, 9:16"), brand("a card for Christmas"), brand("Brand: Acme")
    ('Émile & Fils', None, 'Acme')
    """
    if said := _SAID_BRAND.search(text):
        return said.group(1).strip(" .,")
    for found in _FOR.finditer(text):
        kept: list[str] = []
        for word in found.group(1).split():
            if not (word[0].isupper() or word[0] == "&" or (kept and word.lower() in _JOINERS)):
                break
            kept.append(word)
        while kept and kept[-1].lower() in _JOINERS:
            kept.pop()
        if kept and kept[0].lower().rstrip(".,") not in _NO_BRAND:
            return " ".join(kept).strip(" .,")
    return None


def title(text: str) -> str:
    """The first clause without what is said elsewhere on the card."""
    rest = _QUOTED.sub(" ", text)
    if name := brand(rest):
        rest = re.sub(rf"\b(?:for|brand\s*[:=])\s+{re.escape(name)}", " ", rest, flags=re.I)
    rest = _without_due(rest)
    for pattern in (_IN, _PIXELS, _RATIO):
        rest = pattern.sub(" ", rest)
    rest = re.sub(r"\s(?:of|for)\s", " ", _COUNT.sub(" ", rest), count=1) if _counted(rest) else rest
    rest = re.sub(
        r"\b(headline|approvers?|brand|please|cc|in|to)\b\s*[:=]?\s*(?=[,.;]|$)", " ", rest, flags=re.I
    )
    clause = next((c for c in re.split(r"[,;.\n]", rest) if re.search(r"\w{2,}", c)), rest)
    words = " ".join(clause.split()).strip(" -–:")
    return cut(words[:1].upper() + words[1:], 80) or "Untitled brief"


def placement(text: str) -> Placement:
    """The placement, size or ratio the words name; square when they name none."""
    if size := _PIXELS.search(text):
        width, height = int(size.group(1)), int(size.group(2))
        if not (width and height and width <= 8192 and height <= 8192 and 1 / 8 <= width / height <= 8):
            raise Refused(
                f"I cannot draw {width} x {height}. Sides up to 8192 and ratios from 1:8 to 8:1 work."
            )
        return fit(f"{width} x {height}", width / height, pixels=width * height)
    known = bool(_SAYS_RATIO.search(text))
    for ratio in _RATIO.finditer(text):
        wide, high = int(ratio.group(1)), int(ratio.group(2))
        if not known and f"{wide}:{high}" not in _RATIOS:
            continue  # "doors open 7:30" is a time
        if not 1 / 8 <= wide / high <= 8:
            raise Refused(
                f"I cannot draw {wide}:{high}. Ratios from 1:8 to 8:1 work, for example 9:16 or 16:9."
            )
        return fit(f"{wide}:{high}", wide / high)
    said = [(len(word), place) for place, words in placements() for word in words if _said(word, text)]
    return max(said, key=lambda s: s[0])[1] if said else placements()[0][0]


def fit(name: str, ratio: float, pixels: int = 1_050_000) -> Placement:
    """A placement of this ratio with about a megapixel at most; sides are even."""
    pixels = min(pixels, 1_600_000)
    height = round((pixels / ratio) ** 0.5 / 2) * 2
    return Placement(name, max(2, round(height * ratio / 2) * 2), max(2, height))


def names_a_time(text: str) -> bool:
    """Do the words name a deadline at all?"""
    return bool(_DUE.search(text) or _IN.search(text))


def deadline(text: str, *, now: datetime, zone: tzinfo = UTC) -> datetime | None:
    """The moment the words name, UTC; a day without a clock means the end of its working day."""
    local = now.astimezone(zone)
    if span := _IN.search(text):
        hours = {"hour": 1, "day": 24, "week": 168}[span.group(2).lower()] * int(span.group(1))
        return (now + timedelta(hours=hours)).astimezone(UTC)
    due = _DUE.search(text)
    if due is None:
        return None
    said = due.group("day").lower()
    clock = _clock(due.group("clock")) if _is_clock(due) else None
    if said == "tonight":
        clock = clock or time(23, 59)
    elif said in ("today", "eod", "day") and clock is None and local.time() >= _CLOSING:
        clock = time(23, 59)
    day = _day(said, local, clock or _CLOSING)
    return datetime.combine(day, clock or _CLOSING, zone).astimezone(UTC) if day else None


def _is_clock(due: re.Match[str]) -> bool:
    """ "by Friday, 9:16" names a ratio, "by Friday at 9:16" and "by Friday 17:00" a time."""
    said = (due.group("clock") or "").lower()
    return bool(said) and bool(due.group("at") or said not in _RATIOS)


def _without_due(text: str) -> str:
    """The text without its deadline; a ratio that follows it stays."""

    def left(due: re.Match[str]) -> str:
        return " " if not due.group("clock") or _is_clock(due) else f", {due.group('clock')}"

    return _IN.sub(" ", _DUE.sub(left, text))


def _said(word: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE) is not None


def _count(text: str) -> int:
    found = _COUNT.search(text)
    if not found:
        return MOST_DRAFTS
    said = (found.group(1) or found.group(2)).lower()
    n = _WORD_COUNTS.get(said) or int(said)
    if n > MOST_DRAFTS and found.group(3).lower() in ("ideas", "versions"):
        return MOST_DRAFTS  # "10 ideas for dinner" is what the picture is about
    if not 1 <= n <= MOST_DRAFTS:
        raise Refused(
            f"I show one to {MOST_DRAFTS} drafts at a time, not {n}: more than {MOST_DRAFTS} and nobody keeps track. "
            "React with 🔁 for another round."
        )
    return n


def _counted(text: str) -> bool:
    """Does the text say how many drafts, or is a number part of what the picture is about?"""
    found = _COUNT.search(text)
    said = (found.group(1) or found.group(2)).lower() if found else ""
    return bool(found) and (_WORD_COUNTS.get(said) or int(said)) <= MOST_DRAFTS


def _clock(said: str | None) -> time:
    if said is None:
        return _CLOSING
    said = said.lower().replace(" ", "")
    if said in ("noon", "midday"):
        return time(12)
    match = re.fullmatch(r"(\d{1,2})(?::(\d{2}))?(am|pm)?", said)
    if match is None:
        return _CLOSING
    hour, minute = int(match.group(1)), int(match.group(2) or 0)
    if match.group(3):
        hour = hour % 12 + (12 if match.group(3) == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else _CLOSING


def _day(said: str, local: datetime, clock: time) -> date | None:
    today = local.date()
    if said in ("today", "tonight", "eod", "day"):
        return today
    if said == "tomorrow":
        return today + timedelta(days=1)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", said):
        try:
            return date.fromisoformat(said)
        except ValueError:
            raise Refused(f"{said} is not a day of the calendar.") from None
    for n, name in enumerate(_DAYS):
        if said in (name, name[:3]):
            ahead = (n - today.weekday()) % 7
            if ahead == 0 and local.time() >= clock:
                ahead = 7
            return today + timedelta(days=ahead)
    digits, month = re.search(r"\d{1,2}", said), re.search(rf"\b(?:{_MONTH})\b", said)
    if digits is None or month is None:
        return None
    number, n = int(digits.group()), _MONTHS[month.group()]
    for year in range(today.year, today.year + 9):  # 29 February may be years away
        try:
            day = date(year, n, number)
        except ValueError:
            continue
        if day >= today:
            return day
    raise Refused(f"{said.title()} is not a day of the calendar.")
