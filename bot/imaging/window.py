"""What an engine is shown of a picture: the region with what surrounds it, at a size the engine takes."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PIL import Image

Box = tuple[int, int, int, int]
Size = tuple[int, int]
MARGIN = 32
"""Pixels that are shown around a region at least."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """Pictures an engine takes, in pixels: both sides multiples of ``multiple`` and no longer than ``longest``,
    ``least`` to ``most`` pixels in all; ``ratios`` (width over height): the only shapes it knows, empty for any."""

    multiple: int = 1
    least: int = 1
    most: int = 8192 * 8192
    longest: int = 8192
    ratios: tuple[float, ...] = ()


ANY = Sizes()


@dataclass(frozen=True, slots=True)
class Window:
    """A part of a picture (``box``, end exclusive), and the ``size`` at which it is sent."""

    box: Box
    size: Size

    def cut(self, picture: Image.Image) -> Image.Image:
        """The part, at its own size."""
        return picture.crop(self.box)

    def sent(self, picture: Image.Image) -> Image.Image:
        """The part as the engine gets it; a mask (L) stays two-valued."""
        part = picture.crop(self.box)
        if part.size == self.size:
            return part
        if picture.mode == "L":  # however small it gets, nothing that is marked is lost
            return part.resize(self.size, Image.Resampling.BOX).point(lambda v: 255 if v else 0)
        return part.resize(self.size, Image.Resampling.LANCZOS)


def around(region: Box, frame: Size, context: float, sizes: Sizes) -> Window:
    """The window for a region. ``context``: how much is shown on each side, as a share of the region's longer side.

    It never leaves the frame. A shape the engine does not know is sent stretched, and fitted back the same way.

    >>> around((100, 100, 200, 200), (1000, 1000), 0.5, Sizes(multiple=16))
    Window(box=(46, 46, 254, 254), size=(208, 208))
    """
    margin = max(MARGIN, round(context * max(region[2] - region[0], region[3] - region[1])))
    wide = min(frame[0], region[2] + margin) - max(0, region[0] - margin)
    high = min(frame[1], region[3] + margin) - max(0, region[1] - margin)
    shapes = [_grown((wide, high), ratio) for ratio in sizes.ratios]
    inside = [shape for shape in shapes if shape[0] <= frame[0] and shape[1] <= frame[1]]
    if inside:
        wide, high = min(inside, key=math.prod)
    scale = _scale((wide, high), sizes)
    if scale == 1 and not inside:
        wide, high = (
            min(-(-side // sizes.multiple) * sizes.multiple, full)
            for side, full in zip((wide, high), frame, strict=True)
        )
    x = _begin((region[0] + region[2]) // 2, wide, frame[0])
    y = _begin((region[1] + region[3]) // 2, high, frame[1])
    shown = (wide, high)
    if sizes.ratios and not inside:
        nearest = min(sizes.ratios, key=lambda ratio: abs(math.log(ratio * high / wide)))
        shown = _grown((wide, high), nearest)
        scale = _scale(shown, sizes)
    return Window((x, y, x + wide, y + high), _rounded(shown, scale, sizes))


def rounded(size: Size, sizes: Sizes) -> Size:
    """The nearest size (pixels) that the engine draws: its shape, its limits, its multiples.

    >>> rounded((1080, 1080), Sizes(multiple=16))
    (1088, 1088)
    """
    shown: Size = size
    if sizes.ratios:
        nearest = min(sizes.ratios, key=lambda ratio: abs(math.log(ratio * size[1] / size[0])))
        shown = _grown(size, nearest)
    return _rounded(shown, _scale(shown, sizes), sizes)


def _grown(size: Size, ratio: float) -> Size:
    return max(size[0], round(size[1] * ratio)), max(size[1], round(size[0] / ratio))


def _scale(size: Size, sizes: Sizes) -> float:
    pixels, scale = math.prod(size), 1.0
    if pixels < sizes.least:
        scale = math.sqrt(sizes.least / pixels)
    elif pixels > sizes.most:
        scale = math.sqrt(sizes.most / pixels)
    return min(scale, sizes.longest / max(size))


def _rounded(size: Size, scale: float, sizes: Sizes) -> Size:
    up = scale > 1 or math.prod(size) * scale * scale <= sizes.least
    whole = math.ceil if up else math.floor if scale < 1 else round
    wide, high = (
        max(sizes.multiple, whole(side * scale / sizes.multiple - (1e-9 if up else -1e-9)) * sizes.multiple)
        for side in size
    )
    return wide, high


def _begin(centre: int, length: int, full: int) -> int:
    return min(max(0, centre - length // 2), full - length)
