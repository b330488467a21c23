"""The desk takes a command, decides it, and keeps what comes of it."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import logging
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.chat import Chat
from bot.commands import Command
from bot.engines.catalogue import Catalogue
from bot.engines.engine import Engine, Reader
from bot.errors import Busy, ProofthreadError
from bot.house import House
from bot.jobs import Job, Tell
from bot.links import Links
from bot.model import Message
from bot.review.decide import decide
from bot.review.outcome import Outcome
from storage.calls import Budget, Calls
from storage.files import Files
from storage.store import Store

log = logging.getLogger(__name__)
FRESH = 5.0
"""Seconds for which the rules of the workspace are believed without looking."""


@dataclass(slots=True)
class Desk:
    """What every handler is given. ``approvers`` are the workspace's default ones; ``reader`` reads unclear replies;
    ``links`` leads to our pages, None where the bot has no public address; ``calls`` is the book of paid ones;
    ``drawn``: how many drafts are drawn for a round of four; ``gone``: models that their
    provider does not know any more."""

    store: Store
    chat: Chat
    files: Files
    engines: Mapping[str, Engine]
    catalogue: Catalogue
    calls: Calls
    now: Callable[[], datetime]
    approvers: tuple[str, ...] = ()
    reader: Reader | None = None
    links: Links | None = None
    budget: Budget = field(default_factory=Budget)
    drawn: int = 6
    gone: set[str] = field(default_factory=set)
    _soon: set[asyncio.Task[None]] = field(default_factory=set)
    _locks: dict[str, tuple[asyncio.Lock, int]] = field(default_factory=dict)
    _house: tuple[float, House | None] = (0.0, None)

    async def perform(self, command: Command, key: str | None = None) -> Outcome | None:
        """Decide and keep. None when the delivery ``key`` was taken before. Raises Refused for the person."""
        now, house = self.now(), await self.house()
        by = getattr(command, "person", None)
        return await self.store.commit(
            command.brief, lambda brief: decide(brief, command, now=now, house=house), by=by, now=now, key=key
        )

    async def house(self) -> House:
        """The rules of the workspace, at most a few seconds old: another process may have changed them."""
        asked, house = self._house
        if house is None or time.monotonic() - asked > FRESH:
            house = await self.store.house()
            self._house = (time.monotonic(), house)
        return house

    async def settle(self, change: Callable[[House], House], what: str, by: str) -> House:
        """Change the rules of the workspace. Raises Refused where they would make no sense."""
        house = await self.store.keep_house(change, what, by, self.now())
        self._house = (time.monotonic(), house)
        return house

    async def tell(self, person: str, text: str, *, channel: str, brief: str | None, key: str) -> None:
        """Say something to one person only, once for each delivery."""
        await self.enqueue(Tell(channel, person, text, brief), channel, key)

    async def enqueue(self, job: Job, channel: str, key: str) -> bool:
        """A job that belongs to no decision. False when the delivery was taken before."""
        return await self.store.enqueue(job, channel, self.now(), key)

    async def message_at(
        self, body: dict[str, Any], author: str | None, channel: str, ts: str
    ) -> Message | None:
        """Which of our messages an event is about, None when it is somebody else's.

        People are quick: a vote may come before Slack has told us the ts of our own post. Then wait a moment,
        and if that is not enough let the delivery fail (Busy), so that Slack brings it again.
        """
        ours = {a.get("user_id") for a in body.get("authorizations") or ()}
        for wait in (0.03, 0.06, 0.12, 0.25, 0.5, 0.0):
            # In this order: a post that lands between the two looks is then seen by the second.
            underway = author in ours and await self.store.posting(channel)
            message = await self.store.message_at(channel, ts)
            if message is not None or not underway:
                return message
            await asyncio.sleep(wait)
        raise Busy("A post of ours is still on its way.")

    @asynccontextmanager
    async def alone(self, what: str) -> AsyncIterator[None]:
        """One at a time in this process, for work that must not be done twice side by side."""
        lock, waiting = self._locks.get(what, (asyncio.Lock(), 0))
        self._locks[what] = (lock, waiting + 1)
        try:
            async with lock:
                yield
        finally:
            lock, waiting = self._locks[what]
            if waiting > 1:
                self._locks[what] = (lock, waiting - 1)
            else:
                del self._locks[what]

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
