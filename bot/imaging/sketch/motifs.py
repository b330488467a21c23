"""Plain illustrations that stand for the subject until a model draws it."""

from __future__ import annotations

import re
from collections.abc import Callable
from math import cos, pi, sin

from bot.imaging.sketch.canvas import Box, Canvas

Motif = Callable[[Canvas, Box, str, str], None]
_WORDS = {
    "loaf": r"baker|bread|loaf|croissant|pastr|bun\b|toast|brot|pan\b",
    "cup": r"coffee|caf[eé]|tea\b|latte|espresso|cup|mug|breakfast|brunch",
    "bottle": r"wine|beer|drink|juice|bottle|perfume|lotion|serum|soda|water",
    "leaf": r"plant|leaf|leaves|garden|organic|vegan|spring|tree|green|nature|salad",
    "sun": r"summer|sun|holiday|beach|travel|sale|festival|morning",
    "rain": r"rain|autumn|storm|umbrella|cloud|weather",
    "phone": r"app\b|phone|mobile|software|tech|digital|online|launch",
    "gift": r"gift|christmas|birthday|present|black friday|holiday season|voucher",
}


def pick(text: str) -> str:
    """The motif for the words of a brief.

    >>> pick("Summer sale poster for a bakery"), pick("annual report")
    ('loaf', 'hills')
    """
    return next((name for name, words in _WORDS.items() if re.search(words, text.lower())), "hills")


def draw(canvas: Canvas, name: str, box: Box, ink: str, second: str) -> None:
    """The motif, as large as a square in the middle of the box allows, in two colours."""
    x0, y0, x1, y1 = box
    side = min(x1 - x0, y1 - y0)
    if side < 16:
        return
    left, top = (x0 + x1 - side) // 2, (y0 + y1 - side) // 2
    MOTIFS[name](canvas, (left, top, left + side, top + side), ink, second)


def _at(box: Box, x0: float, y0: float, x1: float, y1: float) -> Box:
    wide, high = box[2] - box[0], box[3] - box[1]
    return (
        round(box[0] + x0 * wide),
        round(box[1] + y0 * high),
        round(box[0] + x1 * wide),
        round(box[1] + y1 * high),
    )


def _round(canvas: Canvas, colour: str, box: Box, radius: float) -> None:
    canvas.shape(
        "subject",
        colour,
        box,
        lambda pen, ink, b: pen.rounded_rectangle(b, radius=radius * min(b[2], b[3]), fill=ink),
    )


def _loaf(canvas: Canvas, box: Box, ink: str, second: str) -> None:
    _round(canvas, ink, _at(box, 0.05, 0.3, 0.95, 0.82), 0.42)
    for x in (0.22, 0.42, 0.62):
        canvas.polygon(
            "subject",
            second,
            [(0.3, 0), (0.62, 0.06), (0.7, 1), (0.38, 0.94)],
            _at(box, x, 0.38, x + 0.16, 0.68),
        )


