"""Does the process live, can it work, and the operator's figures."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

from aiohttp import web
from prometheus_client import CollectorRegistry, Gauge
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from slack_sdk.errors import SlackClientError
from sqlalchemy.exc import SQLAlchemyError

from handlers.desk import Desk


def routes(desk: Desk, socket: Any) -> list[web.RouteDef]:
    """/healthz, /readyz and /metrics."""

    async def healthz(_: web.Request) -> web.Response:
        return web.json_response({"ok": True})

    async def readyz(_: web.Request) -> web.Response:
        state = {"database": await _database(desk), "slack": await _slack(desk, socket)}
        return web.json_response(state, status=200 if all(v == "ok" for v in state.values()) else 503)

    async def metrics(_: web.Request) -> web.Response:
        registry = CollectorRegistry()
        briefs = Gauge("proofthread_briefs", "Briefs by stage", ["stage"], registry=registry)
        for stage, n in Counter(b.stage.value for b in await desk.store.briefs()).items():
            briefs.labels(stage).set(n)
        return web.Response(body=generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return [web.get("/healthz", healthz), web.get("/readyz", readyz), web.get("/metrics", metrics)]


async def _database(desk: Desk) -> str:
    try:
        await asyncio.wait_for(desk.store.alive(), 3)
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        return f"not reachable ({type(error).__name__})"
    return "ok"


async def _slack(desk: Desk, socket: Any) -> str:
    if socket is not None:
        return "ok" if await socket.client.is_connected() else "the socket is down"
    try:
        await asyncio.wait_for(desk.chat.whoami(), 3)
    except (SlackClientError, OSError, TimeoutError) as error:
        return f"not reachable ({type(error).__name__})"
    return "ok"
