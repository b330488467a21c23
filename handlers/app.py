"""The one place where everything is made and put together."""

from __future__ import annotations

import asyncio
import errno
import fcntl
import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import aiohttp
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.chat import PACE, Chat
from bot.engines import catalogue, probe, table
from bot.engines.engine import Engine, Reader
from bot.engines.remote import Remote
from bot.errors import Misconfigured
from bot.links import Links
from bot.replies import lexicon
from bot.settings import Settings, check_python
from handlers import buttons, clock, flows, home, modals, reactions, replies, shortcuts, slash
from handlers.desk import Desk
from handlers.pages import compare, health, mark, paper, record
from storage import database, outbox, schema
from storage.calls import Budget
from storage.files import Files
from storage.store import Store

log = logging.getLogger(__name__)
SKETCHING, WAITING = 2, 8
"""Rounds and edits at work at once in one process: those that compute, and those that mostly wait for a provider."""


def store(settings: Settings) -> Store:
    """The store on the operator's database."""
    url = database.sync_url(settings.database_url).render_as_string(hide_password=False)
    return Store(database.opened(settings.database_url), outbox.opened(url))


def desk(settings: Settings, pace: float = PACE, engine_pace: float = 1.0) -> Desk:
    """A desk with everything a handler needs. ``pace``: seconds between two posts in one channel; ``engine_pace``: how
    much slower than usual a provider is looked at again."""
    if settings.words is not None:
        lexicon.add(settings.words.read_text("utf-8"), str(settings.words))
    token = settings.bot_token or ""
    links = Links(settings.public_url.rstrip("/"), token.encode()) if settings.public_url and token else None
    known = catalogue.read(settings.engines, settings.prefer)
    engines = table.opened(
        known, settings.access, datetime.now(UTC).date(), font=settings.font, pace=engine_pace
    )
    kept = store(settings)
    return Desk(
        store=kept,
        calls=kept.calls,
        catalogue=known,
        budget=Budget(settings.brief_budget, settings.month_budget),
        drawn=settings.drawn,
        chat=Chat(token, settings.slack_api_url, pace),
        files=Files.opened(settings.files_url, settings.data / "files"),
        engines=engines,
        now=lambda: datetime.now(UTC),
        approvers=settings.approvers,
        reader=_reader(settings.reader, engines),
        links=links,
    )


def _reader(name: str | None, engines: dict[str, Engine]) -> Reader | None:
    """The engine that reads unclear replies; none unless the operator names one."""
    if name is None:
        return None
    engine: Any = engines.get(name) or next(
        (e for e in engines.values() if e.name == name and e.abilities.reads), None
    )
    if engine is None or not engine.abilities.reads:
        able = ", ".join(n for n, e in engines.items() if e.abilities.reads) or "none of those set up"
        raise Misconfigured(
            f"PROOFTHREAD_READER is {name!r}, which cannot read replies. Engines that can: {able}."
        )
    reader: Reader = engine
    return reader


