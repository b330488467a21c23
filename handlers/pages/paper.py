"""What all pages have in common: their files, headers that keep them to themselves, and errors as words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from html import escape
from importlib.resources import files
from string import Template

from aiohttp import web

from bot.errors import Refused
from bot.links import Links, Pass
from bot.replies import words
from handlers.desk import Desk


class Html(str):
    """Written by us, with every word of anybody else's escaped."""


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' blob: data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    "Referrer-Policy": "no-referrer",  # the address is the key
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
}
_KINDS = {"css": "text/css", "js": "text/javascript"}
_STATIC = ("page.css", "view.js", "mark.js", "compare.js")


def routes() -> list[web.RouteDef]:
    """/static/...: nothing in it is secret."""

    def serving(name: str) -> Handler:
        body, kind = _file(name), _KINDS[name.rsplit(".", 1)[1]]

        async def serve(_: web.Request) -> web.Response:
            return web.Response(
                text=body, content_type=kind, headers={**HEADERS, "Cache-Control": "max-age=300"}
            )

        return serve

    return [web.get(f"/static/{name}", serving(name)) for name in _STATIC]


def page(name: str, status: int = 200, **values: object) -> web.Response:
    """A page with its blanks filled in; every value is escaped but what is ``Html`` already."""
    filled = {k: v if isinstance(v, Html) else escape(str(v), quote=True) for k, v in values.items()}
    text = Template(_file(name)).substitute(filled)
    return web.Response(text=text, status=status, content_type="text/html", headers=HEADERS)


def sorry(refused: Refused, status: int = 403) -> web.Response:
    """A page that only says why there is none."""
    return page("words.html", status, title="This page cannot be shown", text=plain(str(refused)))


def plain(text: str) -> str:
    """Words for people, without Slack's marks."""
    return words.plain(text).replace("`", "")


def picture(data: bytes) -> web.Response:
    """A PNG of ours."""
    return web.Response(
        body=data, content_type="image/png", headers={**HEADERS, "Cache-Control": "private, max-age=3600"}
    )


def shown(request: web.Request, desk: Desk, name: str) -> Pass:
    """What the link in a request allows. Raises Refused."""
    links: Links | None = desk.links
    if links is None:
        raise Refused("This bot has no public address (PUBLIC_URL), so it has no pages.")
    return links.opened(name, request.match_info["token"], desk.now())


def _file(name: str) -> str:
    return (files("handlers.pages") / "static" / name).read_text("utf-8")
