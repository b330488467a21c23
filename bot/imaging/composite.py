"""An edit is pasted inside its mask, and it is proved that nothing outside differs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageChops, ImageFilter

from bot.errors import Declined


@dataclass(frozen=True, slots=True)
class Proof:
    """``outside``: pixels that differ outside the mask; ``inside``: share of the mask that differs;
    ``share``: the mask's part of the picture, 0..1."""

    outside: int
    inside: float
    share: float


def patch(base: Image.Image, answer: Image.Image, mask: Image.Image, feather: int = 0) -> Image.Image:
    """``base`` with ``answer`` inside ``mask``. All of one size; base RGB or RGBA, mask L (0 = may not change).

    The feather (pixels) goes inward only; an answer without alpha leaves the base's alpha as it is.
    """
    soft = mask.point(lambda v: 255 if v else 0)
    if feather:
        blurred = soft.filter(ImageFilter.MinFilter(2 * feather + 1)).filter(
            ImageFilter.GaussianBlur(feather / 2)
        )
        inner = ImageChops.darker(blurred, soft)
        soft = inner if inner.getbbox() else soft  # a mask thinner than the feather is pasted hard
    layer = answer if answer.mode == base.mode else answer.convert("RGB")
    if base.mode == "RGBA" and layer.mode == "RGB":
        layer.putalpha(base.getchannel("A"))
    return Image.composite(layer, base, soft)


def prove(before: Image.Image, after: Image.Image, mask: Image.Image) -> Proof:
    """Compare every pixel and every channel. Raises Declined when the frame differs."""
    if before.size != after.size or before.mode != after.mode:
        raise Declined("The edit came back in another frame, so it was thrown away.")
    a, b = np.asarray(before), np.asarray(after)
    differs = (a != b).any(axis=2)
    inside = np.asarray(mask) > 0
    area = int(inside.sum())
    return Proof(
        outside=int((differs & ~inside).sum()),
        inside=float((differs & inside).sum()) / area if area else 0.0,
        share=area / inside.size,
    )


def grown(mask: Image.Image, pixels: int) -> Image.Image:
    """The mask, ``pixels`` larger all round."""
    return mask.filter(ImageFilter.MaxFilter(2 * pixels + 1)) if pixels else mask
