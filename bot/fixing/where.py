"""Where an edit goes: by the engine's own eyes, by a box, by words; or in words for the person, why nowhere."""

from __future__ import annotations

import asyncio
import re

from PIL import Image, ImageChops

from bot.engines.engine import Engine, Subject
from bot.errors import Declined
from bot.imaging import calm, cells, composite, locate
from bot.imaging.locate import Box, Found
from bot.model import Kind, Wish

_BUT = re.compile(
    r"\b(?:everything|all|anything) (?:but|except(?: for)?|apart from|other than) ([^,.;]+)", re.I
)
_QUOTED = re.compile(r"[\"“”][^\"“”]*[\"“”]")
_SPOT = re.compile(
    r"\b((?:top|upper|bottom|lower|left|right|middle|cent(?:er|re))"
    r"(?:[ -](?:left|right|third|half|corner|quarter|edge|side))*)\b",
    re.I,
)
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


async def where(
    subject: Subject,
    wish: Wish,
    engine: Engine,
    *,
    box: Box | None,
    mask: Image.Image | None,
    locator: Engine | None = None,
) -> Found:
    """The region of an edit. A given ``mask`` (L) is kept to; a given ``box`` holds the region inside it; what is named
    and not found by its place or colour is looked for by the ``locator``.

    Raises Declined with what the person can do where nothing can be found.
    """
    if mask is not None:
        found = Found(await asyncio.to_thread(_two_valued, mask), "the marked area", 1.0)
    elif box is None and subject.scene and (own := await engine.locate(subject, wish)):
        found = own
    else:
        try:
            found = await asyncio.to_thread(_found, subject, wish, box)
        except Declined:
            seen = await locator.locate(subject, wish) if locator is not None and wish.region else None
            if seen is None:
                raise
            found = seen
    if found.mask.size != subject.picture.size:
        raise Declined("The mask has another size than the picture.")
    if found.mask.getbbox() is None:
        raise Declined("The marked area is empty. Mark the part that should change.")
    return found


def _two_valued(mask: Image.Image) -> Image.Image:
    return mask.convert("L").point(lambda v: 255 if v > 127 else 0)


def _found(subject: Subject, wish: Wish, box: Box | None) -> Found:
    picture = subject.picture
    said = _QUOTED.sub(" ", wish.words)
    if box is None and wish.kind is not Kind.BACKGROUND and (cell := cells.box(said, picture.size)):
        return Found(locate.box_mask(picture.size, cell), "the cells you named", 0.95)
    if box is not None:
        if not (0 <= box[0] < box[2] <= picture.width and 0 <= box[1] < box[3] <= picture.height):
            raise Declined(
                f"The box lies outside the picture, which is {picture.width} x {picture.height} pixels."
            )
        if wish.kind is Kind.RECOLOUR:
            return locate.thing(picture, box)
        return Found(locate.box_mask(picture.size, box), "the box", 1.0)
    but = _BUT.search(wish.words)
    if wish.kind is Kind.BACKGROUND and not but:
        return _background(subject)
    if (
        not but
        and (wish.region or "").lower().strip() in WHOLE
        and wish.kind in (Kind.RELIGHT, Kind.RECOLOUR)
    ):
        if wish.kind is Kind.RECOLOUR and wish.colour:
            return _background(subject)
        return Found(Image.new("L", picture.size, 255), "the whole picture", 1.0)
    if (
        subject.labels is not None
        and locate.named_part((wish.region or "").lower(), subject.parts) == "background"
    ):
        return _background(subject)
    region = but.group(1) if but else wish.region
    found = locate.locate(picture, region, subject.labels, subject.parts)
    if found is not None and but:
        return Found(ImageChops.invert(found.mask), f"everything but {found.name}", found.confidence)
    if found is None and (cell := cells.box(said, picture.size, loosely=True)):
        return Found(locate.box_mask(picture.size, cell), "the cell you named", 0.6)
    if found is None and (spot := _SPOT.search(said)):
        place = locate.place(spot.group(1).lower(), picture.size)
        if (
            place
        ):  # "the cup at the top right": about there, so a person should look; words go where they are put
            sure = 0.9 if wish.kind in (Kind.TEXT, Kind.LOGO) else 0.6
            return Found(locate.box_mask(picture.size, place), spot.group(1), sure)
    if found is None and wish.kind is Kind.TEXT and wish.quoted:
        return Found(locate.box_mask(picture.size, calm.calmest(picture)), "the calmest part", 0.9)
    if found is None:
        thing = f"“{region}”" if region else "the part you mean"
        raise Declined(
            f"I cannot find {thing} in this picture without a model that sees. Say where it is (“top right corner”, "
            "“left third”), name its colour (“the red”) or a part of the sketch (background, headline, accent, "
            "subject, brand), or write “grid on 2” and name a cell (“B3”)."
        )
    return found


def _background(subject: Subject) -> Found:
    if subject.labels is not None and "background" in subject.parts:
        mask = locate.part_mask(subject.labels, subject.parts, "background")
        # Letters stand on the ground with soft edges; two pixels around it take the old colour's fringe along.
        return Found(composite.grown(mask, 2) if subject.scene else mask, "background", 0.95, whole=True)
    found = locate.background(subject.picture)
    if found is None:
        raise Declined(
            "I cannot tell the background from the subject here without a model that sees: its edge is too busy. "
            "Say where (“top half”, “left third”) or name its colour."
        )
    return found
