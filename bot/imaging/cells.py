"""A labelled grid over a picture, so that anybody can point in words: "fix B3", "remove what is in B2-C3"."""

from __future__ import annotations

import re
import string

from PIL import Image, ImageDraw

from bot.imaging import lettering
from bot.imaging.grid import flat
from bot.imaging.window import Box, Size

MOST = 8
"""Cells along the longer side."""
_CELLS = re.compile(r"(?<![\w#])([A-Ha-h])([1-8])(?:\s*(?:-|–|:|to|bis|a|à)\s*([A-Ha-h])([1-8]))?(?!\w)")


_INTO = re.compile(
    r"\b(?:in|at|from|inside|within|around|cells?|square|field|feld|bei|im|en|dans|case|casilla|celda|na|no|em)\s+$",
    re.I,
)


def shape(size: Size) -> tuple[int, int]:
    """Columns and rows: about square cells, ``MOST`` along the longer side.

    >>> shape((1080, 1920))
    (4, 8)
    """
    longest = max(size)
    columns, rows = (max(1, round(MOST * side / longest)) for side in size)
    return columns, rows


def box(said: str, size: Size, *, loosely: bool = False) -> Box | None:
    """The pixels of the first cell (or block of cells) that is named, None when none is. Letters are columns.

    A single cell is named by "in B3", "cell B3"; ``loosely``, also by "B3" alone, which may be vitamin B3.

    >>> box("darker in B3 please", (800, 800)), box("remove the vitamin B3 label", (800, 800))
    ((100, 200, 200, 300), None)
    """
    columns, rows = shape(size)
    for found in _CELLS.finditer(said):
        if not (found[3] or loosely or _INTO.search(said[: found.start()])):
            continue
        letters = [string.ascii_uppercase.index(c.upper()) for c in (found[1], found[3] or found[1])]
        numbers = [int(n) - 1 for n in (found[2], found[4] or found[2])]
        if max(letters) < columns and max(numbers) < rows:
            return (
                min(letters) * size[0] // columns,
                min(numbers) * size[1] // rows,
                (max(letters) + 1) * size[0] // columns,
                (max(numbers) + 1) * size[1] // rows,
            )
    return None


def overlay(picture: Image.Image, longest: int = 1200) -> Image.Image:
    """The picture (RGB, no side longer than ``longest``) under its labelled grid."""
    sheet = flat(picture)
    sheet.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    columns, rows = shape(picture.size)
    pen = ImageDraw.Draw(sheet, "RGBA")
    face = lettering.font(max(13, min(sheet.width // columns, sheet.height // rows) // 5), bold=True)
    for column in range(columns):
        for row in range(rows):
            x, y = column * sheet.width // columns, row * sheet.height // rows
            right, below = (column + 1) * sheet.width // columns, (row + 1) * sheet.height // rows
            pen.rectangle((x, y, right, below), outline=(255, 255, 255, 150), width=2)
            name = f"{string.ascii_uppercase[column]}{row + 1}"
            inked = pen.textbbox((x + 6, y + 4), name, font=face)
            pen.rectangle((inked[0] - 3, inked[1] - 2, inked[2] + 3, inked[3] + 2), fill=(23, 24, 28, 200))
            pen.text((x + 6, y + 4), name, font=face, fill="white")
    return sheet
