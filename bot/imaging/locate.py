"""Words become a region without any model: named parts, places, colours, and a background told by its edge."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from bot import colours
from bot.imaging import oklab

Box = tuple[int, int, int, int]
Bools = NDArray[np.bool_]

_PARTS = {
    "background": ("background", "backdrop", "bg", "wall", "hintergrund", "fondo", "fond", "fundo", "背景"),
    "headline": (
        "headline",
        "title",
        "heading",
        "text",
        "wording",
        "slogan",
        "lettering",
        "copy",
        "words",
        "type",
    ),
    "brand": ("brand", "brand name", "logo", "name"),
    "subject": ("subject", "picture", "photo", "illustration", "drawing", "product", "image"),
    "accent": (
        "accent",
        "shape",
        "shapes",
        "circle",
        "sun",
        "band",
        "stripe",
        "frame",
        "border",
        "panel",
        "hill",
        "hills",
    ),
    "badge": ("badge", "sketch badge", "label", "sticker"),
}
_SHARES = {"third": 1 / 3, "half": 1 / 2, "quarter": 1 / 4, "corner": 1 / 3, "edge": 1 / 6, "side": 1 / 3}


@dataclass(frozen=True, slots=True)
class Found:
    """A region: ``mask`` (L, 255 = inside), what it is, and how sure that is (0..1). ``whole``: it is all of a named
    part of a sketch."""

    mask: Image.Image
    name: str
    confidence: float
    whole: bool = False


def locate(
    picture: Image.Image, words: str | None, labels: Image.Image | None = None, parts: Sequence[str] = ()
) -> Found | None:
    """The region the words name, None when nothing here can tell."""
    said = re.sub(r"\b(the|a|an|this|that|its|my|our)\b", " ", (words or "").lower())
    said = " ".join(re.sub(r"[^\w#\s-]", " ", said).split())
    if not said:
        return None
    if labels is not None and (part := named_part(said, parts)):
        mask = part_mask(labels, parts, part)
        if mask.getbbox():
            return Found(mask, part, 0.95, whole=True)
    if box := place(said, picture.size):
        return Found(box_mask(picture.size, box), said, 0.9)
    if _is_part(said, "background"):
        return background(picture)
    if named := colours.found(said):
        return by_colour(picture, named[0])
    return None


def named_part(said: str, parts: Sequence[str]) -> str | None:
    """Which of a sketch's own parts the words mean."""
    return next((p for p in parts if _is_part(said, p)), None)


def _is_part(said: str, part: str) -> bool:
    return any(re.search(rf"(?<!\w){re.escape(w)}(?!\w)", said) for w in _PARTS.get(part, (part,)))


def part_mask(labels: Image.Image, parts: Sequence[str], part: str) -> Image.Image:
    """The pixels of one named part."""
    index = list(parts).index(part) + 1
    return labels.point([255 if i == index else 0 for i in range(256)])


def place(said: str, size: tuple[int, int]) -> Box | None:
    """A box for "top right corner", "left third", "bottom half", "middle"; pixels, end exclusive."""
    width, height = size
    vertical = (
        "top"
        if re.search(r"\b(top|upper)\b", said)
        else "bottom"
        if re.search(r"\b(bottom|lower)\b", said)
        else None
    )
    horizontal = (
        "left" if re.search(r"\bleft\b", said) else "right" if re.search(r"\bright\b", said) else None
    )
    centre = re.search(r"\b(middle|cent(?:er|re))\b", said) is not None
    share = next((s for word, s in _SHARES.items() if re.search(rf"\b{word}\b", said)), None)
    rest = re.sub(
        r"\b(top|upper|bottom|lower|left|right|middle|center|centre|hand|in|at|on|of|part|area|most)\b",
        " ",
        said,
    )
    rest = re.sub(r"\b(" + "|".join(_SHARES) + r")\b", " ", rest).strip(" -")
    if rest or not (vertical or horizontal or centre):
        return None
    if centre and not (vertical or horizontal):
        return width // 3, height // 3, width - width // 3, height - height // 3
    share = share or (1 / 3 if vertical and horizontal else 1 / 2)
    across, down = round(width * share), round(height * share)
    x0, x1 = {"left": (0, across), "right": (width - across, width), None: (0, width)}[horizontal]
    y0, y1 = {"top": (0, down), "bottom": (height - down, height), None: (0, height)}[vertical]
    return x0, y0, x1, y1


def box_mask(size: tuple[int, int], box: Box) -> Image.Image:
    """A mask of the box (end exclusive), cut to the picture."""
    mask = Image.new("L", size, 0)
    x0, y0, x1, y1 = max(0, box[0]), max(0, box[1]), min(size[0], box[2]), min(size[1], box[3])
    if x1 > x0 and y1 > y0:
        ImageDraw.Draw(mask).rectangle((x0, y0, x1 - 1, y1 - 1), fill=255)
    return mask


