"""What is worth people's time: broken pictures and near-copies are kept back, and the most different ones shown."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bot.imaging import oklab, smooth
from bot.imaging.grid import flat
from bot.imaging.window import Size

FLAT, MUSH = 6.0, 0.35
"""Levels of 255: a picture that spreads less over all of it is empty; one whose finest structure is less is a blur."""
LEAST_SIDE = 256
"""Pixels; smaller is no draft."""
STRETCHED = 0.12
"""How far the shape may be off (logarithm of the ratio)."""
OFF_BRAND = 0.12
"""Distance in OKLab from every colour that was asked for, in nearly all of a picture."""
LEAST_SHARE = 0.02
"""Part of a picture that must be near one of the colours asked for."""
TWIN = 0.1
"""Fingerprints that differ in a smaller part are of the same picture to a busy eye."""
_SIDE = 16
Print = NDArray[np.bool_]


def fault(picture: Image.Image, asked: Size, colours: Sequence[str] = ()) -> str | None:
    """Why a drawn picture is not worth showing: "tiny", "shape", "flat", "blurred", "colours"; None when it is fine.

    ``asked``: the size (pixels) it should have; ``colours`` (#RRGGBB) that were asked for.
    """
    if min(picture.size) < min(LEAST_SIDE, *asked):
        return "tiny"
    if abs(math.log(picture.width * asked[1] / (picture.height * asked[0]))) > STRETCHED:
        return "shape"
    small = flat(picture)
    small.thumbnail((512, 512))
    pixels = np.asarray(small, np.float32)
    if float(pixels.std(axis=(0, 1)).max()) < FLAT:
        return "flat"
    grey = np.asarray(small.convert("L"), np.float32)
    if float(np.abs(grey - smooth.mean(grey, 1)).mean()) < MUSH:
        return "blurred"
    if colours and not _holds(small, colours):
        return "colours"
    return None


def _holds(picture: Image.Image, colours: Sequence[str]) -> bool:
    tiny = picture.resize((64, 64))
    pixels = oklab.lab(np.asarray(tiny, np.uint8).reshape(-1, 3))
    wanted = oklab.lab(np.array([[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in colours], np.uint8))
    away = np.linalg.norm(pixels[:, None] - wanted[None], axis=2).min(axis=1)
    return bool((away < OFF_BRAND).mean() >= LEAST_SHARE)


def fingerprint(picture: Image.Image) -> Print:
    """What a picture looks like from afar: where each channel gets lighter, to the right and downwards."""
    small = np.asarray(flat(picture).resize((_SIDE + 1, _SIDE + 1), Image.Resampling.BOX), np.float32)
    right = small[:-1, 1:] > small[:-1, :-1] + 1
    down = small[1:, :-1] > small[:-1, :-1] + 1
    return np.asarray(np.concatenate([right.ravel(), down.ravel()]))


def apart(one: Print, other: Print) -> float:
    """How different two pictures look, 0..1."""
    return float((one != other).mean())


def chosen(prints: Sequence[Print], shown: Sequence[Print], n: int) -> list[int]:
    """The ``n`` of ``prints`` that differ most from what is ``shown`` and from one another; near-copies only when
    nothing else is left. Indices, in the order they should be shown."""
    picked: list[int] = []
    seen = list(shown)
    while len(picked) < min(n, len(prints)):
        rest = [i for i in range(len(prints)) if i not in picked]
        best = max(rest, key=lambda i: (min((apart(prints[i], s) for s in seen), default=1.0), -i))
        picked.append(best)
        seen.append(prints[best])
    return picked


def twin(one: Print, others: Sequence[Print]) -> bool:
    """Is it a near-copy of one of the others?"""
    return any(apart(one, other) < TWIN for other in others)
