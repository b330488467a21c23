"""What a server really does with a mask: it is given one and what comes back is compared, rather than believed."""

from __future__ import annotations

import asyncio

import numpy as np
from PIL import Image, ImageDraw

from bot.engines.engine import Mask, Subject
from bot.engines.remote import Remote
from bot.imaging.locate import box_mask
from bot.imaging.window import Size, rounded
from bot.model import Kind, Wish

SIDE = 512
EXACT, NEARLY = 1.5, 16.0
"""Levels by which the rest may differ on average: of a server that keeps to a mask, and of one that minds it."""


async def mask_of(engine: Remote) -> Mask:
    """HARD where it leaves the rest alone, SOFT where it nearly does, NONE where it draws the whole anew or moves it.

    Raises what any edit raises.
    """
    size = rounded((SIDE, SIDE), engine.abilities.sizes)
    # Off the middle: a server that knows no masks would rather put something there.
    box = (round(0.6 * size[0]), round(0.1 * size[1]), round(0.9 * size[0]), round(0.4 * size[1]))
    picture, mask = _picture(size), box_mask(size, box)
    wish = Wish(Kind.INPAINT, "a red kite in the sky", region="the top right")
    drawing = await engine.edit(Subject(picture), mask, wish, ())
    return await asyncio.to_thread(_judged, picture, drawing.picture, mask)


def _judged(picture: Image.Image, answer: Image.Image, mask: Image.Image) -> Mask:
    if answer.size != picture.size:
        return Mask.NONE
    away = np.abs(np.asarray(picture, np.float32) - np.asarray(answer.convert("RGB"), np.float32)).mean(
        axis=2
    )
    outside = float(away[np.asarray(mask) == 0].mean())
    if float(away[np.asarray(mask) > 0].mean()) < EXACT:
        return Mask.NONE  # it has changed nothing at all
    return Mask.HARD if outside <= EXACT else Mask.SOFT if outside <= NEARLY else Mask.NONE


def _picture(size: Size) -> Image.Image:
    """A table under a sky, with edges enough to see what moves."""
    picture = Image.linear_gradient("L").resize(size).convert("RGB")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, size[1] * 2 // 3, size[0], size[1]), fill="#7a5230")
    for x in range(0, size[0], 32):
        pen.line((x, size[1] * 2 // 3, size[0] - x, size[1]), fill="#5b3a1e", width=3)
    return picture
