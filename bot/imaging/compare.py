"""Before and after, side by side, with the part that changed outlined."""

from __future__ import annotations

from PIL import Image, ImageDraw

from bot.imaging import lettering
from bot.imaging.grid import BAR, GAP, INK, PAPER, flat, plate


def before_after(
    before: Image.Image,
    after: Image.Image,
    mask: Image.Image | None,
    names: tuple[str, str],
    longest: int = 1600,
) -> Image.Image:
    """One RGB sheet. ``mask`` (L, size of ``after``) is outlined on the left; None when the frame changed."""
    side = max(before.width / before.height, after.width / after.height) < 1.9
    cell = (longest - 3 * GAP) // 2 if side else longest - 2 * GAP
    left, right = _fit(flat(before), cell), _fit(flat(after), cell)
    if mask is not None and before.size == after.size:
        _outline(left, mask)
    if side:
        size = (left.width + right.width + 3 * GAP, max(left.height, right.height) + BAR + 2 * GAP)
        places = ((GAP, GAP + BAR), (left.width + 2 * GAP, GAP + BAR))
    else:
        size = (max(left.width, right.width) + 2 * GAP, left.height + right.height + 2 * BAR + 3 * GAP)
        places = ((GAP, GAP + BAR), (GAP, left.height + 2 * BAR + 2 * GAP))
    sheet = Image.new("RGB", size, PAPER)
    pen = ImageDraw.Draw(sheet)
    for picture, name, word, (x, y) in zip((left, right), names, ("before", "after"), places, strict=True):
        sheet.paste(picture, (x, y))
        right_edge = plate(sheet, name, (x, y))
        pen.text(
            (right_edge + 14, y - BAR / 2 - 2),
            word,
            font=lettering.font(30, bold=True),
            fill=INK,
            anchor="lm",
        )
    return sheet


def _fit(picture: Image.Image, width: int) -> Image.Image:
    height = max(1, round(picture.height * width / picture.width))
    if height > width * 1.8:
        width, height = round(width * width * 1.8 / height), round(width * 1.8)
    return picture.resize((max(1, width), height), Image.Resampling.LANCZOS)


def _outline(picture: Image.Image, mask: Image.Image) -> None:
    small = mask.resize(picture.size, Image.Resampling.NEAREST)
    box = small.getbbox()
    if box is None:
        return
    pen = ImageDraw.Draw(picture)
    pen.rectangle(box, outline="#ffffff", width=6)
    pen.rectangle(box, outline="#d7263d", width=3)
