"""A region becomes an exact colour and keeps its shading."""

from __future__ import annotations

import numpy as np
from PIL import Image

from bot.colours import rgb as triple
from bot.imaging import oklab


def recolour(picture: Image.Image, mask: Image.Image, colour: str) -> Image.Image:
    """RGB, same size: where ``mask`` (L) is set, the region's median becomes ``colour`` (#RRGGBB).

    In OKLab lightness is shifted by the medians, chroma turned and scaled, so that a flat region becomes
    exactly the colour and a shaded one keeps its shades.
    """
    pixels = np.array(picture.convert("RGB"))
    where = np.asarray(mask) > 0
    if not where.any():
        return picture.convert("RGB")
    region = oklab.lab(pixels[where])
    middle = np.median(region, axis=0)
    goal = oklab.lab(np.array([triple(colour)], np.uint8))[0]
    spread = region - middle
    out = goal + spread
    was, wanted = np.hypot(*middle[1:]), np.hypot(*goal[1:])
    if was > 0.02:
        # A colourful region: its weaker and stronger tints stay weaker and stronger around the new hue.
        turn = np.arctan2(goal[2], goal[1]) - np.arctan2(middle[2], middle[1])
        cos, sin = np.cos(turn) * wanted / was, np.sin(turn) * wanted / was
        out[:, 1] = region[:, 1] * cos - region[:, 2] * sin
        out[:, 2] = region[:, 1] * sin + region[:, 2] * cos
    changed = oklab.rgb(out)
    changed[(spread == 0).all(axis=1)] = triple(colour)  # rounding may not move a flat region off the colour
    pixels[where] = changed
    return Image.fromarray(pixels)


def away(picture: Image.Image, mask: Image.Image, colour: str) -> float:
    """How far the middle of a region is from a colour: distance of its OKLab median, 0 = exact (0.02 is just seen)."""
    region = oklab.lab(np.asarray(picture.convert("RGB"))[np.asarray(mask) > 0])
    goal = oklab.lab(np.array([triple(colour)], np.uint8))[0]
    return float(np.linalg.norm(np.median(region, axis=0) - goal))


def faded(picture: Image.Image, mask: Image.Image, amount: float) -> Image.Image:
    """More (amount > 0) or less (< 0) saturation where ``mask`` is set; -4 and below is black and white."""
    pixels = np.array(picture.convert("RGB"))
    where = np.asarray(mask) > 0
    region = oklab.lab(pixels[where])
    region[:, 1:] *= 0.0 if amount <= -4 else max(0.0, 1 + 0.22 * amount)
    pixels[where] = oklab.rgb(region)
    return Image.fromarray(pixels)
