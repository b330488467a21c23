"""How the workspace reaches the app: Socket Mode or signed HTTP, three seconds to answer, retries."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import random
import secrets
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

from bot.sandbox.clock import Clock
from bot.sandbox.limits import Faults

ACK_WITHIN = 3.0
RETRY_AFTER = (0.0, 60.0, 300.0)
MOST_SOCKETS = 10


@dataclass
class Ack:
    """The app's answer. ``ok`` False: none in time, or a failure, ``reason`` in Slack's words; ``again``: retry."""

    ok: bool
    payload: Any = None
    reason: str = ""
    again: bool = True
    seconds: float = 0.0


@dataclass
class Socket:
    """One open connection."""

    ws: web.WebSocketResponse
    waiting: dict[str, asyncio.Future[Any]] = field(default_factory=dict)


@dataclass
class Delivered:
    """A line of the delivery log, for tests and the page."""

    kind: str
    attempt: int
    ack: Ack


class Delivery:
    """Sends envelopes to one socket, or requests to the app's address, and keeps a log of the answers."""

    def __init__(
        self, clock: Clock, faults: Faults, *, signing_secret: str, request_url: str | None = None
    ) -> None:
        self.clock, self.faults = clock, faults
        self.signing_secret, self.request_url = signing_secret, request_url
        self.sockets: list[Socket] = []
        self.log: list[Delivered] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._tickets: set[str] = set()

    # -- events: best effort, retried, order not promised ---------------------------------------------------

    def event(self, payload: dict[str, Any]) -> None:
        """Deliver an event in the background, up to four times; duplicated or late when a fault says so."""
        copies = 1
        if self.faults.duplicate > 0:
            self.faults.duplicate -= 1
            copies = 2
        wait = 0.0
        if self.faults.late > 0:
            self.faults.late -= 1
            wait = self.faults.seconds
        for _ in range(copies):
            self._later(self._event(payload, wait))

    async def _event(self, payload: dict[str, Any], wait: float) -> None:
        if wait:
            await self.clock.sleep(wait)
        reason = ""
        for attempt in range(1 + len(RETRY_AFTER)):
            if attempt:
                await self.clock.sleep(RETRY_AFTER[attempt - 1])
            ack = await self.send("events_api", payload, attempt=attempt, reason=reason)
            if ack.ok or not ack.again:
                return
            reason = ack.reason

    async def quiet(self, within: float = 10.0) -> None:
        """Until nothing is on its way any more."""
        ends = time.monotonic() + within
        while self._tasks and time.monotonic() < ends:
            await asyncio.wait(set(self._tasks), timeout=0.05)

    # -- one delivery ---------------------------------------------------------------------------------------

    async def send(self, kind: str, payload: dict[str, Any], *, attempt: int = 0, reason: str = "") -> Ack:
        """One try: events_api, slash_commands or interactive."""
        started = time.monotonic()
        if self.request_url:
            ack = await self._post(kind, payload, attempt, reason)
        else:
            ack = await self._envelope(kind, payload, attempt, reason)
        ack.seconds = time.monotonic() - started
        self.log.append(Delivered(kind, attempt, ack))
        return ack

    async def _envelope(self, kind: str, payload: dict[str, Any], attempt: int, reason: str) -> Ack:
        open_ = [s for s in self.sockets if not s.ws.closed]
        if not open_:
            return Ack(False, reason="connection_failed")
        socket = random.choice(open_)
        id_ = secrets.token_hex(8)
        envelope: dict[str, Any] = {
            "envelope_id": id_,
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
        }
        if kind == "events_api":
            envelope |= {"retry_attempt": attempt, "retry_reason": reason}
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        socket.waiting[id_] = answer
        try:
            await socket.ws.send_json(envelope)
            return Ack(True, await asyncio.wait_for(answer, ACK_WITHIN))
        except (TimeoutError, ConnectionError):
            return Ack(False, reason="timeout")
        finally:
            socket.waiting.pop(id_, None)

    async def _post(self, kind: str, payload: dict[str, Any], attempt: int, reason: str) -> Ack:
        if kind == "events_api":
            body, content = json.dumps(payload), "application/json"
        elif kind == "slash_commands":
            body, content = urlencode(payload), "application/x-www-form-urlencoded"
        else:
            body, content = urlencode({"payload": json.dumps(payload)}), "application/x-www-form-urlencoded"
        stamp = str(int(time.time()))
        mac = hmac.new(self.signing_secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256)
        headers = {
            "Content-Type": content,
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": "v0=" + mac.hexdigest(),
        }
        if attempt:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ACK_WITHIN)) as session,
                session.post(str(self.request_url), data=body.encode(), headers=headers) as answer,
            ):
                text = await answer.text()
                if not 200 <= answer.status < 300:
                    again = answer.headers.get("x-slack-no-retry") != "1"
                    return Ack(False, reason="http_error", again=again)
                return Ack(True, _json_or_text(text))
        except TimeoutError:
            return Ack(False, reason="http_timeout")
        except aiohttp.ClientError:
            return Ack(False, reason="connection_failed")

    # -- sockets --------------------------------------------------------------------------------------------

    def ticket(self) -> str:
        """A connection may be opened with it once."""
        made = secrets.token_hex(12)
        self._tickets.add(made)
        return made

    async def connect(self, request: web.Request) -> web.WebSocketResponse:
        """The app opens a socket."""
        if request.query.get("ticket") not in self._tickets:
            raise web.HTTPForbidden(text="invalid ticket")
        self._tickets.discard(request.query["ticket"])
        if len([s for s in self.sockets if not s.ws.closed]) >= MOST_SOCKETS:
            raise web.HTTPTooManyRequests(text="too many connections")
        ws = web.WebSocketResponse(heartbeat=30)
        await ws.prepare(request)
        socket = Socket(ws)
        self.sockets.append(socket)
        await ws.send_json(
            {
                "type": "hello",
                "num_connections": len(self.sockets),
                "debug_info": {"host": "sandbox", "approximate_connection_time": 3600},
                "connection_info": {"app_id": "A0SANDBOX"},
            }
        )
        try:
            async for frame in ws:
                if frame.type is aiohttp.WSMsgType.TEXT:
                    self._answered(socket, frame.data)
        finally:
            self.sockets.remove(socket)
        return ws

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask every socket to reconnect, then close it, as Slack does now and then."""
        for socket in list(self.sockets):
            await socket.ws.send_json(
                {"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}}
            )
            await socket.ws.close()

    def _answered(self, socket: Socket, data: str) -> None:
        try:
            frame = json.loads(data)
        except ValueError:
            return
        if not isinstance(frame, dict):
            return
        waiting = socket.waiting.get(frame.get("envelope_id", ""))
        if waiting is not None and not waiting.done():
            waiting.set_result(frame.get("payload"))

    def _later(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Drop what is on its way and all connections."""
        for task in self._tasks:
            task.cancel()
        for socket in list(self.sockets):
            await socket.ws.close()


def _json_or_text(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return {"text": text} if text else None
