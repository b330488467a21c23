"""Time that can be moved, so that half an hour or a weekend passes in a test."""

from __future__ import annotations

import asyncio
import contextlib
import time


class Clock:
    """Seconds since 1970, plus whatever it was moved by."""

    def __init__(self) -> None:
        self._moved = 0.0
        self._changed = asyncio.Event()

    def now(self) -> float:
        """The sandbox's time."""
        return time.time() + self._moved

    def move(self, seconds: float) -> None:
        """Let time pass; whoever sleeps on this clock wakes when due."""
        self._moved += seconds
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    async def sleep(self, seconds: float) -> None:
        """Until ``seconds`` have passed on this clock."""
        due = self.now() + seconds
        while (left := due - self.now()) > 0:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), left)