def _cup(canvas: Canvas, box: Box, ink: str, second: str) -> None:
    canvas.shape(
        "subject",
        ink,
        _at(box, 0.62, 0.42, 0.92, 0.74),
        lambda pen, i, b: pen.ellipse(b, outline=i, width=b[2] // 6),
    )
    canvas.shape(
        "subject",
        ink,
        _at(box, 0.16, 0.36, 0.74, 0.86),
        lambda pen, i, b: pen.rounded_rectangle((0, -b[3], b[2], b[3]), b[2] * 0.3, fill=i),
    )
    for x in (0.28, 0.43, 0.58):
        canvas.polygon(
            "subject",
            second,
            [(0.2, 1), (0.7, 0.66), (0.2, 0.33), (0.6, 0), (0.9, 0.3), (0.55, 0.4), (1, 0.7), (0.5, 1)],
            _at(box, x, 0.1, x + 0.09, 0.31),
        )


def _bottle(canvas: Canvas, box: Box, ink: str, second: str) -> None:
    _round(canvas, ink, _at(box, 0.44, 0.04, 0.56, 0.4), 0.2)
    _round(canvas, ink, _at(box, 0.34, 0.3, 0.66, 0.97), 0.25)
    canvas.rectangle("subject", second, _at(box, 0.34, 0.52, 0.66, 0.74))


def _leaf(canvas: Canvas, box: Box, ink: str, second: str) -> None:
    blade = [(0.5 + 0.42 * sin(pi * i / 24), i / 24) for i in range(25)]
    blade += [(0.5 - 0.42 * sin(pi * i / 24), i / 24) for i in range(24, -1, -1)]
    canvas.polygon("subject", ink, blade, _at(box, 0.2, 0.04, 0.8, 0.86))
    canvas.polygon(
        "subject", second, [(0.47, 0.12), (0.53, 0.12), (0.55, 1), (0.45, 1)], _at(box, 0.2, 0.1, 0.8, 0.97)
    )


def _sun(canvas: Canvas, box: Box, ink: str, second: str) -> None:
    points = [
        (0.5 + (0.5 if i % 2 else 0.37) * cos(pi * i / 16), 0.5 + (0.5 if i % 2 else 0.37) * sin(pi * i / 16))
        for i in range(32)
    ]
    canvas.polygon("subject", second, points, box)
    canvas.ellipse("subject", ink, _at(box, 0.2, 0.2, 0.8, 0.8))


def _rain(canvas: Canvas, box: Box, ink: str, second: str) -> None:
    for x, y in ((0.2, 0.64), (0.38, 0.72), (0.56, 0.64), (0.74, 0.72)):
        canvas.polygon(
            "subject", second, [(0.5, 0), (1, 0.7), (0.5, 1), (0, 0.7)], _at(box, x, y, x + 0.07, y + 0.2)
        )
    for b in ((0.06, 0.3, 0.5, 0.62), (0.28, 0.14, 0.72, 0.6), (0.5, 0.28, 0.94, 0.62)):
        canvas.ellipse("subject", ink, _at(box, *b))


def _phone(canvas: Canvas, box: Box, ink: str, second: str) -> None:
    _round(canvas, ink, _at(box, 0.28, 0.03, 0.72, 0.97), 0.16)
    canvas.rectangle("subject", second, _at(box, 0.32, 0.12, 0.68, 0.84))
    canvas.ellipse("subject", second, _at(box, 0.465, 0.875, 0.535, 0.945))


def _gift(canvas: Canvas, box: Box, ink: str, second: str) -> None:
    canvas.rectangle("subject", ink, _at(box, 0.14, 0.4, 0.86, 0.92))
    canvas.rectangle("subject", second, _at(box, 0.44, 0.3, 0.56, 0.92))
    canvas.rectangle("subject", ink, _at(box, 0.08, 0.3, 0.44, 0.44))
    canvas.rectangle("subject", ink, _at(box, 0.56, 0.3, 0.92, 0.44))
    for b in ((0.24, 0.1, 0.5, 0.3), (0.5, 0.1, 0.76, 0.3)):
        canvas.shape(
            "subject", second, _at(box, *b), lambda pen, i, e: pen.ellipse(e, outline=i, width=e[3] // 4)
        )


def _hills(canvas: Canvas, box: Box, ink: str, second: str) -> None:
    canvas.ellipse("subject", second, _at(box, 0.58, 0.08, 0.88, 0.38))
    canvas.polygon(
        "subject",
        ink,
        [(0, 1), (0.32, 0.05), (0.56, 0.62), (0.72, 0.3), (1, 1)],
        _at(box, 0.02, 0.2, 0.98, 0.92),
    )


MOTIFS: dict[str, Motif] = {
    "loaf": _loaf,
    "cup": _cup,
    "bottle": _bottle,
    "leaf": _leaf,
    "sun": _sun,
    "rain": _rain,
    "phone": _phone,
    "gift": _gift,
    "hills": _hills,
}