def slack(settings: Settings, desk: Desk) -> AsyncApp:
    """Bolt with our handlers.

    Every listener commits before Slack is answered: a failure is an HTTP 500 (no ack in Socket Mode), so that
    Slack delivers again, and the delivery's own key makes a repeat harmless.
    """
    client = AsyncWebClient(token=settings.bot_token, base_url=settings.slack_api_url, retry_handlers=[])
    # Bolt also finds SLACK_BOT_TOKEN in the environment by itself, and says so in a line nobody needs.
    logging.getLogger("slack_bolt.AsyncApp").addFilter(lambda line: "will be unused" not in line.getMessage())
    app = AsyncApp(
        client=client, signing_secret=settings.signing_secret or "socket-mode", process_before_response=True
    )

    async def ours(context: Any, body: dict[str, Any], next: Any) -> Any:
        """What another workspace's app has opened is none of ours: refused, logged, and nothing changes."""
        view, known = body.get("view") or {}, context.get("authorize_result")
        opened = view.get("app_installed_team_id") or view.get("team_id")
        if known is not None and opened and opened != known.team_id:
            log.warning("A view of workspace %s was refused", opened, extra={"action": "foreign_view"})
            return BoltResponse(status=200, body="")
        return await next()

    app.middleware(ours)

    def taking(handler: Any) -> Any:
        async def event(body: dict[str, Any]) -> None:
            await handler(desk, body)

        return event

    def answering(handler: Any, what: str) -> Any:
        # Bolt fills arguments by their names, so each kind of delivery has a signature of its own.
        async def command(ack: Any, command: dict[str, Any]) -> None:
            await handler(desk, ack, command)

        async def action(ack: Any, body: dict[str, Any], action: dict[str, Any]) -> None:
            try:
                await handler(desk, ack, body, action)
            except (ValueError, IndexError):  # a value that none of our buttons has
                log.warning("A button was refused: %.80r", action, extra={"action": "forged"}, exc_info=True)
                await ack()

        async def view(ack: Any, body: dict[str, Any], view: dict[str, Any]) -> None:
            await handler(desk, ack, body, view)

        async def plain(ack: Any, body: dict[str, Any]) -> None:
            await handler(desk, ack, body)

        return {"command": command, "action": action, "view": view, "plain": plain}[what]

    app.command("/brief")(answering(slash.brief, "command"))
    app.command("/engines")(answering(slash.engines, "command"))
    app.command("/digest")(answering(slash.digest, "command"))
    app.event("reaction_added")(taking(reactions.added))
    app.event("reaction_removed")(taking(reactions.removed))
    app.event("message")(taking(replies.written))
    app.event("app_home_opened")(taking(home.opened))
    app.action(
        re.compile(r"^(approve|vote|undo|again|restore(:\w+)?|withdraw|others|stop|resume|answer:\d+)$")
    )(answering(buttons.pressed, "action"))
    app.action(re.compile(r"^look:\d+$"))(answering(buttons.look, "action"))
    app.action("mark")(answering(buttons.mark, "action"))
    app.action(re.compile(r"^(open|compare)$"))(answering(buttons.followed, "plain"))
    app.action("snooze")(answering(buttons.snooze, "action"))
    app.action("reject")(answering(buttons.reject, "action"))
    app.action("hold")(answering(buttons.hold, "action"))
    app.action("take_back")(answering(buttons.take_back, "action"))
    app.action("post_again")(answering(buttons.post_again, "action"))
    app.action("clip")(answering(buttons.clip, "action"))
    app.action("layers")(answering(buttons.layers, "action"))
    app.action("redraw")(answering(buttons.redraw, "action"))
    app.action("house")(answering(home.rules_asked, "plain"))
    app.action("away")(answering(home.away_asked, "plain"))
    app.action("back")(answering(home.back, "plain"))
    app.action("new_brief")(answering(buttons.new_brief, "plain"))
    app.view("brief")(answering(modals.brief, "view"))
    app.view("look")(answering(modals.look, "view"))
    app.view("house")(answering(home.saved, "view"))
    app.view("away")(answering(home.away, "view"))
    app.view("reject")(answering(modals.reject, "view"))
    app.view("hold")(answering(modals.hold, "view"))
    app.view("reopen")(answering(modals.reopen, "view"))
    app.view("clip")(answering(modals.deliver, "view"))
    app.view("layers")(answering(modals.deliver, "view"))
    app.view("redraw")(answering(modals.redraw, "view"))
    app.shortcut("brief_from_message")(answering(shortcuts.from_message, "plain"))
    app.shortcut("new_brief")(answering(shortcuts.anywhere, "plain"))
    return app


