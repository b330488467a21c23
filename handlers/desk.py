"""The desk takes a command, decides it, and keeps what comes of it."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import logging
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.chat import Chat
from bot.commands import Command
from bot.engines.engine import Engine
from bot.errors import ProofthreadError
from bot.jobs import Job, Tell
from bot.review.decide import decide
from bot.review.outcome import Outcome
from storage.files import Files
from storage.store import Store

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Desk:
    """What every handler is given. ``approvers`` are the workspace's default ones."""

    store: Store
    chat: Chat
    files: Files
    engines: Mapping[str, Engine]
    now: Callable[[], datetime]
    approvers: tuple[str, ...] = ()
    _soon: set[asyncio.Task[None]] = field(default_factory=set)

    async def perform(self, command: Command, key: str | None = None) -> Outcome | None:
        """Decide and keep. None when the delivery ``key`` was taken before. Raises Refused for the person."""
        now = self.now()
        by = getattr(command, "person", None)
        return await self.store.commit(
            command.brief, lambda brief: decide(brief, command, now=now), by=by, now=now, key=key
        )

    async def tell(self, person: str, text: str, *, channel: str, brief: str | None, key: str) -> None:
        """Say something to one person only, once for each delivery."""
        await self.enqueue(Tell(channel, person, text, brief), channel, key)

    async def enqueue(self, job: Job, channel: str, key: str) -> bool:
        """A job that belongs to no decision. False when the delivery was taken before."""
        return await self.store.enqueue(job, channel, self.now(), key)

    def soon(self, work: Coroutine[Any, Any, object]) -> None:
        """Do this after the answer to Slack: for modals and Home, which are gone with the moment anyway."""

        async def guarded() -> None:
            try:
                await work
            except ProofthreadError as error:
                log.warning("Could not show a view: %s", error, extra={"action": "view_failed"})

        task = asyncio.create_task(guarded())
        self._soon.add(task)
        task.add_done_callback(self._soon.discard)


def brief_id(key: str) -> str:
    """A brief's id from the key of what started it: the same delivery can only start the same brief."""
    return "B" + base64.b32encode(hashlib.sha256(key.encode()).digest()).decode()[:9]
