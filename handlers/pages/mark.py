"""The brush: a person paints what should change, says what should happen, and the job starts in the thread."""

from __future__ import annotations

import asyncio
import base64
import io
import json
from dataclasses import replace

from aiohttp import web
from PIL import Image

from bot.blocks.thread import alt
from bot.commands import Fix
from bot.errors import Refused
from bot.imaging.picture import MOST_PIXELS, plain, png
from bot.links import Pass
from bot.model import Brief, Kind, Version, Wish
from bot.replies import words
from bot.replies.read import read_edit
from bot.review import rounds
from handlers.desk import Desk
from handlers.pages import paper

MOST_BYTES = 4 * 1024 * 1024
"""A mask of two colours weighs little, however large the picture."""
PATIENCE = 60.0
"""Seconds for which an upload is waited for."""
SENT = "This was sent already; the answer is in the thread."


def routes(desk: Desk) -> list[web.RouteDef]:
    """/mark/TOKEN: the page, its picture, and what is sent."""

    async def look(request: web.Request) -> web.Response:
        try:
            brief, version = await _open(desk, paper.shown(request, desk, "mark"))
        except Refused as refused:
            return paper.sorry(refused)
        return paper.page(
            "mark.html",
            version=version.name,
            picture=f"{request.path}/picture",
            width=version.width,
            height=version.height,
            alt=alt(brief, version),
        )

    async def picture(request: web.Request) -> web.Response:
        try:
            _, version = await _open(desk, paper.shown(request, desk, "mark"))
            return paper.picture(await desk.files.read(version.sha256))
        except Refused as refused:
            return paper.sorry(refused)

    async def send(request: web.Request) -> web.Response:
        try:
            given = paper.shown(request, desk, "mark")
            brief, version = await _open(desk, given)
        except Refused as refused:
            return _answer(str(refused), 403, final=True)
        key = f"mark:{given.once}"
        if await desk.store.seen(key):
            return _answer(SENT, 409, final=True)
        try:
            said, data = await _sent(request)
            wish = _wish(said, len(brief.drafts), version)
            mask = await asyncio.to_thread(_mask, data, (version.width, version.height))
            wish = replace(wish, mask=await desk.files.keep(mask))
            done = await desk.perform(Fix(brief.id, given.person or "", version.draft, wish), key)
        except TimeoutError:
            return _answer("That took too long. Check the connection and send it again.", 408)
        except Refused as refused:
            return _answer(str(refused), 400)
        if done is None:
            return _answer(SENT, 409, final=True)
        return _answer("Sent. The answer comes into the thread in Slack; you can close this page.", 200)

    return [
        web.get("/mark/{token}", look),
        web.get("/mark/{token}/picture", picture),
        web.post("/mark/{token}", send),
    ]


async def _open(desk: Desk, given: Pass) -> tuple[Brief, Version]:
    """The picture a link leads to. Raises Refused where nothing can be marked on it any more."""
    brief = await desk.store.brief(given.brief)
    version = brief.version(given.version) if brief else None
    if brief is None or version is None or not given.person or not given.once:
        raise Refused("I do not know that picture any more.")
    if version.undone_by is not None:
        raise Refused(f"{version.name} was undone. Open the brush from what {version.draft} is now.")
    rounds.open_for_change(brief)
    return brief, version


async def _sent(request: web.Request) -> tuple[str, bytes]:
    """The words and the mask's bytes, from JSON. Raises Refused; no more is read than a mask may weigh."""
    body = bytearray()
    async with asyncio.timeout(PATIENCE):
        async for chunk in request.content.iter_chunked(65536):
            body += chunk
            if len(body) > MOST_BYTES:
                raise Refused(f"That is too large. A mask weighs less than {MOST_BYTES // 1024 // 1024} MB.")
    try:
        fields = json.loads(body)
        said, mask = fields["words"], fields["mask"]
        return str(said), base64.b64decode(mask.removeprefix("data:image/png;base64,"), validate=True)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Refused("That did not arrive whole. Reload the page and send it again.") from error


def _wish(said: str, n_drafts: int, version: Version) -> Wish:
    """What is wanted in the marked area; what concerns the whole frame is a repair there."""
    if not words.cleaned(said).strip():
        raise Refused("Say what should happen in the marked area.")
    found = read_edit(said, n_drafts=n_drafts or 1, selected=version.draft)
    kind = Kind.INPAINT if found.kind in (Kind.OUTPAINT, Kind.UPSCALE) else found.kind
    return replace(found, kind=kind, targets=(version.draft,), version=version.name)


def _mask(data: bytes, size: tuple[int, int]) -> bytes:
    """The mask as a PNG of its own: 255 where something is painted. Raises Refused for anything else."""
    try:
        mask = Image.open(io.BytesIO(data), formats=("PNG",))
        if mask.size != size:
            raise Refused(
                f"The mask is {mask.width} x {mask.height} pixels, the picture {size[0]} x {size[1]}. Reload the page."
            )
        if mask.width * mask.height > MOST_PIXELS:
            raise Refused("The mask is too large.")
        mask.load()
    except Refused:
        raise
    except Exception as error:  # decoders raise whatever they like on a file made to break them
        raise Refused(
            "The mask is no picture I can read. Reload the page and mark the spot again."
        ) from error
    known = plain(mask)  # white on black, or painted on nothing
    alpha = known.getchannel("A") if known.mode == "RGBA" else None
    seen = alpha if alpha is not None and alpha.getextrema() != (255, 255) else known.convert("L")
    two = seen.point(lambda v: 255 if v > 127 else 0)
    if two.getbbox() is None:
        raise Refused("Nothing is marked. Paint or box the part that should change.")
    return png(two)


def _answer(text: str, status: int, *, final: bool = False) -> web.Response:
    body = {"text": paper.plain(text), "final": final}
    return web.json_response(body, status=status, headers=paper.HEADERS)
