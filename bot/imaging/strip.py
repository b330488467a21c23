"""The states of a draft side by side, in the order they were made."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image, ImageDraw

from bot.imaging import lettering
from bot.imaging.grid import BAR, GAP, INK, PAPER, flat, plate

ROW = 4
"""States in a row."""
MUTED = "#6b6b6b"


def strip(
    pictures: Sequence[Image.Image], names: Sequence[str], notes: Sequence[str], width: int = 1600
) -> Image.Image:
    """One RGB sheet. ``notes`` stand under the pictures ("now", "undone")."""
    columns = min(ROW, len(pictures))
    cell = (width - GAP) // columns - GAP
    small = [flat(p) for p in pictures]
    for picture in small:
        picture.thumbnail((cell, cell), Image.Resampling.LANCZOS)
    rows = [small[i : i + columns] for i in range(0, len(small), columns)]
    heights = [max(p.height for p in row) + 2 * BAR for row in rows]
    sheet = Image.new("RGB", (columns * (cell + GAP) + GAP, sum(heights) + GAP * (len(rows) + 1)), PAPER)
    pen, face = ImageDraw.Draw(sheet), lettering.font(22)
    y = GAP
    for number, row in enumerate(rows):
        for column, picture in enumerate(row):
            at, x = number * columns + column, GAP + column * (cell + GAP)
            sheet.paste(picture, (x, y + BAR))
            plate(sheet, names[at], (x, y + BAR))
            note = notes[at]
            pen.text((x, y + BAR + picture.height + 6), note, font=face, fill=INK if note == "now" else MUTED)
        y += heights[number] + GAP
    return sheet
