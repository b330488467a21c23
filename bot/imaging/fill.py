"""A small hole is filled from the rest of the picture, patch by patch.

Multi-scale exemplar filling after Wexler, Shechtman and Irani (2007) with PatchMatch (Barnes et al. 2009).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

LARGEST = 140
"""Longest side of a hole, in pixels of a picture whose longest side is 1024; beyond, it looks wrong."""
_R = 3
Floats = NDArray[np.float32]


def too_large(mask: Image.Image, longest: int) -> bool:
    """Would a fill of this mask look wrong? ``longest``: the longest side of the whole picture, pixels."""
    box = mask.getbbox()
    if box is None:
        return False
    return max(box[2] - box[0], box[3] - box[1]) * 1024 / longest > LARGEST


def fill(picture: Image.Image, mask: Image.Image, longest: int, seed: int = 0) -> Image.Image:
    """RGB, same size, with the masked pixels taken from around the hole. The mask must not be too large.

    ``longest``: the longest side of the whole picture, of which this may be a window; pixels.
    """
    box = mask.getbbox()
    if box is None:
        return picture.convert("RGB")
    reach = max(48, int(1.2 * max(box[2] - box[0], box[3] - box[1])))
    window = (
        max(0, box[0] - reach),
        max(0, box[1] - reach),
        min(picture.width, box[2] + reach),
        min(picture.height, box[3] + reach),
    )
    whole, whole_hole = picture.convert("RGB").crop(window), mask.crop(window)
    crop, hole = whole, whole_hole
    if (shrink := longest / 1024) > 1:
        # Searched at the size the limit was measured at; at full size a photo would take minutes and gigabytes.
        size = (max(16, round(whole.width / shrink)), max(16, round(whole.height / shrink)))
        crop = whole.resize(size, Image.Resampling.BOX)
        hole = whole_hole.resize(size, Image.Resampling.BOX).point(lambda v: 255 if v else 0)
    levels = [(crop, hole)]
    while min(levels[-1][0].size) > 48 and (np.asarray(levels[-1][1]) > 0).sum() > 150:
        size = (levels[-1][0].width // 2, levels[-1][0].height // 2)
        levels.append(
            (
                levels[-1][0].resize(size, Image.Resampling.BOX),
                levels[-1][1].resize(size, Image.Resampling.BOX).point(lambda v: 255 if v else 0),
            )
        )
    dice = np.random.default_rng(seed)
    guess: Floats | None = None
    for small, gap in reversed(levels):
        pixels = np.asarray(small, np.float32).copy()
        inside = np.asarray(gap) > 0
        if guess is None:
            pixels[inside] = pixels[~inside].mean(0)
        else:
            larger = Image.fromarray(np.clip(guess, 0, 255).astype(np.uint8)).resize(
                small.size, Image.Resampling.BILINEAR
            )
            pixels[inside] = np.asarray(larger, np.float32)[inside]
        sharp = gap is levels[0][1]
        guess = _refined(pixels, inside, dice, rounds=6 if inside.sum() < 4000 else 4, sharp=sharp)
    filled = Image.fromarray(np.clip(guess if guess is not None else 0, 0, 255).astype(np.uint8))
    out = picture.convert("RGB")
    out.paste(filled.resize(whole.size, Image.Resampling.BICUBIC), window[:2], whole_hole)
    return out


def _refined(
    pixels: Floats, inside: NDArray[np.bool_], dice: np.random.Generator, *, rounds: int, sharp: bool
) -> Floats:
    """The holes voted for by the patches most like what is there. ``sharp``: in the end each pixel is that of its best
    patch alone, so that grain is not averaged away."""
    height, width = inside.shape
    padded_hole = np.pad(inside, _R, constant_values=True)
    windows = np.lib.stride_tricks.sliding_window_view(padded_hole, (2 * _R + 1, 2 * _R + 1))
    clean = np.asarray(~windows.any(axis=(2, 3)), np.bool_)
    sources = np.argwhere(clean)
    if len(sources) == 0:
        return pixels
    near = np.lib.stride_tricks.sliding_window_view(np.pad(inside, _R), (2 * _R + 1, 2 * _R + 1)).any(
        axis=(2, 3)
    )
    targets = np.argwhere(near)
    slot = np.full((height, width), -1)
    slot[tuple(targets.T)] = np.arange(len(targets))
    match = sources[dice.integers(0, len(sources), len(targets))]
    reach = max(height, width)
    for _ in range(rounds):
        padded = np.pad(pixels, ((_R, _R), (_R, _R), (0, 0)), mode="edge")
        patches = np.lib.stride_tricks.sliding_window_view(padded, (2 * _R + 1, 2 * _R + 1), axis=(0, 1))
        own = patches[targets[:, 0], targets[:, 1]]
        cost = ((patches[match[:, 0], match[:, 1]] - own) ** 2).sum(axis=(1, 2, 3))

        def better(
            trial: NDArray[np.int64], cost: Floats = cost, own: Floats = own, patches: Floats = patches
        ) -> None:
            ok = (trial >= 0).all(1) & (trial[:, 0] < height) & (trial[:, 1] < width)
            ok[ok] = clean[trial[ok, 0], trial[ok, 1]]
            at = np.flatnonzero(ok)
            new = ((patches[trial[at, 0], trial[at, 1]] - own[at]) ** 2).sum(axis=(1, 2, 3))
            win = new < cost[at]
            match[at[win]] = trial[at[win]]
            cost[at[win]] = new[win]

        for step in ((0, 1), (0, -1), (1, 0), (-1, 0)):
            there = targets - step
            valid = (there >= 0).all(1) & (there[:, 0] < height) & (there[:, 1] < width)
            index = np.where(valid, slot[there[:, 0].clip(0, height - 1), there[:, 1].clip(0, width - 1)], -1)
            trial = np.where(index[:, None] >= 0, match[index] + step, -1)
            better(trial)
        radius = reach
        while radius >= 1:
            better(match + dice.integers(-radius, radius + 1, match.shape))
            radius //= 3
        total = np.zeros_like(padded)
        weight = np.zeros(padded.shape[:2], np.float32)
        trust = np.exp(-cost / (2 * max(float(np.median(cost)), 1.0))).astype(np.float32) + 1e-6
        for dy in range(2 * _R + 1):
            for dx in range(2 * _R + 1):
                sample = padded[match[:, 0] + dy, match[:, 1] + dx]
                np.add.at(total, (targets[:, 0] + dy, targets[:, 1] + dx), sample * trust[:, None])
                np.add.at(weight, (targets[:, 0] + dy, targets[:, 1] + dx), trust)
        voted = (total / np.maximum(weight, 1e-9)[..., None])[_R:-_R, _R:-_R]
        pixels = np.where(inside[..., None], voted, pixels)
    if sharp:
        copied = pixels.copy()
        copied[tuple(targets.T)] = pixels[tuple(match.T)]
        pixels = np.where(inside[..., None], copied, pixels)
    return pixels
