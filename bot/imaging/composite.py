"""An edit is pasted inside its mask, and it is proved that nothing outside differs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageChops, ImageFilter, ImageOps

from bot.errors import Declined
from bot.imaging import smooth

_ROWS = 512
"""Rows that are compared at a time: little memory, and other threads get their turn (Pillow holds the lock)."""


@dataclass(frozen=True, slots=True)
class Proof:
    """``outside``: pixels that differ outside the mask; ``inside``: share of the mask that differs;
    ``share``: the mask's part of the picture, 0..1."""

    outside: int
    inside: float
    share: float


def patch(base: Image.Image, answer: Image.Image, mask: Image.Image, feather: int = 0) -> Image.Image:
    """``base`` with ``answer`` inside ``mask``. All of one size; base RGB or RGBA, mask L (0 = may not change).

    The feather (pixels) goes inward only; an answer without alpha leaves the base's alpha as it is.
    """
    soft = _softened(np.asarray(mask) > 0, feather)
    layer = answer if answer.mode == base.mode else answer.convert("RGB")
    if base.mode == "RGBA" and layer.mode == "RGB":
        layer.putalpha(base.getchannel("A"))
    return Image.composite(layer, base, soft)


def _softened(inside: smooth.Bools, feather: int) -> Image.Image:
    """The mask faded in from its edge: over ``feather`` pixels where it is at least four times as wide, over less
    where it is narrower, so that a thin stroke counts as much as a large patch."""
    rest, soft = inside, _mask(np.zeros_like(inside))
    while feather and rest.any():
        wide = smooth.grown(smooth.shrunk(inside, 2 * feather), 3 * feather) & inside
        if wide.any():
            blurred = _mask(smooth.shrunk(wide, feather)).filter(ImageFilter.GaussianBlur(feather / 2))
            soft = ImageChops.lighter(soft, ImageChops.darker(blurred, _mask(wide)))
            rest = rest & ~wide
        feather //= 2
    return ImageChops.lighter(soft, _mask(rest))


def prove(before: Image.Image, after: Image.Image, mask: Image.Image) -> Proof:
    """Compare every pixel and every channel. Raises Declined when the frame differs."""
    if before.size != after.size or before.mode != after.mode:
        raise Declined("The edit came back in another frame, so it was thrown away.")
    outside = inside = area = 0
    for top in range(0, before.height, _ROWS):
        band = (0, top, before.width, min(before.height, top + _ROWS))
        part = mask.crop(band)
        area += sum(part.histogram()[1:])
        difference = ImageChops.difference(before.crop(band), after.crop(band))
        box = difference.getbbox(alpha_only=False)
        if box is not None:  # only where anything differs at all is it counted pixel by pixel
            differs = np.asarray(difference.crop(box)).any(axis=2)
            meant = np.asarray(part.crop(box)) > 0
            outside += int((differs & ~meant).sum())
            inside += int((differs & meant).sum())
    return Proof(outside, inside / area if area else 0.0, area / (before.width * before.height))


def see_through(picture: Image.Image) -> bool:
    """Is any of it transparent, as a logo's ground is?"""
    return picture.mode == "RGBA" and sum(picture.getchannel("A").histogram()[:255]) > 0


def placed(picture: Image.Image, layer: Image.Image, mask: Image.Image) -> Image.Image:
    """The picture (RGB) with a see-through layer set whole into the middle of the mask's box, its shape kept."""
    out, box = picture.convert("RGB"), mask.getbbox() or (0, 0, *picture.size)
    wide, high = box[2] - box[0], box[3] - box[1]
    cut = layer.crop(layer.getchannel("A").getbbox() or (0, 0, *layer.size))
    fitted = ImageOps.contain(
        cut, (max(1, round(0.9 * wide)), max(1, round(0.9 * high))), Image.Resampling.LANCZOS
    )
    out.paste(fitted, (box[0] + (wide - fitted.width) // 2, box[1] + (high - fitted.height) // 2), fitted)
    return out


def grown(mask: Image.Image, pixels: int) -> Image.Image:
    """The mask, ``pixels`` larger all round."""
    return _mask(smooth.grown(np.asarray(mask) > 0, pixels)) if pixels else mask


def _mask(inside: smooth.Bools) -> Image.Image:
    return Image.fromarray(inside.astype(np.uint8) * np.uint8(255))
