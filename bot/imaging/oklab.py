"""OKLab, the colour space in which equal steps look equal (Björn Ottosson, 2020)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.float32]

_TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    np.float32,
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ],
    np.float32,
)
_FROM_LAB = np.linalg.inv(_TO_LAB.astype(np.float64)).astype(np.float32)
_FROM_LMS = np.linalg.inv(_TO_LMS.astype(np.float64)).astype(np.float32)
_STEPS = np.arange(256, dtype=np.float32) / 255
_LINEAR = np.where(_STEPS <= 0.04045, _STEPS / 12.92, ((_STEPS + 0.055) / 1.055) ** 2.4).astype(np.float32)


def linear(rgb: NDArray[np.uint8]) -> Pixels:
    """sRGB bytes (..., 3) to linear light, 0..1."""
    return np.asarray(_LINEAR[rgb], np.float32)


def encoded(light: NDArray[Any]) -> NDArray[np.uint8]:
    """Linear light to sRGB bytes, clipped."""
    light = np.clip(light, 0, 1)
    out = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.asarray(np.rint(out * 255), np.uint8)


def lab(rgb: NDArray[np.uint8]) -> Pixels:
    """sRGB bytes (..., 3) to OKLab: lightness 0..1, a and b about -0.4..0.4."""
    return np.asarray(np.cbrt(linear(rgb) @ _TO_LMS.T) @ _TO_LAB.T, np.float32)


def rgb(pixels: NDArray[Any]) -> NDArray[np.uint8]:
    """OKLab to sRGB bytes, clipped to what a screen shows."""
    return encoded((np.asarray(pixels, np.float32) @ _FROM_LAB.T) ** 3 @ _FROM_LMS.T)
