"""Colours as people write them: #FFD400, ffd400 after "#", or a name."""

import re
import tomllib
from functools import cache
from importlib.resources import files

_HEX = re.compile(r"#([0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b")


@cache
def names() -> dict[str, str]:
    """Every named colour and its #RRGGBB."""
    table = tomllib.loads(files("bot.data").joinpath("colours.toml").read_text("utf-8"))
    return {str(k): str(v).upper() for k, v in table["names"].items()}


@cache
def _named() -> re.Pattern[str]:
    longest_first = sorted(names(), key=len, reverse=True)
    return re.compile(r"\b(" + "|".join(map(re.escape, longest_first)) + r")\b", re.IGNORECASE)


def found(text: str) -> tuple[str, ...]:
    """All colours in the text, in order, as #RRGGBB.

    >>> found("navy on #fd0, please")
    ('#14213D', '#FFDD00')
    """
    hits = [(m.start(), full(m.group(1))) for m in _HEX.finditer(text)]
    hits += [(m.start(), names()[m.group(1).lower()]) for m in _named().finditer(text)]
    return tuple(dict.fromkeys(colour for _, colour in sorted(hits)))


def full(digits: str) -> str:
    """Three or six digits as #RRGGBB."""
    return "#" + ("".join(d * 2 for d in digits) if len(digits) == 3 else digits).upper()


def rgb(colour: str) -> tuple[int, int, int]:
    """#RRGGBB as three bytes.

    >>> rgb("#FFD400")
    (255, 212, 0)
    """
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def luminance(colour: str) -> float:
    """Relative luminance of sRGB, 0..1 (WCAG 2.2)."""
    parts = [c / 255 for c in rgb(colour)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio 1..21 (WCAG 2.2)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
