"""One change of one picture: where it goes, who makes it, and the proof that nothing else moved."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from PIL import Image

from bot.engines.engine import Drawing, Engine, Subject
from bot.errors import Declined
from bot.imaging import composite, extend, locate
from bot.imaging.locate import Box
from bot.model import Kind, Wish

WHOLE = (
    None,
    "",
    "it",
    "everything",
    "the whole picture",
    "the picture",
    "the image",
    "all",
    "whole",
    "this",
)


@dataclass(frozen=True, slots=True)
class Fixed:
    """A change that was made and proved. ``mask`` is None when the frame itself changed."""

    picture: Image.Image
    drawing: Drawing
    mask: Image.Image | None
    region: str
    share: float
    changed_inside: float
    changed_outside: int


async def fix(
    subject: Subject,
    wish: Wish,
    engine: Engine,
    *,
    box: Box | None = None,
    mask: Image.Image | None = None,
    references: Sequence[Image.Image] = (),
) -> Fixed:
    """Make the change. A given ``mask`` is kept to; a given ``box`` holds the mask inside it.

    Raises Declined, in words for the person, when the region cannot be found, the engine cannot do it, or
    the proof fails.
    """
    if subject.picture.mode not in ("RGB", "RGBA"):
        subject = replace(subject, picture=subject.picture.convert("RGB"))
    if wish.kind not in engine.abilities.edits:
        await engine.edit(subject, Image.new("L", subject.picture.size, 255), wish, references)
        raise Declined(f"{engine.name} does not do that.")
    if wish.kind in (Kind.OUTPAINT, Kind.UPSCALE):
        if box is not None or mask is not None:
            raise Declined("Extending and enlarging change the whole frame; leave the marked area out.")
        return await asyncio.to_thread(_reframed, subject, wish)
    if mask is not None:
        found = locate.Found(mask.convert("L").point(lambda v: 255 if v > 127 else 0), "the marked area", 1.0)
    elif box is None and (own := await engine.locate(subject, wish)):
        found = locate.Found(own, wish.region or "the wording", 0.95)
    else:
        found = await asyncio.to_thread(_region, subject, wish, box)
    if found.mask.size != subject.picture.size:
        raise Declined("The mask has another size than the picture.")
    if found.mask.getbbox() is None:
        raise Declined("The marked area is empty. Mark the part that should change.")
    drawing = await engine.edit(subject, found.mask, wish, references)
    return await asyncio.to_thread(_proved, subject, drawing, found)


def _region(subject: Subject, wish: Wish, box: Box | None) -> locate.Found:
    picture = subject.picture
    if box is not None:
        if not (0 <= box[0] < box[2] <= picture.width and 0 <= box[1] < box[3] <= picture.height):
            raise Declined(
                f"The box lies outside the picture, which is {picture.width} x {picture.height} pixels."
            )
        if wish.kind is Kind.RECOLOUR:
            return locate.thing(picture, box)
        return locate.Found(locate.box_mask(picture.size, box), "the box", 1.0)
    if wish.kind is Kind.BACKGROUND:
        return _background(subject)
    if (wish.region or "").lower().strip() in WHOLE and wish.kind in (Kind.RELIGHT, Kind.RECOLOUR):
        if wish.kind is Kind.RECOLOUR and wish.colour:
            return _background(subject)
        return locate.Found(Image.new("L", picture.size, 255), "the whole picture", 1.0)
    if subject.labels and locate.named_part((wish.region or "").lower(), subject.parts) == "background":
        return _background(subject)
    found = locate.locate(picture, wish.region, subject.labels, subject.parts)
    if found is None:
        thing = f"“{wish.region}”" if wish.region else "the part you mean"
        raise Declined(
            f"I cannot find {thing} in this picture without a model that sees. Say where it is (“top right corner”, "
            "“left third”), name its colour (“the red”), or name a part of the sketch (background, headline, "
            "accent, subject, brand)."
        )
    return found


def _background(subject: Subject) -> locate.Found:
    if subject.labels is not None and "background" in subject.parts:
        mask = locate.part_mask(subject.labels, subject.parts, "background")
        # Letters stand on the ground with soft edges; two pixels around it take the old colour's fringe along.
        return locate.Found(composite.grown(mask, 2) if subject.scene else mask, "background", 0.95)
    found = locate.background(subject.picture)
    if found is None:
        raise Declined(
            "I cannot tell the background from the subject here without a model that sees: its edge is too busy. "
            "Say where (“top half”, “left third”) or name its colour."
        )
    return found


def _proved(subject: Subject, drawing: Drawing, found: locate.Found) -> Fixed:
    before = subject.picture
    if drawing.picture.size != before.size:
        raise Declined("The edit came back in another size, so it was thrown away. Try it once more.")
    after = composite.patch(before, drawing.picture, found.mask)
    proof = composite.prove(before, after, found.mask)
    if proof.outside:
        raise Declined(
            "The edit changed pixels outside its area, so it was thrown away. Nothing was changed."
        )
    if proof.inside == 0:
        raise Declined("That would change nothing: it already looks like this.")
    return Fixed(after, drawing, found.mask, found.name, proof.share, proof.inside, proof.outside)


def _reframed(subject: Subject, wish: Wish) -> Fixed:
    picture = subject.picture
    if wish.kind is Kind.UPSCALE:
        factor = min(4.0, max(2.0, wish.amount or 2.0))
        if max(picture.size) * factor > 8192:
            raise Declined(f"Enlarged {factor:g} times this would be over 8192 pixels wide or high.")
        large = extend.enlarge(picture, factor)
        drawing = Drawing(large, "lanczos", said="Enlarged, not redrawn: more pixels, no new detail.")
        return Fixed(large, drawing, None, "the whole picture", 1.0, 1.0, 0)
    ratio = _ratio(wish.ratio) if wish.ratio else None
    if ratio is None:
        raise Declined("Say the shape it should have, for example “make it 16:9”.")
    if not 1 / 8 <= ratio <= 8:
        raise Declined(f"{wish.ratio} is too long a shape. Ratios from 1:8 to 8:1 work.")
    if max(picture.height * ratio, picture.width / ratio) > 8192:
        raise Declined(f"As {wish.ratio} this would be over 8192 pixels wide or high.")
    if abs(ratio - picture.width / picture.height) < 0.01:
        raise Declined(f"It is {wish.ratio} already.")
    wider, at = extend.extend(picture, ratio)
    kept = wider.crop((*at, at[0] + picture.width, at[1] + picture.height))
    if kept.tobytes() != picture.tobytes():
        raise Declined("The picture changed while its canvas was extended, so it was thrown away.")
    share = 1 - picture.width * picture.height / (wider.width * wider.height)
    said = "The margin is a placeholder in the picture's own colours; a model can paint it properly."
    return Fixed(wider, Drawing(wider, "mirror", said=said), None, "the margin", share, 1.0, 0)


def _ratio(said: str) -> float | None:
    wide, _, high = said.replace("x", ":").partition(":")
    return int(wide) / int(high) if wide.isdigit() and high.isdigit() and int(high) and int(wide) else None