@asynccontextmanager
async def running(
    settings: Settings,
    *,
    poll: float = 0.1,
    serve: bool = True,
    pace: float = PACE,
    engine_pace: float = 1.0,
) -> AsyncIterator[Desk]:
    """The whole bot at work until the block is left. Raises Misconfigured with the way on."""
    check_python()
    settings.check_slack()
    lock = _locked(settings)
    bot = desk(settings, pace, engine_pace)
    try:
        await asyncio.to_thread(schema.migrate, settings.database_url)
        name = "solo" if lock is not None else flows.executor()
        url = database.sync_url(settings.database_url).render_as_string(hide_password=False)
        try:
            at_once = WAITING if settings.access else SKETCHING
            await flows.launch(bot, url, poll=poll, name=name, studio_at_once=at_once)
        except (SQLAlchemyError, OSError) as error:
            raise database.unreachable(settings.database_url, error) from error
        if lock is None:
            await flows.take_over(
                bot, name, settings.lease
            )  # before anything else: a dead process may hold a channel
        app = slack(settings, bot)
        socket = await _socket(settings, app)
        runner = await _site(settings, bot, app, socket) if serve or socket is None else None
        for engine in bot.engines.values():
            if isinstance(engine, Remote) and engine.name == "images":
                bot.soon(_tried(engine))
        beat = clock.started(bot, name, watch=socket, lease=settings.lease if lock is None else None)
        try:
            yield bot
        finally:
            beat.shutdown(wait=False)
            if socket is not None:
                await socket.close_async()  # type: ignore[no-untyped-call]
            if runner is not None:
                await runner.cleanup()
            await flows.halt()
    finally:
        await asyncio.gather(*(engine.close() for engine in bot.engines.values()))
        await bot.store.close()
        if lock is not None:
            lock.close()


async def _tried(engine: Remote) -> None:
    """A server of one's own is not believed about masks, but tried out."""
    found = await probe.mask_of(engine)
    engine.abilities = replace(engine.abilities, mask=found)
    log.info("%s: mask %s", engine.model.id, found.value, extra={"action": "mask_tried"})


async def _socket(settings: Settings, app: AsyncApp) -> AsyncSocketModeHandler | None:
    if settings.app_token is None:
        return None
    await check_socket(settings)
    web_client = AsyncWebClient(token=settings.app_token, base_url=settings.slack_api_url, retry_handlers=[])
    handler = AsyncSocketModeHandler(app, settings.app_token, web_client=web_client)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    return handler


async def check_socket(settings: Settings) -> None:
    """Ask for one connection: the client itself would try for ever without a word. Raises Misconfigured."""
    client = AsyncWebClient(token=settings.app_token, base_url=settings.slack_api_url, retry_handlers=[])
    try:
        await asyncio.wait_for(client.apps_connections_open(app_token=settings.app_token or ""), 10)
    except SlackApiError as error:
        code = error.response.data.get("error") if isinstance(error.response.data, dict) else "no answer"
        raise Misconfigured(
            f"Socket Mode could not be opened: Slack says {code}. Make a new app-level token (SLACK_APP_TOKEN)."
        ) from error
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise Misconfigured(
            f"Socket Mode could not be opened: {settings.slack_api_url} does not answer. Check SLACK_API_URL."
        ) from error


async def _site(
    settings: Settings, bot: Desk, app: AsyncApp, socket: AsyncSocketModeHandler | None
) -> web.AppRunner:
    """Our own HTTP server: health, figures, and Slack's requests where there is no socket."""
    site = web.Application(client_max_size=4 * 1024 * 1024)
    site.add_routes(
        [
            *health.routes(bot, socket),
            *paper.routes(),
            *mark.routes(bot),
            *compare.routes(bot),
            *record.routes(bot),
        ]
    )

    async def events(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    if socket is None:
        site.router.add_post("/slack/events", events)
    # A refused upload is read on for a second, so that the refusal arrives, and no longer.
    runner = web.AppRunner(site, access_log=None, lingering_time=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, "0.0.0.0", settings.port).start()  # noqa: S104
    except OSError as error:
        await runner.cleanup()
        if error.errno != errno.EADDRINUSE:
            raise
        raise Misconfigured(f"Port {settings.port} is in use. Set PORT to another one.") from error
    return runner


def _locked(settings: Settings) -> IO[str] | None:
    """On SQLite one process works at a time: the lock is held while it lives and goes with it, however it ends."""
    parsed = make_url(settings.database_url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        return None
    path = Path(parsed.database + ".lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = path.open("w")
    except OSError as error:
        raise database.unreachable(settings.database_url, error) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise Misconfigured(
            f"Another process is using {parsed.database}. Stop it, set PROOFTHREAD_DATA to another folder, or use "
            "Postgres (DATABASE_URL) for several processes."
        ) from error
    return lock
