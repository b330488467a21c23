"""Before and after, side by side, with the part that changed outlined."""

from __future__ import annotations

from PIL import Image, ImageDraw

from bot.imaging import lettering
from bot.imaging.grid import BAR, GAP, INK, PAPER, flat, plate
from bot.imaging.window import Box

SMALL = 0.3
"""A change of less than this part of the picture (its box) is shown from near, with the whole beside it."""


def before_after(
    before: Image.Image,
    after: Image.Image,
    mask: Image.Image | None,
    names: tuple[str, str],
    longest: int = 1600,
) -> Image.Image:
    """One RGB sheet. ``mask`` (L, size of ``after``) is outlined; None when the frame changed. A small change is cut
    out, before and after, with the whole picture beside them."""
    box = mask.getbbox() if mask is not None and before.size == after.size else None
    if box is None or (box[2] - box[0]) * (box[3] - box[1]) > SMALL * after.width * after.height:
        return _pair(before, after, box, names, longest)
    near = _around(box, after.size)
    side = round(longest * 0.72)
    pair = _pair(before.crop(near), after.crop(near), _within(box, near), names, side)
    whole = _fit(flat(after), longest - pair.width - GAP)
    if whole.height > pair.height - BAR - 2 * GAP:
        whole.thumbnail((whole.width, pair.height - BAR - 2 * GAP), Image.Resampling.LANCZOS)
    by = whole.width / after.width
    _outline(whole, tuple(round(v * by) for v in box))
    sheet = Image.new("RGB", (pair.width + whole.width + GAP, pair.height), PAPER)
    sheet.paste(pair)
    sheet.paste(whole, (pair.width, GAP + BAR))
    _title(ImageDraw.Draw(sheet), "the whole", pair.width, GAP + BAR)
    return sheet


def outlined(picture: Image.Image, mask: Image.Image) -> Image.Image:
    """The picture (RGB) with what lies outside the mask (L) greyed, and the mask's box outlined."""
    ground = flat(picture)
    pale = Image.blend(ground.convert("L").convert("RGB"), Image.new("RGB", ground.size, PAPER), 0.45)
    shown = Image.composite(ground, pale, mask.point(lambda v: 255 if v else 0))
    if box := mask.getbbox():
        _outline(shown, box)
    return shown


def _around(box: Box, frame: tuple[int, int]) -> Box:
    """The part of the picture that shows a change from near: about three times its size, no taller than wide."""
    side = round(1.6 * max(box[2] - box[0], box[3] - box[1], min(frame) // 8))
    wide, high = min(frame[0], side), min(frame[1], side)
    x = min(max(0, (box[0] + box[2] - wide) // 2), frame[0] - wide)
    y = min(max(0, (box[1] + box[3] - high) // 2), frame[1] - high)
    return x, y, x + wide, y + high


def _within(box: Box, part: Box) -> Box:
    return box[0] - part[0], box[1] - part[1], box[2] - part[0], box[3] - part[1]


def _pair(
    before: Image.Image, after: Image.Image, box: Box | None, names: tuple[str, str], longest: int
) -> Image.Image:
    side = max(before.width / before.height, after.width / after.height) < 1.9
    cell = (longest - 3 * GAP) // 2 if side else longest - 2 * GAP
    left, right = _fit(flat(before), cell), _fit(flat(after), cell)
    if box is not None:
        by = left.width / before.width
        _outline(left, tuple(round(v * by) for v in box))
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
        _title(pen, word, plate(sheet, name, (x, y)) + 14, y)
    return sheet


def _title(pen: ImageDraw.ImageDraw, word: str, x: float, y: int) -> None:
    pen.text((x, y - BAR / 2 - 2), word, font=lettering.font(30, bold=True), fill=INK, anchor="lm")


def _fit(picture: Image.Image, width: int) -> Image.Image:
    height = max(1, round(picture.height * width / picture.width))
    if height > width * 1.8:
        width, height = round(width * width * 1.8 / height), round(width * 1.8)
    return picture.resize((max(1, width), height), Image.Resampling.LANCZOS)


def _outline(picture: Image.Image, box: tuple[int, ...]) -> None:
    pen = ImageDraw.Draw(picture)
    pen.rectangle(box, outline="#ffffff", width=6)
    pen.rectangle(box, outline="#d7263d", width=3)
