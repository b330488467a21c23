"""A region becomes an exact colour and keeps its shading."""

from __future__ import annotations

import numpy as np
from PIL import Image

from bot.colours import rgb as triple
from bot.imaging import oklab

_ROWS, _SAMPLE = 512, 4_000_000
"""Rows that are worked on at a time, and pixels from which a median is taken."""


def recolour(picture: Image.Image, mask: Image.Image, colour: str) -> Image.Image:
    """RGB, same size: where ``mask`` (L) is set, the region's median becomes ``colour`` (#RRGGBB).

    In OKLab lightness is shifted by the medians, chroma turned and scaled, so that a flat region becomes
    exactly the colour and a shaded one keeps its shades.
    """
    out = picture.convert("RGB").copy()
    middle = _middle(out, mask)
    if middle is None:
        return out
    goal = oklab.lab(np.array([triple(colour)], np.uint8))[0]
    was, wanted = np.hypot(*middle[1:]), np.hypot(*goal[1:])
    for top in range(0, out.height, _ROWS):
        band = (0, top, out.width, min(out.height, top + _ROWS))
        where = np.asarray(mask.crop(band)) > 0
        if not where.any():
            continue
        pixels = np.array(out.crop(band))
        region = oklab.lab(pixels[where])
        spread = region - middle
        new = goal + spread
        if was > 0.02:
            # A colourful region: its weaker and stronger tints stay weaker and stronger around the new hue.
            turn = np.arctan2(goal[2], goal[1]) - np.arctan2(middle[2], middle[1])
            cos, sin = np.cos(turn) * wanted / was, np.sin(turn) * wanted / was
            new[:, 1] = region[:, 1] * cos - region[:, 2] * sin
            new[:, 2] = region[:, 1] * sin + region[:, 2] * cos
        changed = oklab.rgb(new)
        changed[(spread == 0).all(axis=1)] = triple(
            colour
        )  # rounding may not move a flat region off the colour
        pixels[where] = changed
        out.paste(Image.fromarray(pixels), band[:2])
    return out


def _middle(picture: Image.Image, mask: Image.Image) -> oklab.Pixels | None:
    """The OKLab median of a region, from every so manieth row and column of a large picture; None where it is empty."""
    by = max(1, round((picture.width * picture.height / _SAMPLE) ** 0.5))
    where = np.asarray(mask)[::by, ::by] > 0
    if not where.any():
        by, where = 1, np.asarray(mask) > 0
    if not where.any():
        return None
    return np.asarray(np.median(oklab.lab(np.asarray(picture)[::by, ::by][where]), axis=0), np.float32)


def away(picture: Image.Image, mask: Image.Image, colour: str) -> float:
    """How far the middle of a region is from a colour: distance of its OKLab median, 0 = exact (0.02 is just seen)."""
    middle = _middle(picture.convert("RGB"), mask)
    goal = oklab.lab(np.array([triple(colour)], np.uint8))[0]
    return float(np.linalg.norm(middle - goal)) if middle is not None else 0.0


def faded(picture: Image.Image, mask: Image.Image, amount: float) -> Image.Image:
    """More (amount > 0) or less (< 0) saturation where ``mask`` is set; -4 and below is black and white."""
    pixels = np.array(picture.convert("RGB"))
    where = np.asarray(mask) > 0
    region = oklab.lab(pixels[where])
    region[:, 1:] *= 0.0 if amount <= -4 else max(0.0, 1 + 0.22 * amount)
    pixels[where] = oklab.rgb(region)
    return Image.fromarray(pixels)
