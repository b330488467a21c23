"""An engine's answer is fitted back: it must lie where it should, in the picture's tone, without a seam to be seen."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from PIL import Image

from bot.errors import Rejected
from bot.imaging import composite, register, seam, smooth
from bot.imaging.picture import plain
from bot.imaging.window import Size
from bot.model import Kind

REPAINTED = frozenset({Kind.INPAINT, Kind.REMOVE, Kind.OUTPAINT})
"""Kinds whose region is drawn anew and should look as if it had always been there: other kinds mean to be seen."""
LETTERED = frozenset({Kind.TEXT, Kind.LOGO})
MOST_SHIFT = 6
"""Pixels by which an answer is moved back; one that lies further off is thrown away."""
MOST_STRETCH = 0.02
"""How far the shape of an answer may be off (logarithm of the ratio)."""
LEAST_ALIKE, LEAST_TEXTURE, MOST_ROUGH = 0.5, 5.0, 48.0
"""Where there is as much structure (levels) around the region, it must correlate as much with the answer's; where
there is less, colour may be off by so many levels."""
MOST_SEAM = 14.0
"""Levels (95th percentile along it) by which a seam may jump; less is not seen at a glance."""
FEATHER = 12
"""Pixels over which an answer is faded in, inward, at most; a sixth of the region's shorter side where that is less."""
LEAST_CHANGE = 1.0
"""Levels by which a region must differ on average to be called changed, and a fifth more than what is around it."""
SMEARED, LEAST_FINE = 0.35, 6.0
"""What is filled in has at least this part of the fine structure around it, where there is as much (levels)."""
FLAT = 4.0
"""Levels within which most of an empty patch lies."""
FADED, COLOURFUL = 0.4, 12.0
"""An answer keeps at least this part of the colour around the region, where there is as much (levels between the
strongest and the weakest channel)."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A window with the answer in it. ``shift`` (x, y) it was moved by; ``seam`` in levels, 0 where none is meant."""

    picture: Image.Image
    shift: tuple[int, int]
    seam: float


def fit(before: Image.Image, answer: Image.Image, mask: Image.Image, kind: Kind, sent: Size) -> Fit:
    """The window with the answer inside the mask. ``before`` RGB or RGBA; ``mask`` (L) of its size; ``sent`` the size
    at which the engine saw it; the answer of any mode and size. Raises Rejected, with what is wrong with the answer."""
    answer = _framed(before, plain(answer), sent, kind)
    exact = _same(before, answer, mask)  # it has left the rest alone: nothing can have moved
    match = None if exact else register.register(before, answer, mask)
    if match is not None:
        _judge(match)
        if match.texture < LEAST_TEXTURE and register.drifted(before, answer, mask):
            raise Rejected("has moved the picture")
        was, now = (_colour(p, mask) for p in (before, answer))
        if was >= COLOURFUL and now < FADED * was:
            raise Rejected("has lost the picture's colours")
        answer = register.moved(answer, match.shift)
    repainted = kind in REPAINTED
    if repainted or (kind in LETTERED and not exact):
        _look(before, answer, mask, kind, match.rough if match else 0.0)
    if repainted:
        answer = seam.toned(before, answer.convert("RGB"), mask)
    # Where the engine has left the rest alone, colours are exact up to the edge, and a hole needs no more than a touch.
    feather = _feather(mask, (2 if repainted else 0) if exact else FEATHER)
    after = composite.patch(before, answer, mask, feather)
    jump = seam.visible(before, after, mask, feather) if repainted else 0.0
    if jump > MOST_SEAM:
        raise Rejected("leaves an edge that can be seen")
    return Fit(after, match.shift if match else (0, 0), jump)


