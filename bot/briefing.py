"""The words after ``/brief`` say what is wanted; this reads placement, count, brand, headline, deadline and
approvers out of them, and keeps every word."""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache
from importlib.resources import files

from bot import colours
from bot.errors import Refused
from bot.model import Placement, Wanted
from bot.wording import cut

LIMIT = 3000
MOST_DRAFTS = 4
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_QUOTED = re.compile(r"[\"“„«]([^\"“”„«»]{1,120})[\"”“»]")
_RATIO = re.compile(r"(?<!at )(?<![\d:.])([1-9]\d?)\s?[:x]\s?([1-9]\d?)(?![\d:.])(?!\s?(?:am|pm|h|uhr)\b)")
_PIXELS = re.compile(r"(?<!\d)(\d{3,5})\s?[x×]\s?(\d{3,5})(?!\d)")
_COUNT = re.compile(
    r"\b(\d{1,2}|one|two|three|four|a single)\s+(?:drafts?|options?|versions?|variants?|ideas?)\b", re.I
)
_BRAND = re.compile(
    r"\bbrand\s*[:=]\s*([^,;.\n]{2,60})"
    r"|\bfor\s+([A-Z&][\w'’&.-]*(?:\s+(?:(?:of|and|the|de|la|le|du|von|van|und|&)\s+)?[A-Z&][\w'’&.-]*)*)"
)
_WORD_COUNTS = {"one": 1, "a single": 1, "two": 2, "three": 3, "four": 4}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DUE = re.compile(
    r"\b(?:by|until|before|due(?:\s+on)?|deadline\s*:?)\s+(?:the\s+)?(?:end\s+of\s+)?(?:next\s+|this\s+)?"
    r"(?P<day>today|tonight|tomorrow|day|eod|" + "|".join(f"{d}|{d[:3]}" for d in _DAYS) + r"|"
    r"\d{4}-\d{2}-\d{2}|\d{1,2}(?:st|nd|rd|th)?\.?\s+(?:" + "|".join(_MONTHS) + r")[a-z]*|"
    r"(?:" + "|".join(_MONTHS) + r")[a-z]*\s+\d{1,2}(?:st|nd|rd|th)?)\b"
    r"(?:\s*,?\s*(?:at\s+)?(?P<clock>noon|midday|\d{1,2}(?::\d{2})?\s?(?:am|pm)|\d{1,2}:\d{2}))?",
    re.IGNORECASE,
)
_IN = re.compile(r"\b(?:due\s+)?in\s+(\d{1,3})\s+(hour|day|week)s?\b", re.IGNORECASE)
_CLOSING = time(18)


@cache
def placements() -> tuple[tuple[Placement, tuple[str, ...]], ...]:
    """All named placements with the words that pick them; the first is the default."""
    table = tomllib.loads(files("bot.data").joinpath("placements.toml").read_text("utf-8"))
    return tuple(
        (Placement(p["name"], p["width"], p["height"]), tuple(p["said"])) for p in table["placement"]
    )


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
    approvers = tuple(dict.fromkeys(_MENTION.findall(text)))
    bare = _MENTION.sub(" ", text)
    if not re.search(r"[^\W\d_]{2,}", re.sub(r":[a-z0-9_+'-]+:", "", bare)):
        raise Refused(
            "I could not find words to draw from. Try `/brief Summer sale poster for Park Avenue Bakery, 9:16, "
            'headline "Fresh at 7", by Friday`, or `/brief` alone for a form.'
        )
    unquoted = _QUOTED.sub(" ", bare)
    undated = _DUE.sub(" ", unquoted)
    brand = _BRAND.search(unquoted)
    quoted = _QUOTED.search(bare)
    return Wanted(
        text=text,
        title=title(bare),
        placement=placement(undated),
        count=_count(undated),
        brand=(brand.group(1) or brand.group(2)).strip(" .,") if brand else None,
        headline=quoted.group(1).strip() if quoted else None,
        deadline=deadline(unquoted, now=now, zone=zone),
        approvers=approvers,
        colours=colours.found(unquoted),
    )


def title(text: str) -> str:
    """The first clause without what is said elsewhere on the card."""
    rest = _QUOTED.sub(" ", _MENTION.sub(" ", text))
    for pattern in (_BRAND, _DUE, _IN, _PIXELS, _RATIO, _COUNT):
        rest = pattern.sub(" ", rest)
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
        if not (width <= 8192 and height <= 8192 and 1 / 8 <= width / height <= 8):
            raise Refused(
                f"I cannot draw {width} x {height}. Sides up to 8192 and ratios from 1:8 to 8:1 work."
            )
        return fit(f"{width} x {height}", width / height, pixels=width * height)
    if ratio := _RATIO.search(text):
        wide, high = int(ratio.group(1)), int(ratio.group(2))
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


def deadline(text: str, *, now: datetime, zone: tzinfo = UTC) -> datetime | None:
    """The moment the words name, UTC; a day without a clock means the end of its working day."""
    local = now.astimezone(zone)
    if span := _IN.search(text):
        hours = {"hour": 1, "day": 24, "week": 168}[span.group(2).lower()] * int(span.group(1))
        return (now + timedelta(hours=hours)).astimezone(UTC)
    due = _DUE.search(text)
    if due is None:
        return None
    clock = _clock(due.group("clock"))
    day = _day(due.group("day").lower(), local, clock)
    return datetime.combine(day, clock, zone).astimezone(UTC) if day else None


def _said(word: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE) is not None


def _count(text: str) -> int:
    found = _COUNT.search(text)
    if not found:
        return MOST_DRAFTS
    said = found.group(1).lower()
    n = _WORD_COUNTS.get(said) or int(said)
    if not 1 <= n <= MOST_DRAFTS:
        raise Refused(
            f"I show one to {MOST_DRAFTS} drafts at a time, not {n}: more than {MOST_DRAFTS} and nobody keeps track. "
            "React with 🔁 for another round."
        )
    return n


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
    digits, month = re.search(r"\d{1,2}", said), next((m for m in _MONTHS if m in said), None)
    if digits is None or month is None:
        return None
    try:
        day = today.replace(day=1, month=_MONTHS.index(month) + 1).replace(day=int(digits.group()))
    except ValueError:
        raise Refused(f"{said.title()} is not a day of the calendar.") from None
    return day if day >= today else day.replace(year=day.year + 1)
