"""Pictures as they are kept: an engine's work by its content, and back again with what is known of it."""

from __future__ import annotations

import asyncio
import io
import json

from PIL import Image

from bot.commands import Picture
from bot.engines.engine import Drawing, Subject
from bot.fixing.fix import Fixed
from bot.imaging import picture
from bot.model import Version
from handlers.desk import Desk


async def kept(
    desk: Desk,
    engine: str,
    drawing: Drawing,
    seconds: float,
    op: str = "draw",
    fixed: Fixed | None = None,
) -> Picture:
    """Store a drawing whole: the picture, what is where, the mask, the provider's own bytes, what it was asked."""

    async def stored(image: Image.Image | None) -> str | None:
        return await desk.files.keep(await asyncio.to_thread(picture.png, image)) if image else None

    request = json.dumps(drawing.request, sort_keys=True).encode() if drawing.request else None
    return Picture(
        sha256=await stored(drawing.picture) or "",
        width=drawing.picture.width,
        height=drawing.picture.height,
        engine=engine,
        model=drawing.model,
        usd=drawing.usd,
        seconds=round(seconds, 3),
        labels=await stored(drawing.labels),
        parts=drawing.parts,
        scene=drawing.scene,
        mask=await stored(fixed.mask) if fixed else None,
        mask_share=fixed.share if fixed else None,
        changed_outside=fixed.changed_outside if fixed else None,
        original=await desk.files.keep(drawing.original) if drawing.original else None,
        seed=drawing.seed,
        request=await desk.files.keep(request) if request else None,
        estimated=drawing.estimated,
        op=op,
        said=drawing.said,
        alt=drawing.alt,
    )


async def subject(desk: Desk, version: Version) -> Subject:
    """A version's picture with what is known of it."""
    labels = await _image(desk, version.labels) if version.labels else None
    return Subject(await _image(desk, version.sha256), labels, version.parts, version.scene)


async def mask(desk: Desk, sha: str) -> Image.Image:
    """The mask an edit was made in."""
    return await _image(desk, sha)


async def references(desk: Desk, shas: tuple[str, ...]) -> list[Image.Image]:
    """What people brought along."""
    return [await asyncio.to_thread(picture.opened, await desk.files.read(sha)) for sha in shas]


async def _image(desk: Desk, sha: str) -> Image.Image:
    """One of our own pictures, as it was stored."""
    data = await desk.files.read(sha)

    def load() -> Image.Image:
        found = Image.open(io.BytesIO(data))
        found.load()
        return found

    return await asyncio.to_thread(load)
