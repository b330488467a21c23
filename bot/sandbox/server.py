"""The sandbox as a server on loopback: Slack's side for the app, a page for people, switches for tests."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
from collections.abc import Awaitable, Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from aiohttp import web

from bot.sandbox.catalogue import EMOJI
from bot.sandbox.clock import Clock
from bot.sandbox.delivery import Delivery
from bot.sandbox.errors import SlackError
from bot.sandbox.limits import Faults, Limits
from bot.sandbox.methods.chat import Chat
from bot.sandbox.methods.conversations import Conversations
from bot.sandbox.methods.files import Files
from bot.sandbox.methods.here import Here
from bot.sandbox.methods.reactions import Reactions
from bot.sandbox.methods.views import Views, view_object
from bot.sandbox.people import People
from bot.sandbox.triggers import Triggers
from bot.sandbox.web_api import WebApi
from bot.sandbox.workspace import BOT_USER, Workspace

BOT_TOKEN, APP_TOKEN, SIGNING_SECRET = "xoxb-sandbox", "xapp-sandbox", "sandbox-signing-secret"
MOST_UPLOAD = 64 * 1024 * 1024
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_POLICY = "default-src 'self'; img-src 'self' https: data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'"
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}


class Sandbox:
    """One workspace with one app in it.

    ``manifest`` is the app's own; ``request_url`` set means signed HTTP, otherwise Socket Mode. ``file_delay``
    is how long Slack takes to process an upload (seconds); ``strict_rates`` False switches the rate limits off.
    """

    def __init__(
        self,
        manifest: dict[str, Any],
        *,
        request_url: str | None = None,
        file_delay: float = 0.25,
        strict_rates: bool = True,
        data: Path | None = None,
    ) -> None:
        self.clock, self.faults = Clock(), Faults()
        name = (manifest.get("display_information") or {}).get("name", "App")
        self.workspace = Workspace(self.clock, name)
        self._data = data
        if data is not None:
            self.workspace.load(data)
        scopes = frozenset(((manifest.get("oauth_config") or {}).get("scopes") or {}).get("bot") or [])
        self.triggers = Triggers(self.clock)
        self.delivery = Delivery(
            self.clock, self.faults, signing_secret=SIGNING_SECRET, request_url=request_url
        )
        self.people = People(self.workspace, self.delivery, self.triggers, manifest, scopes)
        families = [
            family(
                self.workspace,
                self.delivery,
                self.triggers,
                self.people.emit,
                scopes,
                self.address,
                file_delay,
            )
            for family in (Chat, Conversations, Files, Reactions, Views, Here)
        ]
        self.people.reactions = next(f for f in families if isinstance(f, Reactions))
        self.people.modals = next(f for f in families if isinstance(f, Views))
        limits = Limits(self.clock, strict=strict_rates)
        self.web_api = WebApi(
            {name: call for family in families for name, call in family.table().items()},
            limits,
            self.faults,
            bot_token=BOT_TOKEN,
            app_token=APP_TOKEN,
            scopes=scopes,
            resolve=lambda channel: "D" + channel[1:] if channel in self.workspace.users else channel,
        )
        self.url = ""
        self._runner: web.AppRunner | None = None
        self._secret, self._cookie = secrets.token_hex(16), "sandbox"
        self._saving: asyncio.Task[None] | None = None

    def address(self) -> str:
        """The server's own address, once it serves."""
        return self.url

    @property
    def api_url(self) -> str:
        """What SLACK_API_URL must be."""
        return f"{self.url}/api/"

    async def start(self, port: int = 0) -> None:
        """Serve on loopback. Raises OSError when the port is in use."""
        app = web.Application(client_max_size=MOST_UPLOAD, middlewares=[self._here_only])
        app.add_routes(
            [
                web.route("*", "/api/{method}", self.web_api.answer),
                web.get("/link", self.delivery.connect),
                web.post("/upload/{file}", self._take_upload),
                web.get("/files/{file}", self._hand_out),
                web.post("/respond/{name}", self._respond),
                web.get("/", self._page),
                web.get("/archives/{channel}/{ts}", self._page),
                web.get("/page/{name}", self._asset),
                web.get("/sandbox/state", self._state),
                web.post("/sandbox/upload", self._person_uploads),
                web.post("/sandbox/{deed}", self._deed),
            ]
        )
        self._runner = web.AppRunner(
            app, access_log=None, shutdown_timeout=0.5
        )  # pages wait for news up to 20 s
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        try:
            await site.start()
        except OSError:
            await self._runner.cleanup()
            raise
        host, bound = self._runner.addresses[0][:2]
        self.url = self.people.address = f"http://{host}:{bound}"
        if self._data is not None:
            self._saving = asyncio.create_task(self._save_changes(self._data))

    async def stop(self) -> None:
        """Close everything."""
        if self._saving is not None:
            self._saving.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._saving
        if self._data is not None:
            self.workspace.save(self._data)
        await self.delivery.close()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _save_changes(self, data: Path) -> None:
        seen = self.workspace.revision
        while True:
            seen = await self.workspace.wait(seen, 3600)
            await asyncio.sleep(0.5)
            self.workspace.save(data)

    # -- Slack's side ---------------------------------------------------------------------------------------

    async def _take_upload(self, request: web.Request) -> web.Response:
        file = self.workspace.files.get(request.match_info["file"])
        data = await request.read()
        if file is None or file.complete or len(data) != file.size:
            return web.Response(status=400, text="length does not match or unknown upload")
        self.workspace.content[file.id] = data
        return web.Response(text=f"OK - {len(data)}")

    async def _hand_out(self, request: web.Request) -> web.Response:
        """A file's bytes: for the app with its token, for the page's people by their cookie."""
        file = self.workspace.files.get(request.match_info["file"])
        token = request.headers.get("Authorization", "")
        if token:
            if token != f"Bearer {BOT_TOKEN}" or "files:read" not in self.web_api.scopes:
                return web.Response(status=403)
            if file is not None and not self.workspace.seen_by_app(file):
                return web.Response(status=404)
        else:
            self._from_page(request)
        if file is None or file.id not in self.workspace.content:
            return web.Response(status=404)
        data = self.workspace.content[file.id]
        kind = "image/png" if data.startswith(b"\x89PNG") else "application/octet-stream"
        for start, found in ((b"\xff\xd8", "image/jpeg"), (b"GIF8", "image/gif"), (b"RIFF", "image/webp")):
            kind = found if data.startswith(start) else kind
        return web.Response(body=data, content_type=kind, headers={"Cache-Control": "private, max-age=86400"})

    async def _respond(self, request: web.Request) -> web.Response:
        try:
            body = await request.json()
            self.people.respond(request.match_info["name"], body if isinstance(body, dict) else {})
        except ValueError:
            return web.json_response({"ok": False, "error": "invalid_payload"}, status=400)
        except SlackError as error:
            return web.json_response({"ok": False, "error": error.code}, status=error.status)
        return web.Response(text="ok")

    # -- the page -------------------------------------------------------------------------------------------

    @web.middleware
    async def _here_only(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Only this machine's own names and pages: a foreign site must not reach the workspace by rebinding."""
        names = {
            self.url.removeprefix("http://"),
            self.url.removeprefix("http://").replace("127.0.0.1", "localhost"),
        }
        origin = request.headers.get("Origin")
        if request.host not in names or (origin and origin.removeprefix("http://") not in names):
            raise web.HTTPForbidden(text="The sandbox answers only on this machine.")
        answer = await handler(request)
        if not answer.prepared:
            answer.headers["Content-Security-Policy"] = _POLICY
        return answer

    def _from_page(self, request: web.Request) -> None:
        """Raises HTTPForbidden for what does not come from the page."""
        if not secrets.compare_digest(request.cookies.get(self._cookie, ""), self._secret):
            raise web.HTTPForbidden(text="Open the page first.")

    async def _page(self, request: web.Request) -> web.Response:
        page = files("bot.sandbox").joinpath("page", "index.html").read_text("utf-8")
        answer = web.Response(text=page, content_type="text/html")
        answer.set_cookie(self._cookie, self._secret, httponly=True, samesite="Strict")
        return answer

    async def _asset(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        kind = _TYPES.get(Path(name).suffix)
        asset = files("bot.sandbox").joinpath("page", name)
        if kind is None or "/" in name or not asset.is_file():
            raise web.HTTPNotFound
        return web.Response(
            text=asset.read_text("utf-8"), content_type=kind, headers={"Cache-Control": "no-cache"}
        )

    async def _state(self, request: web.Request) -> web.Response:
        """Everything one person sees; waits until something has changed since ``since``."""
        self._from_page(request)
        query = request.query
        user = query.get("user", "")
        if user not in self.workspace.users:
            raise web.HTTPNotFound
        revision = await self.workspace.wait(int(query.get("since", "-1")))
        return web.json_response({"revision": revision, **seen_by(self, user)})

    async def _person_uploads(self, request: web.Request) -> web.Response:
        self._from_page(request)
        form = await request.post()
        part = form.get("file")
        if not isinstance(part, web.FileField) or str(form.get("user")) not in self.workspace.users:
            return web.json_response({"error": "no file"}, status=400)
        file = self.people.upload(str(form["user"]), part.filename, part.file.read())
        return web.json_response({"id": file.id, "name": file.name})

    async def _deed(self, request: web.Request) -> web.Response:
        """What a person does at the page. Only the page itself may ask (a cookie that other sites cannot send)."""
        self._from_page(request)
        if request.content_type != "application/json":
            raise web.HTTPForbidden
        try:
            asked = await request.json()
            await self._do(request.match_info["deed"], asked)
        except SlackError as error:
            return web.json_response({"error": error.code}, status=409)
        except (KeyError, ValueError, TypeError, json.JSONDecodeError) as error:
            return web.json_response({"error": f"bad request: {error}"}, status=400)
        return web.json_response({"ok": True})

    async def _do(self, deed: str, a: dict[str, Any]) -> None:
        people, user = self.people, a.get("user", "")
        match deed:
            case "say":
                await people.say(
                    user, a["channel"], a["text"], thread=a.get("thread"), files=tuple(a.get("files") or ())
                )
            case "react":
                people.react(user, a["channel"], a["ts"], a["name"])
            case "click":
                await people.click(
                    user, a["action"], channel=a.get("channel"), ts=a.get("ts"), view=a.get("view")
                )
            case "submit":
                await people.submit(user, a["view"], a["values"])
            case "close":
                await people.close(user, a["view"])
            case "shortcut":
                await people.shortcut(user, a["callback"], a.get("channel"), a.get("ts"))
            case "home":
                people.home(user)
            case "edit":
                people.edit(user, a["channel"], a["ts"], a["text"])
            case "delete":
                people.delete(user, a["channel"], a["ts"])
            case "clock":
                self.clock.move(float(a["seconds"]))
            case "fault":
                self.faults.add(a["method"], a["kind"], int(a.get("times", 1)))
            case "disconnect":
                await self.delivery.disconnect()
            case _:
                raise KeyError(deed)


def seen_by(sandbox: Sandbox, user: str) -> dict[str, Any]:
    """The workspace as one person sees it, for the page."""
    w = sandbox.workspace
    channels = [c for c in w.channels.values() if user in c.members]
    views = [v for v in w.views.values() if v.user == user]
    return {
        "now": w.clock.now(),
        "users": {
            u.id: {"name": u.name, "real": u.real_name, "title": u.title, "bot": u.is_bot, "colour": u.colour}
            for u in w.users.values()
        },
        "channels": [
            {
                "id": c.id, "name": w.users[BOT_USER].real_name if c.is_im else c.name, "im": c.is_im,
                "topic": c.topic, "app": BOT_USER in c.members,
            }
            for c in channels
        ],
        "messages": {c.id: w.messages[c.id] for c in channels},
        "whispers": w.ephemerals.get(user, []),
        "files": {f.id: {"name": f.name, "alt": f.alt} for f in w.files.values()},
        "view": {**view_object(views[-1]), "errors": views[-1].errors} if views else None,
        "home": w.homes.get(user),
        "commands": [
            {"name": n, "hint": c.get("usage_hint", ""), "does": c.get("description", "")}
            for n, c in sandbox.people.commands.items()
        ],
        "shortcuts": [{"id": i, "name": s["name"], "type": s["type"]} for i, s in sandbox.people.shortcuts.items()],
        "emoji": EMOJI,
        "connected": bool(sandbox.delivery.sockets) or sandbox.delivery.request_url is not None,
    }  # fmt: skip


def manifest(path: Path) -> dict[str, Any]:
    """An app's manifest.yml."""
    found = yaml.safe_load(path.read_text("utf-8"))
    if not isinstance(found, dict):
        raise ValueError(f"{path} is not a manifest")
    return found
