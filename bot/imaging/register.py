"""Has an answer moved? It is compared with the picture where nothing should have changed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bot.imaging import smooth

REACH = 8
"""Pixels each way within which a shift is looked for."""
_POINTS = 4_000
"""Points of a quarter that are looked at."""
_FEWEST = 300
_SLOW = 6
"""Pixels over which a change of light or colour is slow."""
_CLEARLY = 0.85
_FAR, _CELLS = 0.5, 48
"""A picture without fine structure is compared as cells, so many along its shorter side; where cells lie elsewhere, the
difference falls to this part of what it is."""
_A_TRACE = 0.1
"""A shift is believed where the difference falls to this part of what it is without, and by a trace (levels)."""
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Match:
    """How an answer lies on the picture. ``shift`` (x, y; pixels to move it by), ``spread``: by how many pixels the
    quarters of the picture disagree on that, ``alike``: correlation of the fine structure there (-1..1), ``texture``:
    how much structure there is to go by, and ``rough``: the mean difference once moved; both in levels of 255."""

    shift: tuple[int, int]
    spread: int
    alike: float
    texture: float
    rough: float


def register(base: Image.Image, answer: Image.Image, mask: Image.Image) -> Match | None:
    """Compare outside ``mask`` (L); all of one size. None where too little stands still to tell.

    Every shift within ``REACH`` is tried on the points of ``base`` with the most structure; as both pictures are taken
    without their slow changes, light and colour do not disturb.
    """
    one, other = _fine(base), _fine(answer)
    height, width = one.shape
    still = np.zeros(one.shape, np.bool_)
    # As far from the region as a shift and the smoothing reach, nothing of what is new there disturbs.
    clear = ~smooth.grown(np.asarray(mask) > 0, REACH + _SLOW)
    still[REACH:-REACH, REACH:-REACH] = clear[REACH:-REACH, REACH:-REACH]
    points = np.flatnonzero(still)
    if len(points) < _FEWEST:
        return None
    strength = np.abs(one.ravel()[points])
    quarter = (points // width > height // 2) * 2 + (points % width > width // 2)
    quarters = [_strongest(points[quarter == k], strength[quarter == k]) for k in range(4)]
    starts = np.cumsum([len(some) for some in quarters[:3]])
    filled = [k for k, some in enumerate(quarters) if len(some) >= _FEWEST]
    points = np.concatenate(quarters)
    here, there = one.ravel()[points], other.ravel()
    steps = [(x, y) for y in range(-REACH, REACH + 1) for x in range(-REACH, REACH + 1)]
    sums = np.array(
        [
            [part.sum() for part in np.split(np.abs(here - there[points + y * width + x]), starts)]
            for x, y in steps
        ]
    )
    still_at = steps.index((0, 0))
    best = _best(sums.sum(axis=1) / len(points), still_at)
    own = [_best(sums[:, k] / len(quarters[k]), best) for k in filled]
    spread = max(
        (max(abs(steps[k][0] - steps[best][0]), abs(steps[k][1] - steps[best][1])) for k in own), default=0
    )
    x, y = steps[best]
    moved = there[points + y * width + x]
    texture = float(np.abs(here).mean())
    alike = float(np.corrcoef(here, moved)[0, 1]) if here.std() > 0 and moved.std() > 0 else 0.0
    return Match((-x, -y), spread, alike, texture, _rough(base, answer, points, y * width + x))


def drifted(base: Image.Image, answer: Image.Image, mask: Image.Image) -> bool:
    """Does the answer fit clearly better a good way off? For pictures too smooth for `register`: seen small, outside
    ``mask`` (L), and whatever the tone."""
    by = max(1, min(base.size) // _CELLS)
    one, other = (np.asarray(p.convert("L").reduce(by), np.float32) for p in (base, answer))
    free = np.asarray(mask.reduce(by)) == 0
    height, width = one.shape
    reach = min(REACH, height // 4, width // 4)
    found: dict[tuple[int, int], float] = {}
    for y in range(-reach, reach + 1):
        for x in range(-reach, reach + 1):
            here = slice(max(0, -y), height - max(0, y)), slice(max(0, -x), width - max(0, x))
            there = slice(max(0, y), height - max(0, -y)), slice(max(0, x), width - max(0, -x))
            both = free[here] & free[there]
            if np.count_nonzero(both) >= _FEWEST // 3:
                away = (other[there] - one[here])[both]
                found[x, y] = float(np.abs(away - np.median(away)).mean())
    still = found.get((0, 0), 0.0)
    return min(found.values(), default=0.0) < _FAR * still - _A_TRACE


def _strongest(points: NDArray[np.int64], strength: Floats) -> NDArray[np.int64]:
    return points if len(points) <= _POINTS else points[np.argpartition(strength, -_POINTS)[-_POINTS:]]


def _best(means: NDArray[np.float64], against: int) -> int:
    """The shift with the least mean difference (levels), if it is clearly less than with shift ``against``."""
    best = int(means.argmin())
    return best if means[best] < _CLEARLY * means[against] - _A_TRACE else against


def _fine(picture: Image.Image) -> Floats:
    grey = np.asarray(picture.convert("L"), np.float32)
    return grey - smooth.mean(grey, _SLOW)


def _rough(base: Image.Image, answer: Image.Image, points: NDArray[np.int64], step: int) -> float:
    one = np.asarray(base.convert("RGB")).reshape(-1, 3)[points].astype(np.int16)
    other = np.asarray(answer.convert("RGB")).reshape(-1, 3)[points + step].astype(np.int16)
    return float(np.abs(one - other).mean())


def moved(answer: Image.Image, shift: tuple[int, int]) -> Image.Image:
    """The answer moved by so many pixels; what comes in at the edge repeats it."""
    if shift == (0, 0):
        return answer
    pixels = np.asarray(answer)
    rows = np.clip(np.arange(pixels.shape[0]) - shift[1], 0, pixels.shape[0] - 1)
    columns = np.clip(np.arange(pixels.shape[1]) - shift[0], 0, pixels.shape[1] - 1)
    return Image.fromarray(np.ascontiguousarray(pixels[rows][:, columns]))
