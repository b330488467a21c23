"""Where an answer meets the picture: its tone is brought to the picture's, and what is left to be seen is measured."""

from __future__ import annotations

import numpy as np
from PIL import Image

from bot.imaging import smooth
from bot.imaging.smooth import Bools, Floats
from bot.imaging.window import Box

BAND = 3
"""Pixels on each side of the seam that are compared."""
_ALONG = 4
"""Pixels along the seam over which they are averaged: grain is no seam."""
_NEAR = 12
"""Pixels around a region by which its tone is judged."""
_CELL = 2
"""Doublings up to cells over which tone is measured (4 x 4 pixels): a single pixel is grain."""
MOST_TONE = 40.0
"""Levels by which a tone is brought near; beyond, it is another picture."""


def toned(base: Image.Image, answer: Image.Image, mask: Image.Image) -> Image.Image:
    """``answer`` (RGB) brought to the tone that ``base`` has around the mask.

    Where the answer differs from the base around the mask, by that difference; where it is the base itself there, by
    what it jumps at the mask's edge. Either is carried inwards level by level (pull and push), so that every part of
    the seam meets its own surroundings.
    """
    box = _near(mask, _NEAR + 2)
    part = answer.crop(box)
    part.paste(_brought(base.convert("RGB").crop(box), part, np.asarray(mask.crop(box)) > 0))
    toned = answer.copy()
    toned.paste(part, box[:2])
    return toned


def _near(mask: Image.Image, reach: int) -> Box:
    """The mask's box and so many pixels around it, within the frame."""
    x0, y0, x1, y1 = mask.getbbox() or (0, 0, *mask.size)
    return max(0, x0 - reach), max(0, y0 - reach), min(mask.width, x1 + reach), min(mask.height, y1 + reach)


def _brought(base: Image.Image, answer: Image.Image, inside: Bools) -> Image.Image:
    there, here = np.asarray(answer, np.float32), np.asarray(base, np.float32)
    known = ~inside & smooth.grown(inside, _NEAR)
    if not known.any():
        return answer
    away = here - there
    if not away[known].any():
        known = inside & ~smooth.shrunk(inside, 2)
        near = ~inside & smooth.grown(inside, 2)
        away = _local(here, near) - _local(there, known)
        known &= (np.abs(away).max(axis=2) <= MOST_TONE) & smooth.grown(near, _ALONG)
        if not known.any():
            return answer
    away = np.clip(_carried(away * known[..., None], known), -MOST_TONE, MOST_TONE)
    return Image.fromarray(np.clip(np.rint(there + away), 0, 255).astype(np.uint8))


def _local(pixels: Floats, band: Bools) -> Floats:
    """The mean of a band's pixels (HxWxC) around each place."""
    weight = np.maximum(smooth.mean(band, _ALONG), 1e-6)[..., None]
    return np.asarray(smooth.mean(pixels * band[..., None], _ALONG) / weight, np.float32)


def _carried(sums: Floats, known: Bools) -> Floats:
    """Values (HxWxC, 0 where not known) as means over small cells, carried on to where nothing is known."""
    levels = [(sums, known.astype(np.float32))]
    while max(levels[-1][1].shape) > 1:
        levels.append((_halved(levels[-1][0]), _halved(levels[-1][1])))
    found = levels[-1][0] / levels[-1][1][..., None]
    for level in range(len(levels) - 2, -1, -1):
        total, weight = levels[level]
        found = np.repeat(np.repeat(found, 2, axis=0), 2, axis=1)[: weight.shape[0], : weight.shape[1]]
        found = smooth.mean(found, 1)
        if level >= _CELL:
            own = total / np.maximum(weight, 1e-6)[..., None]
            found = np.where(weight[..., None] > 0, own, found)
    return np.asarray(found, np.float32)


def _halved(values: Floats) -> Floats:
    """Sums over two by two."""
    ends = [(0, values.shape[0] % 2), (0, values.shape[1] % 2), *[(0, 0)] * (values.ndim - 2)]
    even = np.pad(values, ends)
    return even[::2, ::2] + even[1::2, ::2] + even[::2, 1::2] + even[1::2, 1::2]


def visible(before: Image.Image, after: Image.Image, mask: Image.Image, feather: int = 0) -> float:
    """How much more ``after`` jumps across the mask's edge (and its ``feather``, pixels) than ``before`` did there:
    levels of 255, by the 95th percentiles along the edge, at least 0. The frame's own edge is no seam."""
    box = _near(mask, BAND + _ALONG + 2)
    inside = np.asarray(mask.crop(box)) > 0
    deep = smooth.shrunk(inside, feather)
    inner, outer = deep & ~smooth.shrunk(deep, BAND), ~inside & smooth.grown(inside, BAND)
    edge = inside & ~smooth.shrunk(inside, 1) & smooth.grown(outer, BAND)
    if not edge.any() or not inner.any():
        return 0.0
    now, was = (_jump(p.convert("RGB").crop(box), inner, outer, edge, feather) for p in (after, before))
    return max(0.0, float(np.quantile(now, 0.95) - np.quantile(was, 0.95)))


def _jump(picture: Image.Image, inner: Bools, outer: Bools, edge: Bools, feather: int) -> Floats:
    pixels = np.asarray(picture, np.float32)
    means = []
    for band, reach in ((inner, _ALONG + feather), (outer, _ALONG)):
        weight = np.maximum(smooth.mean(band, reach), 1e-6)[..., None]
        means.append((smooth.mean(pixels * band[..., None], reach) / weight)[edge])
    return np.asarray(np.abs(means[0] - means[1]).max(axis=1), np.float32)