def thing(picture: Image.Image, box: Box) -> Found:
    """The thing inside a box, told from what surrounds it: pixels unlike the box's own rim.

    The mask never leaves the box. Where the rim does not tell (too like, too busy), the whole box is meant.
    """
    crop = np.asarray(picture.convert("RGB").crop(box))
    whole = Found(box_mask(picture.size, box), "the box", 0.6)
    if min(crop.shape[:2]) < 12:
        return whole
    lab = oklab.lab(crop)
    rim = max(2, min(crop.shape[:2]) // 24)
    edge = np.concatenate(
        [
            lab[:rim].reshape(-1, 3),
            lab[-rim:].reshape(-1, 3),
            lab[:, :rim].reshape(-1, 3),
            lab[:, -rim:].reshape(-1, 3),
        ]
    )
    distance = _distance(lab, _clusters(edge, 4))
    cut = _otsu(distance)
    inside = distance > cut
    share = inside.mean()
    apart = distance[inside].mean() - distance[~inside].mean() if 0 < share < 1 else 0
    if not 0.04 < share < 0.9 or apart < 0.05:
        return whole
    small = Image.fromarray((inside * 255).astype(np.uint8)).filter(ImageFilter.MedianFilter(5))
    grown = _filled(np.asarray(small) > 0)
    mask = Image.new("L", picture.size, 0)
    mask.paste(Image.fromarray((grown * 255).astype(np.uint8)), box[:2])
    return Found(mask, "the thing in the box", 0.75)


def background(picture: Image.Image) -> Found | None:
    """What is like the picture's edge and hangs together with it; None where the edge is too busy to tell."""
    rgb = picture.convert("RGB")
    small = rgb.copy()
    small.thumbnail((320, 320), Image.Resampling.BILINEAR)
    lab = oklab.lab(np.asarray(small))
    height, width = lab.shape[:2]
    edge = np.concatenate([lab[:3].reshape(-1, 3), lab[:, :3].reshape(-1, 3), lab[:, -3:].reshape(-1, 3)])
    centres = _clusters(edge, 5)
    if float(np.quantile(_distance(edge[None], centres), 0.85)) > 0.06:
        return None
    like = _distance(lab, centres) < 0.075
    reached = np.zeros((height, width), np.bool_)
    reached[0], reached[:, 0], reached[:, -1] = like[0], like[:, 0], like[:, -1]
    reached = _flood(reached, like)
    share = reached.mean()
    if not 0.05 < share < 0.97:
        return None
    rough = Image.fromarray((reached * 255).astype(np.uint8)).resize(rgb.size, Image.Resampling.BILINEAR)
    near = np.asarray(rough.filter(ImageFilter.MaxFilter(5))) > 127
    fine = near & (_distance(oklab.lab(np.asarray(rgb)), centres) < 0.085)
    mask = Image.fromarray((fine * 255).astype(np.uint8)).filter(ImageFilter.MedianFilter(3))
    return Found(mask, "background", 0.7)


def by_colour(picture: Image.Image, colour: str) -> Found | None:
    """Everything of about this hue; None when there is hardly any."""
    lab = oklab.lab(np.asarray(picture.convert("RGB")))
    goal = oklab.lab(np.array([colours.rgb(colour)], np.uint8))[0]
    if np.hypot(*goal[1:]) < 0.04:
        inside = np.abs(lab - goal).max(axis=2) < 0.12
    else:
        chroma = np.hypot(lab[..., 1], lab[..., 2])
        turn = np.abs(
            np.angle(np.exp(1j * (np.arctan2(lab[..., 2], lab[..., 1]) - np.arctan2(goal[2], goal[1]))))
        )
        inside = (turn < 0.42) & (chroma > 0.05)
    if inside.mean() < 0.002:
        return None
    mask = Image.fromarray((inside * 255).astype(np.uint8)).filter(ImageFilter.MedianFilter(3))
    return Found(mask, colour, 0.65) if mask.getbbox() else None


def _clusters(points: NDArray[np.float32], k: int) -> NDArray[np.float32]:
    """k-means centres, started evenly along lightness so that the answer is always the same."""
    centres = points[np.argsort(points[:, 0])[np.linspace(0, len(points) - 1, k).astype(int)]]
    for _ in range(8):
        nearest = ((points[:, None] - centres[None]) ** 2).sum(-1).argmin(1)
        centres = np.array(
            [points[nearest == i].mean(0) if (nearest == i).any() else centres[i] for i in range(k)],
            np.float32,
        )
    return np.asarray(centres, np.float32)


def _distance(lab: NDArray[np.float32], centres: NDArray[np.float32]) -> NDArray[np.float32]:
    out = np.full(lab.shape[:2], np.inf, np.float32)
    for centre in centres:
        difference = lab - centre
        out = np.minimum(out, np.sqrt((difference * difference).sum(-1)))
    return out


def _otsu(values: NDArray[np.float32]) -> float:
    """The threshold that best parts the values in two (Otsu 1979)."""
    counts, edges = np.histogram(values, 64)
    middle = (edges[:-1] + edges[1:]) / 2
    below = np.cumsum(counts)
    above = below[-1] - below
    sums = np.cumsum(counts * middle)
    with np.errstate(divide="ignore", invalid="ignore"):
        between = below * above * (sums / below - (sums[-1] - sums) / above) ** 2
    return float(edges[1:][int(np.nanargmax(between))]) if np.isfinite(between).any() else float("inf")


def _flood(start: Bools, allowed: Bools) -> Bools:
    reached = start & allowed
    while True:
        grown = reached.copy()
        grown[1:] |= reached[:-1]
        grown[:-1] |= reached[1:]
        grown[:, 1:] |= reached[:, :-1]
        grown[:, :-1] |= reached[:, 1:]
        grown &= allowed
        if (grown == reached).all():
            return reached
        reached = grown


def _filled(inside: Bools) -> Bools:
    """Holes that do not touch the box's rim belong to the thing."""
    outside = np.zeros_like(inside)
    outside[0], outside[-1], outside[:, 0], outside[:, -1] = True, True, True, True
    return np.asarray(~_flood(outside, ~inside))
