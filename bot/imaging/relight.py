"""More or less light, as a camera would have caught it."""

from __future__ import annotations

import numpy as np
from PIL import Image

from bot.imaging import oklab


def relight(picture: Image.Image, stops: float) -> Image.Image:
    """RGB, same size, ``stops`` brighter (or darker, below 0) in linear light; highlights are rolled off."""
    light = oklab.linear(np.arange(256, dtype=np.uint8)) * np.float32(2.0**stops)
    if stops > 0:
        # Reinhard's curve with a white point: mid-tones gain the stops, white stays white.
        white = np.float32(2.0**stops)
        light = light * (1 + light / white**2) / (1 + light * (1 / white))
        light = light / light.max()
    bytes_ = oklab.encoded(light)
    return picture.convert("RGB").point(list(bytes_) * 3)


def contrast(picture: Image.Image, amount: float) -> Image.Image:
    """RGB, same size; ``amount`` in steps of about a tenth, below 0 softer."""
    steps = np.arange(256) / 255
    curve = 0.5 + (steps - 0.5) * (1 + 0.15 * amount)
    return picture.convert("RGB").point([int(v) for v in np.rint(np.clip(curve, 0, 1) * 255)] * 3)
