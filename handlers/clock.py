"""A time comes: the lease, the socket's watchdog, and clearing up. It decides nothing itself."""

from __future__ import annotations

import logging
import os
import signal
from datetime import timedelta
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from dbos import DBOS

from handlers import flows, nudging
from handlers.desk import Desk

log = logging.getLogger(__name__)
LOOK = 600
"""Seconds between two looks for what is due."""
KEPT = timedelta(days=30)
"""How long deliveries and finished jobs are kept."""


def started(desk: Desk, name: str, *, watch: Any, lease: float | None) -> AsyncIOScheduler:
    """The clock, running in this loop.

    ``watch`` is the Socket Mode handler, if there is one; ``lease`` (seconds) None where no other process can be.
    """
    scheduler = AsyncIOScheduler(timezone="UTC")
    if lease is not None:
        scheduler.add_job(flows.take_over, "interval", seconds=lease / 3, args=(desk, name, lease))
    if watch is not None:
        scheduler.add_job(watched, "interval", seconds=60, args=(watch, _Silence()))
    scheduler.add_job(looked, "interval", seconds=LOOK, args=(desk,), max_instances=1, coalesce=True)
    scheduler.add_job(cleared, "cron", hour=3, minute=20, args=(desk,))
    scheduler.start()
    return scheduler


class _Silence:
    """How many looks in a row found the socket down."""

    count = 0


async def watched(handler: Any, silence: _Silence) -> None:
    """A socket that stays down for three minutes does not come back by itself: end, and be started anew."""
    if await handler.client.is_connected():
        silence.count = 0
        return
    silence.count += 1
    log.warning("Slack's socket is down", extra={"action": "socket_down"})
    if silence.count >= 3:
        os.kill(os.getpid(), signal.SIGTERM)


async def looked(desk: Desk) -> None:
    """Who should be reminded. A look that fails is made up for by the next."""
    try:
        await nudging.look(desk)
    except Exception:
        log.exception("Nobody could be reminded", extra={"action": "not_reminded"})


async def cleared(desk: Desk) -> None:
    """Forget deliveries and finished jobs older than thirty days; briefs, events and pictures stay."""
    before = desk.now() - KEPT
    await desk.store.clear(before)
    finished = await DBOS.list_workflows_async(
        completed_before=before.isoformat(), load_input=False, load_output=False, limit=5000
    )
    if finished:
        await DBOS.delete_workflows_async([w.workflow_id for w in finished])
