"""Running means over arrays, and masks made larger or smaller; quick at any radius."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]


def mean(values: NDArray[Any], radius: int) -> Floats:
    """The mean over a square of ``2 * radius + 1`` (pixels), edges repeated. HxW or HxWxC, float32."""
    if radius == 0:
        return np.asarray(values, np.float32)
    out = np.asarray(values, np.float32)
    for axis in (0, 1):
        ends = [(0, 0)] * out.ndim
        ends[axis] = (radius + 1, radius)
        # Counts stay exact in 24 bits, and pixel values are right to a tenth of a level over 8192 of them.
        total = np.cumsum(np.pad(out, ends, mode="edge"), axis=axis, dtype=np.float32)
        span = 2 * radius + 1
        upper, lower = [slice(None)] * out.ndim, [slice(None)] * out.ndim
        upper[axis], lower[axis] = slice(span, None), slice(None, -span)
        out = ((total[tuple(upper)] - total[tuple(lower)]) / span).astype(np.float32)
    return out


def grown(inside: Bools, radius: int) -> Bools:
    """A mask (HxW), larger by ``radius`` pixels all round."""
    return np.asarray(mean(inside, radius) > 0)


def shrunk(inside: Bools, radius: int) -> Bools:
    """A mask (HxW), smaller by ``radius`` pixels all round, though not at the frame's edge."""
    return ~grown(~inside, radius)
