"""Changing a draft: the region, the engine, the proof; then the version is handed over."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from dataclasses import replace

from bot.commands import AskRegion, GiveUp, Start, TakeVersion
from bot.engines import routing
from bot.engines.engine import Engine
from bot.errors import Blocked, Busy, CalledOff, Declined, Lost, Misconfigured, OverBudget, Refused, Unknown
from bot.fixing.fix import Fixed, Unsure, fix
from bot.imaging.picture import png
from bot.jobs import Edit
from bot.model import Brief, Change, Version, Wish
from bot.review.edits import is_open
from handlers import pictures
from handlers.accounts import Account, Accounted, model_of, settle
from handlers.desk import Desk
from handlers.drawing import over, usual

log = logging.getLogger(__name__)
SURE_PLACE = 0.7
"""From this confidence on a region is used; below it the person is shown it first."""


async def edit(desk: Desk, job: Edit) -> None:
    """Make one change of what the draft shows now; a change that has its answer is left alone."""
    brief = await desk.store.brief(job.brief)
    if brief is None or brief.changes[job.change - 1].state != "working":
        await settle(desk, job.brief, f"{job.brief}:change:{job.change}", "edit")
        return
    if not is_open(brief):
        await settle(desk, job.brief, f"{job.brief}:change:{job.change}", "edit")
        await desk.perform(GiveUp(job.brief, "", change=job.change))  # closed meanwhile: it is dropped
        return
    change = brief.changes[job.change - 1]
    draft = brief.draft(change.draft)
    if draft is None:
        return
    try:
        engines = routing.for_edit(desk.engines, desk.catalogue, change.wish)
    except Declined as why:
        await desk.perform(GiveUp(job.brief, str(why), change=job.change))
        return
    begun = await desk.perform(Start(job.brief, change=job.change, usual=await usual(desk, engines[0])))
    if begun is None or begun.brief.changes[job.change - 1].state != "working":
        return  # taken back in the meantime
    named = draft.version(change.wish.version) if change.wish.version else None
    base = named or draft.current
    started = time.perf_counter()
    try:
        engine, fixed = await _fixed(desk, engines, brief, change, base)
    except Unsure as unsure:
        sha = await desk.files.keep(await asyncio.to_thread(png, unsure.found.mask))
        await desk.perform(AskRegion(job.brief, job.change, base.name, sha, unsure.found.name))
        return
    except OverBudget as why:
        await over(desk, why, job.brief, change=job.change)
        return
    except (Declined, Refused) as why:
        await desk.perform(GiveUp(job.brief, str(why), change=job.change))
        return
    same_frame = fixed.mask is not None
    drawing = replace(
        fixed.drawing,
        picture=fixed.picture,
        labels=fixed.drawing.labels if same_frame else None,
        parts=fixed.drawing.parts if same_frame else (),
        scene=fixed.drawing.scene if same_frame else None,
        alt="",
        said=_said(fixed, change.wish),
    )
    seconds = time.perf_counter() - started
    picture = await pictures.kept(desk, engine.name, drawing, seconds, op=change.wish.kind.value, fixed=fixed)
    booked = engine.name != routing.SKETCH
    await desk.perform(TakeVersion(job.brief, job.change, base.name, replace(picture, booked=booked)))


async def _fixed(
    desk: Desk, engines: Sequence[Engine], brief: Brief, change: Change, base: Version
) -> tuple[Engine, Fixed]:
    """The change by the first engine that can make it. A second one is asked only where the first has cost nothing."""
    references = await pictures.references(desk, brief.wanted.references)
    marked = await pictures.mask(desk, change.wish.mask) if change.wish.mask else None
    shown = await pictures.subject(desk, base)
    eyes = routing.locator(desk.engines)
    locator = accounted(desk, eyes, brief, change, base) if eyes else None
    first: Busy | Declined | None = None
    gone = ""
    for engine in [e for e in engines if model_of(e) not in desk.gone] or engines:
        try:
            fixed = await fix(
                shown,
                change.wish,
                accounted(desk, engine, brief, change, base),
                mask=marked,
                references=references,
                seed=10 * change.number,
                least_sure=SURE_PLACE,
                locator=locator,
            )
        except (Blocked, CalledOff, Lost, OverBudget):
            raise
        except Misconfigured as why:
            log.warning("%s: %s", model_of(engine), why, extra={"action": "engine_misconfigured"})
            if isinstance(why, Unknown):
                desk.gone.add(model_of(engine))
                gone = f"{model_of(engine)} is not known to its provider any more, so the next of its kind did it."
            first = first or Declined(
                f"{model_of(engine)} cannot be used at the moment; whoever runs this bot can see why with "
                "`python -m bot doctor`."
            )
        except (Busy, Declined) as why:
            if why.usd:
                raise
            first = first or why
        else:
            said = " ".join(filter(None, (fixed.drawing.said, gone)))
            return engine, replace(fixed, drawing=replace(fixed.drawing, said=said))
    raise first or Declined("No engine is set up that does this.")


def accounted(desk: Desk, engine: Engine, brief: Brief, change: Change, base: Version) -> Engine:
    """The engine with its book kept, for this change of this version; one that costs nothing needs none."""
    if engine.name == routing.SKETCH:
        return engine

    def alive(now: Brief) -> bool:
        return is_open(now) and now.changes[change.number - 1].state == "working"

    key = f"{brief.id}:change:{change.number}:{base.name}"
    return Accounted(Account(desk, brief.id, key, engine.name, model_of(engine), alive), engine)


def _said(fixed: Fixed, wish: Wish) -> str:
    """What the engine says of its answer, and how well a colour was met."""
    met = f"{wish.colour}, ΔE {fixed.delta_e:.3f}." if fixed.delta_e is not None else ""
    return " ".join(filter(None, (fixed.drawing.said, met)))
