"""Where a picture is calm enough to carry words."""

from __future__ import annotations

import numpy as np
from PIL import Image

from bot.imaging.locate import Box

SEEN = 96
"""Pixels of the longer side in which calm is looked for: texture counts, grain does not."""
RIM = 0.05


def calmest(picture: Image.Image) -> Box:
    """The quietest of the places where a headline may stand (pixels, end exclusive): the third at the top or at the
    bottom; of a wide picture also the half at the left or at the right."""
    wide, high = picture.size
    side = round(RIM * min(picture.size))
    third, half = round(high / 3), round(wide / 2)
    places = [(side, side, wide - side, third), (side, high - third, wide - side, high - side)]
    if wide > 1.3 * high:
        places += [(side, side, half, high - side), (half, side, wide - side, high - side)]
    small = picture.convert("L")
    small.thumbnail((SEEN, SEEN))
    scale = small.width / wide
    values = np.asarray(small, np.float32)
    steps = np.zeros_like(values)
    steps[:, 1:] += np.abs(np.diff(values, axis=1))
    steps[1:, :] += np.abs(np.diff(values, axis=0))

    def unrest(box: Box) -> float:
        left, top, right, bottom = (round(v * scale) for v in box)
        part = steps[top : max(bottom, top + 1), left : max(right, left + 1)]
        return float(part.mean())

    return min(places, key=unrest)
