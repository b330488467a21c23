"""What the words of a wish say about how: colour, quoted wording, amount, shape, direction, count."""

from __future__ import annotations

import math
import re

from bot import colours
from bot.model import Kind, Wish
from bot.placements import placements
from bot.replies import roles as r
from bot.replies.lexicon import pattern
from bot.replies.meaning import PIXELS, RATIO
from bot.replies.targets import NUMBER_WORDS
from bot.replies.units import Unit

_QUOTE = re.compile(r"[\"“”]([^\"“”]{1,200})[\"“”]")
_A_BIT, _A_LOT = pattern("a_bit"), pattern("a_lot")
_TOO_BRIGHT, _TOO_DARK, _DARKER = pattern("too_bright"), pattern("too_dark"), pattern("darker")
_WAYS = ("left", "right", "up", "down")
_DIRECTIONS = re.compile("|".join(f"(?P<{way}>{pattern(way).pattern})" for way in _WAYS))
_GREY, _LESS_COLOUR, _MORE_COLOUR = pattern("grey"), pattern("less_colour"), pattern("more_colour")


def detailed(
    kind: Kind, units: list[Unit], plain: str, drafts: tuple[int, ...], part: str | None, sure: float
) -> Wish:
    """A wish with all that its units say; quoted wording is looked for in the whole message."""
    said = " ".join([u.text for u in units if not u.does & r.DRAFT])  # "top left" may be a draft
    found = colours.found(said) if kind in (Kind.RECOLOUR, Kind.BACKGROUND) else ()
    quoted = _QUOTE.search(plain)
    return Wish(
        kind,
        plain[:600],
        targets=drafts,
        region=part,
        colour=found[-1] if found else None,
        quoted=quoted.group(1) if quoted else None,
        amount=_amount(said, kind),
        ratio=_shape(said) if kind is Kind.OUTPAINT else None,
        direction=_direction(said) if kind.is_edit else None,
        count=_count(units) if kind in (Kind.REGENERATE, Kind.VARIANT) else None,
        confidence=sure,
    )


def _shape(said: str) -> str | None:
    """The ratio that is said, as numbers, as a size in pixels, or as a placement ("story")."""
    if pixels := PIXELS.search(said):
        width, height = (int(n) for n in re.findall(r"\d+", pixels.group()))
    elif ratio := RATIO.search(said):
        width, height = int(ratio.group(1)), int(ratio.group(2))
    else:
        named = [
            (len(w), p) for p, words in placements() for w in words if re.search(rf"\b{re.escape(w)}\b", said)
        ]
        if not named:
            return None
        place = max(named, key=lambda pair: pair[0])[1]
        width, height = place.width, place.height
    common = math.gcd(width, height) or 1
    return f"{width // common}:{height // common}"


def _direction(said: str) -> str | None:
    """One that is named, a side before up and down: "to the lower left"."""
    ways = {m.lastgroup for m in _DIRECTIONS.finditer(said)}
    return next((way for way in _WAYS if way in ways), None)


def _count(units: list[Unit]) -> int | None:
    """How many drafts are wished for: "another four", "two more like 2"."""
    for unit in units:
        if unit.does & r.DRAFT:
            continue
        if unit.does & r.NUMBER and unit.text.isdigit() and 0 < int(unit.text) <= 8:
            return int(unit.text)
        if count := next((n for w in unit.text.split() if (n := NUMBER_WORDS.get(w)) and w != "one"), None):
            return count
    return None


def _amount(said: str, kind: Kind) -> float | None:
    """Signed steps, 1 = "a bit"; -4 is black and white."""
    if kind not in (Kind.RELIGHT, Kind.RECOLOUR):
        return None
    size = 3.0 if _A_LOT.search(said) else 1.0 if _A_BIT.search(said) else 2.0
    if kind is Kind.RELIGHT:
        if _TOO_BRIGHT.search(said):
            return -size
        return -size if _DARKER.search(said) and not _TOO_DARK.search(said) else size
    if _GREY.search(said):
        return -4.0
    if _LESS_COLOUR.search(said):
        return -size
    return size if _MORE_COLOUR.search(said) else None
