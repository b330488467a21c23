"""Drafts side by side, each with the number people call it by."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image, ImageDraw

from bot.imaging import lettering

GAP = 16
BAR = 64
INK, PAPER, EMPTY = "#17181c", "#ffffff", "#e8e8ea"


def grid(
    pictures: Sequence[Image.Image], numbers: Sequence[int], longest: int = 1600, places: int = 0
) -> Image.Image:
    """One RGB sheet, row by row; two columns for up to four drafts, one row where they are tall. ``places``: so many
    cells there will be, empty ones among them while drafts are still on their way."""
    n = max(places, len(pictures))
    ratio = pictures[0].width / pictures[0].height
    columns = n if (ratio < 0.7 or n < 3) and ratio < 2.2 else (1 if ratio >= 2.2 else 2)
    rows = -(-n // columns)
    across, down = longest - GAP * (columns + 1), longest - (GAP + BAR) * rows - GAP
    width = min(across // columns, round(down / rows * ratio))
    height = max(1, round(width / ratio))
    sheet = Image.new("RGB", (columns * (width + GAP) + GAP, rows * (height + GAP + BAR) + GAP), PAPER)
    for i in range(len(pictures), n):
        x, y = GAP + i % columns * (width + GAP), GAP + BAR + i // columns * (height + GAP + BAR)
        pen = ImageDraw.Draw(sheet)
        pen.rectangle((x, y, x + width - 1, y + height - 1), fill=EMPTY)
        pen.text((x + width / 2, y + height / 2), "…", font=lettering.font(64), fill=INK, anchor="mm")
    for i, (picture, number) in enumerate(zip(pictures, numbers, strict=True)):
        x, y = GAP + i % columns * (width + GAP), GAP + BAR + i // columns * (height + GAP + BAR)
        sheet.paste(flat(picture).resize((width, height), Image.Resampling.LANCZOS), (x, y))
        plate(sheet, str(number), (x, y))
    return sheet


def plate(sheet: Image.Image, text: str, corner: tuple[int, int]) -> int:
    """A number on a dark plate above a picture whose top left is ``corner``; gives the plate's right edge."""
    face = lettering.font(40, bold=True)
    wide = max(BAR - 8, round(face.getlength(text) + 28))
    box = (corner[0], corner[1] - BAR + 2, corner[0] + wide, corner[1] - 6)
    pen = ImageDraw.Draw(sheet)
    pen.rounded_rectangle(box, radius=12, fill=INK)
    pen.text(((box[0] + box[2]) / 2, (box[1] + box[3]) / 2), text, font=face, fill=PAPER, anchor="mm")
    return box[2]


def flat(picture: Image.Image, paper: str = PAPER) -> Image.Image:
    """RGB; a see-through picture stands on ``paper``."""
    if picture.mode != "RGBA":
        return picture.convert("RGB")
    ground = Image.new("RGB", picture.size, paper)
    ground.paste(picture, mask=picture.getchannel("A"))
    return ground