def _framed(before: Image.Image, answer: Image.Image, sent: Size, kind: Kind) -> Image.Image:
    if 2 * max(answer.size) < max(sent):
        raise Rejected("is far too small")
    stretch = abs(math.log(answer.width * sent[1] / (answer.height * sent[0])))
    if stretch > max(MOST_STRETCH, 1.5 / min(answer.size)):
        raise Rejected("has another frame")
    if answer.size != before.size:
        answer = answer.resize(before.size, Image.Resampling.LANCZOS)
    if answer.mode == "RGBA" and before.mode == "RGB":
        return Image.alpha_composite(before.convert("RGBA"), answer).convert("RGB")
    if answer.mode == "RGBA" and kind is not Kind.BACKGROUND:
        return answer.convert("RGB")  # only another background may change what is see-through
    return answer


def _judge(match: register.Match) -> None:
    if match.spread > 1 or max(map(abs, match.shift)) > MOST_SHIFT:
        raise Rejected("has moved the picture")
    if match.texture >= LEAST_TEXTURE:
        if match.alike < LEAST_ALIKE:
            raise Rejected("is another picture")
    elif match.rough > MOST_ROUGH:
        raise Rejected("is in other colours")


def _same(before: Image.Image, answer: Image.Image, mask: Image.Image) -> bool:
    known = before if before.mode == answer.mode else before.convert(answer.mode)
    return composite.prove(known, answer, mask).outside == 0


def _look(before: Image.Image, answer: Image.Image, mask: Image.Image, kind: Kind, rough: float) -> None:
    """Is there something in the region, and something new?"""
    inside = np.asarray(mask) > 0
    was, now = (np.asarray(p.convert("RGB"), np.float32)[inside] for p in (before, answer))
    change = float(np.abs(was - now).mean())
    if change <= max(LEAST_CHANGE, 1.2 * rough):
        raise Rejected("changes nothing there")
    if kind is Kind.REMOVE:  # nothing is what was asked for, if it looks like what is around it
        if _smeared(before, answer, mask):
            raise Rejected("leaves a smear")
        return
    core = smooth.shrunk(inside, 2)[inside]  # scaling has mixed the rim with what is around it
    if core.any():
        was, now = was[core], now[core]
    if _spread(now) <= FLAT < _spread(was) and not _flat_around(before, mask):
        raise Rejected("is an empty patch")


def _spread(pixels: smooth.Floats) -> float:
    """Levels between the darkest and the lightest of most pixels (Nx3), in the channel where they differ most."""
    return float(np.ptp(np.quantile(pixels, (0.1, 0.9), axis=0), axis=0).max())


def _colour(picture: Image.Image, mask: Image.Image) -> float:
    """How colourful it is outside the mask: mean levels between the strongest and the weakest channel."""
    by = max(1, min(picture.size) // 128)
    pixels = np.asarray(picture.convert("RGB").reduce(by))[np.asarray(mask.reduce(by)) == 0]
    return float(np.ptp(pixels, axis=1).mean()) if len(pixels) else 0.0


def _smeared(before: Image.Image, answer: Image.Image, mask: Image.Image) -> bool:
    inside = np.asarray(mask) > 0
    ring = smooth.grown(inside, 24) & ~smooth.grown(inside, 4)
    there, here = (np.asarray(p.convert("L"), np.float32) for p in (before, answer))
    if not ring.any():
        return False
    around = float(np.median(np.abs(there - smooth.mean(there, 3))[ring]))
    filled = float(np.median(np.abs(here - smooth.mean(here, 3))[inside]))
    return around >= LEAST_FINE and filled < SMEARED * around


def _flat_around(before: Image.Image, mask: Image.Image) -> bool:
    ring = np.asarray(composite.grown(mask, 8)) > np.asarray(mask)
    near = np.asarray(before.convert("RGB"), np.float32)[ring]
    return len(near) > 0 and _spread(near) <= 2 * FLAT


def _feather(mask: Image.Image, most: int) -> int:
    box = mask.getbbox()
    return 0 if box is None else min(most, min(box[2] - box[0], box[3] - box[1]) // 6)
