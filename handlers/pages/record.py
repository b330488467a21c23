"""The record of one brief, to be shown, printed and kept: the five questions, the lineage, and the whole log."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from aiohttp import web

from bot import record
from bot.blocks.card import plain_status
from bot.blocks.thread import alt
from bot.errors import Refused
from bot.model import Brief, Version
from handlers.desk import Desk
from handlers.pages import paper


def routes(desk: Desk) -> list[web.RouteDef]:
    """/record/TOKEN: the page and its picture."""

    async def brief_of(request: web.Request) -> tuple[Brief, Version | None]:
        given = paper.shown(request, desk, "record")
        brief = await desk.store.brief(given.brief)
        if brief is None:
            raise Refused("I do not know that brief any more.")
        line = record.lineage(brief)
        return brief, line[-1] if line else None

    async def look(request: web.Request) -> web.Response:
        try:
            brief, version = await brief_of(request)
        except Refused as refused:
            return paper.sorry(refused)
        log = [entry async for entry in desk.store.events(brief=brief.id)]
        people = {p for e in log for p in (e.by, e.data.get("to")) if p} | set(brief.answering)
        people |= {person for a in brief.approvals for person in a.words}
        names = {person: await desk.chat.name(str(person)) for person in people}

        def name(person: str) -> str:
            return names.get(person, person)

        return paper.page(
            "record.html",
            title=brief.wanted.title,
            state=plain_status(brief).capitalize(),
            brief=brief.id,
            requester=name(brief.requester),
            submitted=record.stamp(brief.submitted_at),
            words=f"“{brief.wanted.text}”",
            picture=f"{request.path}/picture",
            alt=alt(brief, version) if version else "No picture yet",
            answers=_joined("<dt>{}</dt><dd>{}</dd>", record.answers(brief, log, name)),
            lineage=_joined(
                "<li><strong>{}</strong> {}</li>",
                ((v.name, record.made(v, name)) for v in record.lineage(brief)),
            ),
            history=_joined(
                "<tr><td>{}</td><td>{}</td><td>{}</td></tr>",
                ((record.stamp(row.at), row.who, paper.plain(row.what)) for row in record.history(log, name)),
            ),
            now=record.stamp(desk.now()),
            sha256=version.sha256 if version else "",
        )

    async def picture(request: web.Request) -> web.Response:
        try:
            _, version = await brief_of(request)
            if version is None:
                raise Refused("There is no picture yet.")
            return paper.picture(await desk.files.read(version.sha256))
        except Refused as refused:
            return paper.sorry(refused)

    return [web.get("/record/{token}", look), web.get("/record/{token}/picture", picture)]


def _joined(shape: str, rows: Iterable[tuple[str, ...]]) -> paper.Html:
    """Rows of a list or table; every word in them is escaped."""
    return paper.Html("".join(shape.format(*(escape(cell) for cell in row)) for row in rows))
