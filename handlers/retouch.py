"""One edit outside Slack: a file in, three pictures and the proof out."""

from __future__ import annotations

import asyncio
import hashlib
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PIL import Image

from bot.engines import catalogue, routing, table
from bot.engines.engine import Subject
from bot.errors import Refused
from bot.fixing.fix import Fixed, fix
from bot.imaging import compare
from bot.imaging.picture import opened, png
from bot.replies.read import read, read_edit
from bot.settings import Settings


async def retouch(
    photo: Path, say: str, out: Path, *, box: str | None, mask: Path | None, engine: str, settings: Settings
) -> dict[str, Any]:
    """Make the edit; gives the figures. Raises Refused, Declined or Misconfigured in words."""
    if box and mask:
        raise Refused("Give --box or --mask, not both.")
    picture = _picture(photo)
    wish = next((w for w in read(say, n_drafts=1) if w.kind.is_edit), None)
    if wish is None and (box or mask) and say.strip():
        wish = read_edit(say)  # who marks a spot wants a change there
    if wish is None:
        raise Refused(
            f"I could not read a change out of “{say}”. Try “make the cup #0057B8” or “remove the sticker”."
        )
    marked = _picture(mask).convert("L") if mask else None
    if marked is not None and marked.size != picture.size:
        raise Refused(
            f"The mask is {marked.width} x {marked.height}, the photo {picture.width} x {picture.height}."
        )
    started = time.perf_counter()
    known = catalogue.read(settings.engines, settings.prefer)
    engines = table.opened(known, settings.access, datetime.now(UTC).date(), font=settings.font)
    try:
        maker, locator = routing.chosen(engines, known, engine, wish), routing.locator(engines)
        fixed = await fix(
            Subject(picture), wish, maker, box=_box(box) if box else None, mask=marked, locator=locator
        )
    finally:
        await asyncio.gather(*(e.close() for e in engines.values()))
    seconds = time.perf_counter() - started
    after = await asyncio.to_thread(_written, out, picture, fixed)
    return {
        "op": wish.kind.value,
        "engine": maker.name,
        "model": fixed.drawing.model,
        "mask_share": round(fixed.share, 6),
        "changed_inside": round(fixed.changed_inside, 6),
        "changed_outside": fixed.changed_outside,
        "usd": fixed.drawing.usd,
        "seconds": round(seconds, 3),
        "sha256": hashlib.sha256(after).hexdigest(),
    }


def _written(out: Path, picture: Image.Image, fixed: Fixed) -> bytes:
    try:
        out.mkdir(parents=True, exist_ok=True)
        after = png(fixed.picture)
        (out / "after.png").write_bytes(after)
        (out / "mask.png").write_bytes(png(fixed.mask or Image.new("L", fixed.picture.size, 255)))
        sheet = compare.before_after(picture, fixed.picture, fixed.mask, ("1", "1b"))
        (out / "before_after.png").write_bytes(png(sheet))
    except OSError as error:
        raise Refused(f"{out} cannot be written ({error.strerror}).") from error
    return after


def _picture(path: Path) -> Image.Image:
    try:
        return opened(path.read_bytes(), path.name)
    except OSError as error:
        raise Refused(f"{path} cannot be read ({error.strerror}).") from error


def _box(said: str) -> tuple[int, int, int, int]:
    parts = said.replace(" ", "").split(",")
    if len(parts) != 4 or not all(p.isdigit() for p in parts):
        raise Refused(f"--box is {said!r}. Write four numbers: x0,y0,x1,y1.")
    x0, y0, x1, y1 = (int(p) for p in parts)
    return x0, y0, x1, y1
