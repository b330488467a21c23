"""Making more of an approved picture: a clip by a model; a layered file, by a model or of the picture's own history."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

from PIL import Image

from bot.commands import GiveUp, Start, TakeDeliverable
from bot.engines.engine import Delivered, Maker, Till
from bot.errors import Declined, Misconfigured, OverBudget, Refused, Rejected
from bot.imaging import layered
from bot.imaging.window import Sizes
from bot.jobs import Make
from bot.model import Brief, Deliverable, DeliverableKind, Version
from bot.wording import cut, dollars
from handlers import pictures
from handlers.accounts import Account, Way, settle, stored
from handlers.desk import Desk
from handlers.drawing import over
from storage.calls import DONE

log = logging.getLogger(__name__)
SHAPES = {f"{w}:{h}": w / h for w, h in ((1, 1), (16, 9), (9, 16), (4, 3), (3, 4), (21, 9))}
ENDINGS = {layered.PSD: "psd", "video/mp4": "mp4", "video/webm": "webm"}


@dataclass(frozen=True, slots=True)
class Offer:
    """What may be made by a model: its id and name, what it costs (USD, an estimate), how long it takes (seconds);
    ``seconds`` of a clip, ``shape`` where it will be another than the picture's ("16:9")."""

    model: str
    name: str
    usd: float
    usual: float
    seconds: int = 0
    shape: str = ""


def clips(desk: Desk, size: tuple[int, int] = (1, 1)) -> list[Offer]:
    """The clips that can be made here of a picture of ``size`` (pixels), those of its own shape and the cheapest
    first."""
    models = [m for m in desk.catalogue.models.values() if m.id in desk.engines and m.clips]
    offers = [
        Offer(m.id, m.name, m.usd_second * s, m.seconds, s, _other_shape(m.sizes, size))
        for m in models
        for s in m.clips
    ]
    return sorted(offers, key=lambda o: (bool(o.shape), o.seconds, o.usd))


def _other_shape(sizes: Sizes, size: tuple[int, int]) -> str:
    ratio = size[0] / size[1]
    nearest = min(sizes.ratios, key=lambda r: abs(math.log(r / ratio)), default=ratio)
    if abs(math.log(nearest / ratio)) < 0.03:
        return ""
    return next((name for name, r in SHAPES.items() if abs(r - nearest) < 0.01), f"{nearest:.2f}:1")


def separators(desk: Desk) -> list[Offer]:
    """Who takes pictures apart here."""
    models = [m for m in desk.catalogue.models.values() if m.id in desk.engines and m.layers]
    return [Offer(m.id, m.name, m.usd_layers, m.seconds) for m in models]


async def make(desk: Desk, job: Make) -> None:
    """Make one deliverable and hand it over."""
    brief = await desk.store.brief(job.brief)
    piece = f"{job.brief}:deliverable:{job.deliverable}"
    if brief is None:
        return
    wanted = brief.deliverables[job.deliverable - 1]
    if wanted.state != "working":
        await settle(desk, job.brief, piece, wanted.kind.value)
        if wanted.state != "withdrawn" or not await _came(desk, piece):
            return  # else it was called off when it was there already: it is paid, so it is handed over
    await desk.perform(Start(job.brief, deliverable=job.deliverable))
    try:
        version = brief.version(wanted.version)
        if version is None:
            raise Refused(f"There is no version {wanted.version} any more.")
        made = (
            await _by_model(desk, brief, wanted, version, piece)
            if wanted.model
            else await _history(desk, brief, version)
        )
    except OverBudget as why:
        await over(desk, why, job.brief, deliverable=job.deliverable)
        return
    except Misconfigured as why:
        log.warning("%s: %s", wanted.model, why, extra={"action": "engine_misconfigured"})
        said = f"{wanted.model} cannot be used at the moment; whoever runs this bot can see why with "
        await desk.perform(GiveUp(job.brief, f"{said}`python -m bot doctor`.", deliverable=job.deliverable))
        return
    except Rejected as why:
        paid = f" It counts as paid ({dollars(why.usd)})." if why.usd else ""
        await desk.perform(GiveUp(job.brief, f"What came back {why}.{paid}", deliverable=job.deliverable))
        return
    except (Declined, Refused) as why:
        await desk.perform(GiveUp(job.brief, str(why), deliverable=job.deliverable))
        return
    name = f"{_slug(brief.wanted.title)}-{wanted.version}-{wanted.kind.value}.{ENDINGS[made.kind]}"
    sha = await stored(desk, made.data)
    exact = wanted.model is None and not await asyncio.to_thread(
        _see_through, (await pictures.subject(desk, version)).picture
    )
    await desk.perform(
        TakeDeliverable(job.brief, job.deliverable, sha, name, made.usd, made.estimated, exact)
    )


async def _came(desk: Desk, piece: str) -> bool:
    return any(call.state == DONE for call in await desk.calls.of_piece(f"{piece}:"))


def _see_through(picture: Image.Image) -> bool:
    return picture.mode == "RGBA" and picture.getchannel("A").getextrema() != (255, 255)


async def _by_model(desk: Desk, brief: Brief, wanted: Deliverable, version: Version, piece: str) -> Delivered:
    engine = desk.engines.get(wanted.model or "")
    if engine is None:
        raise Declined(f"{wanted.model} is not set up here any more.")
    maker = cast(Maker, engine)
    picture = (await pictures.subject(desk, version)).picture
    account = Account(desk, brief.id, piece, engine.name, wanted.model or "", partial(_alive, wanted.number))

    async def asked(till: Till) -> Delivered:
        if wanted.kind is DeliverableKind.CLIP:
            return await maker.animate(picture, wanted.words, seconds=wanted.seconds, till=till)
        return await maker.separate(picture, till=till)

    async def kept(made: Delivered) -> tuple[float, Mapping[str, object]]:
        return made.usd, {
            "sha": await stored(desk, made.data),
            "kind": made.kind,
            "model": made.model,
            "request": made.request,
            "estimated": made.estimated,
        }

    async def again(kept: Mapping[str, Any], usd: float) -> Delivered:
        data = await desk.files.read(str(kept["sha"]))
        return Delivered(
            data, str(kept["kind"]), str(kept["model"]), usd, kept["request"], bool(kept["estimated"])
        )

    return await account.once(wanted.kind.value, "1", asked, Way(kept, again))


def _alive(number: int, brief: Brief) -> bool:
    one, done = brief.deliverables[number - 1], brief.approved
    return one.state == "working" and done is not None and done.version == one.version


async def _history(desk: Desk, brief: Brief, version: Version) -> Delivered:
    """The version's own history as layers: what was drawn, and over it each change by itself."""
    line = [version]
    while (parent := brief.version(line[0].parent or "")) is not None:
        line.insert(0, parent)
    states = [(await pictures.subject(desk, v)).picture for v in line]
    data = await asyncio.to_thread(_layered, line, states)
    return Delivered(data, layered.PSD, "")


def _layered(line: Sequence[Version], states: Sequence[Image.Image]) -> bytes:
    names = [f"{v.name} {cut(v.words, 60)}" if v.parent else f"{v.name} as drawn" for v in line]
    parts = layered.changes(list(zip(names, states, strict=True)))
    return layered.psd(states[-1].size, parts, states[-1].info.get("icc_profile"))


def _slug(title: str) -> str:
    kept = "".join(c if c.isalnum() else "-" for c in title.lower())
    return "-".join(filter(None, kept.split("-")))[:60].rstrip("-") or "picture"
