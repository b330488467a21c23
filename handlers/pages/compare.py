"""Before and after, large: with a slider, blinking, and as the difference of every pixel."""

from __future__ import annotations

from aiohttp import web

from bot.blocks.thread import alt, figures
from bot.errors import Refused
from bot.model import Brief, Version
from bot.wording import cut
from handlers.desk import Desk
from handlers.pages import paper


def routes(desk: Desk) -> list[web.RouteDef]:
    """/compare/TOKEN: the page and its two pictures."""

    async def both(request: web.Request) -> tuple[Brief, Version, Version]:
        given = paper.shown(request, desk, "compare")
        brief = await desk.store.brief(given.brief)
        after = brief.version(given.version) if brief else None
        before = brief.version(after.parent) if brief and after and after.parent else None
        if brief is None or after is None or before is None:
            raise Refused("I do not know these pictures any more.")
        return brief, before, after

    async def look(request: web.Request) -> web.Response:
        try:
            brief, before, after = await both(request)
        except Refused as refused:
            return paper.sorry(refused)
        return paper.page(
            "compare.html",
            before=before.name,
            after=after.name,
            before_picture=f"{request.path}/before",
            after_picture=f"{request.path}/after",
            words=f"“{cut(after.words, 120)}”",
            facts=figures(after),
            alt=alt(brief, after),
        )

    async def picture(request: web.Request) -> web.Response:
        try:
            _, before, after = await both(request)
            which = before if request.match_info["which"] == "before" else after
            return paper.picture(await desk.files.read(which.sha256))
        except Refused as refused:
            return paper.sorry(refused)

    return [web.get("/compare/{token}", look), web.get("/compare/{token}/{which:before|after}", picture)]
