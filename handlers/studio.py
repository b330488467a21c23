"""Drawing and changing pictures: an engine's work is kept by its content, then taken by the desk."""

from __future__ import annotations

import asyncio
import io
import time
from dataclasses import replace

from PIL import Image

from bot.commands import AskRegion, Charge, GiveUp, Picture, Start, TakeDrafts, TakeVersion
from bot.engines.engine import Drawing, Subject
from bot.errors import Busy, Declined, Refused
from bot.fixing.fix import Fixed, Unsure, fix
from bot.imaging.picture import opened, png
from bot.jobs import Draw, Edit
from bot.model import Version, Wish
from bot.review.edits import is_open
from handlers.desk import Desk

SURE_PLACE = 0.7
"""From this confidence on a region is used; below it the person is shown it first."""


async def draw(desk: Desk, job: Draw) -> None:
    """Draw a round and hand the drafts over; a round that has its drafts is left alone."""
    brief = await desk.store.brief(job.brief)
    if brief is None or brief.rounds[job.round - 1].state != "drawing":
        return
    if not is_open(brief):
        await desk.perform(TakeDrafts(job.brief, job.round, ()))
        return
    begun = await desk.perform(Start(job.brief, round=job.round))
    if begun is None or begun.brief.rounds[job.round - 1].state != "drawing":
        return  # taken back in the meantime
    state, wanted = brief.rounds[job.round - 1], brief.wanted
    engine = desk.engines["local"]
    try:
        references = [await _opened(desk, sha) for sha in wanted.references]
        base = brief.version(state.base) if state.base else None
        size = (wanted.placement.width, wanted.placement.height)
        started = time.perf_counter()
        drawings = await engine.draw(
            wanted,
            n=state.count,
            size=size,
            wish=state.wish,
            references=references,
            seed=job.round - 1,
            like=await subject(desk, base) if base else None,
        )
        each = (time.perf_counter() - started) / max(1, len(drawings))
        pictures = [await _kept(desk, engine.name, d, each) for d in drawings]
    except (Declined, Refused) as why:
        await desk.perform(GiveUp(job.brief, str(why), round=job.round))
        return
    await desk.perform(TakeDrafts(job.brief, job.round, tuple(pictures)))


async def edit(desk: Desk, job: Edit) -> None:
    """Make one change of what the draft shows now; a change that has its answer is left alone."""
    brief = await desk.store.brief(job.brief)
    if brief is None or brief.changes[job.change - 1].state != "working":
        return
    change = brief.changes[job.change - 1]
    draft = brief.draft(change.draft)
    if draft is None:
        return
    begun = await desk.perform(Start(job.brief, change=job.change))
    if begun is None or begun.brief.changes[job.change - 1].state != "working":
        return  # taken back in the meantime
    named = draft.version(change.wish.version) if change.wish.version else None
    base, engine = named or draft.current, desk.engines["local"]
    started = time.perf_counter()
    try:
        references = [await _opened(desk, sha) for sha in brief.wanted.references]
        marked = await mask(desk, change.wish.mask) if change.wish.mask else None
        shown = await subject(desk, base)
        fixed = await fix(
            shown,
            change.wish,
            engine,
            mask=marked,
            references=references,
            seed=10 * job.change,
            least_sure=SURE_PLACE,
            locator=next((e for e in desk.engines.values() if e.abilities.locates), None),
        )
    except Unsure as unsure:
        sha = await desk.files.keep(await asyncio.to_thread(png, unsure.found.mask))
        await desk.perform(AskRegion(job.brief, job.change, base.name, sha, unsure.found.name))
        return
    except Busy as busy:
        await _charge(desk, job, change.wish, engine.name, busy.usd)
        raise
    except Declined as why:
        await _charge(desk, job, change.wish, engine.name, why.usd)
        await desk.perform(GiveUp(job.brief, str(why), change=job.change))
        return
    except Refused as why:
        await desk.perform(GiveUp(job.brief, str(why), change=job.change))
        return
    seconds = time.perf_counter() - started
    same_frame = fixed.mask is not None
    picture = await _kept(
        desk,
        engine.name,
        replace(
            fixed.drawing,
            picture=fixed.picture,
            labels=fixed.drawing.labels if same_frame else None,
            parts=fixed.drawing.parts if same_frame else (),
            scene=fixed.drawing.scene if same_frame else None,
            alt="",
            said=_said(fixed, change.wish),
        ),
        seconds,
        op=change.wish.kind.value,
        fixed=fixed,
    )
    await desk.perform(TakeVersion(job.brief, job.change, base.name, picture))


async def _charge(desk: Desk, job: Edit, wish: Wish, engine: str, usd: float) -> None:
    """Answers that were no good have cost what they cost."""
    if usd:
        await desk.perform(Charge(job.brief, wish.kind.value, engine, "", usd))


def _said(fixed: Fixed, wish: Wish) -> str:
    """What the engine says of its answer, and how well a colour was met."""
    met = f"{wish.colour}, ΔE {fixed.delta_e:.3f}." if fixed.delta_e is not None else ""
    return " ".join(filter(None, (fixed.drawing.said, met)))


async def subject(desk: Desk, version: Version) -> Subject:
    """A version's picture with what is known of it."""
    labels = await _image(desk, version.labels) if version.labels else None
    return Subject(await _image(desk, version.sha256), labels, version.parts, version.scene)


async def _kept(
    desk: Desk,
    engine: str,
    drawing: Drawing,
    seconds: float,
    op: str = "draw",
    fixed: Fixed | None = None,
) -> Picture:
    sha = await desk.files.keep(await asyncio.to_thread(png, drawing.picture))
    labels = await desk.files.keep(await asyncio.to_thread(png, drawing.labels)) if drawing.labels else None
    mask = await desk.files.keep(await asyncio.to_thread(png, fixed.mask)) if fixed and fixed.mask else None
    original = await desk.files.keep(drawing.original) if drawing.original else None
    return Picture(
        sha256=sha,
        width=drawing.picture.width,
        height=drawing.picture.height,
        engine=engine,
        model=drawing.model,
        usd=drawing.usd,
        seconds=round(seconds, 3),
        labels=labels,
        parts=drawing.parts,
        scene=drawing.scene,
        mask=mask,
        mask_share=fixed.share if fixed else None,
        changed_outside=fixed.changed_outside if fixed else None,
        original=original,
        seed=drawing.seed,
        op=op,
        said=drawing.said,
        alt=drawing.alt,
    )


async def _opened(desk: Desk, sha: str) -> Image.Image:
    data = await desk.files.read(sha)
    return await asyncio.to_thread(opened, data)


async def _image(desk: Desk, sha: str) -> Image.Image:
    """One of our own pictures, as it was stored."""
    data = await desk.files.read(sha)

    def load() -> Image.Image:
        picture = Image.open(io.BytesIO(data))
        picture.load()
        return picture

    return await asyncio.to_thread(load)


async def mask(desk: Desk, sha: str) -> Image.Image:
    """The mask an edit was made in."""
    return await _image(desk, sha)
