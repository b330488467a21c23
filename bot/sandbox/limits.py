"""How often is too often, and faults on demand."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from dataclasses import dataclass, field

from bot.sandbox.catalogue import METHODS, PER_MINUTE
from bot.sandbox.clock import Clock
from bot.sandbox.errors import SlackError


class Limits:
    """One message a second in a channel; tiers by the minute; both answered with 429 and Retry-After."""

    def __init__(self, clock: Clock, *, strict: bool = True) -> None:
        self._clock = clock
        self._calls: dict[str, deque[float]] = defaultdict(deque)
        self._posted: dict[str, float] = {}
        self.strict = strict

    def check(self, method: str, channel: str | None) -> None:
        """Count the call. Raises ratelimited."""
        if not self.strict:
            return
        now = self._clock.now()
        if method == "chat.postMessage" and channel:
            wait = 0.9 - (now - self._posted.get(channel, 0.0))
            if wait > 0:
                raise _limited(wait)
            self._posted[channel] = now
        tier = METHODS[method].tier
        if not tier:
            return
        calls = self._calls[method]
        while calls and now - calls[0] >= 60:
            calls.popleft()
        if len(calls) >= max(PER_MINUTE[tier], 5):
            raise _limited(60 - (now - calls[0]))
        calls.append(now)


def _limited(wait: float) -> SlackError:
    return SlackError("ratelimited", status=429, headers={"Retry-After": str(max(1, math.ceil(wait)))})


@dataclass
class Fault:
    """``kind``: 429, 500, drop_before (nothing is done), drop_after (the work is done, the line breaks), slow."""

    method: str
    kind: str
    times: int = 1


@dataclass
class Faults:
    """What shall go wrong. ``duplicate`` and ``late`` count events; ``late`` holds them back for ``seconds``."""

    calls: list[Fault] = field(default_factory=list)
    duplicate: int = 0
    late: int = 0
    seconds: float = 5.0

    def add(self, method: str, kind: str, times: int = 1) -> None:
        """The next ``times`` calls of ``method`` ("*": any) go wrong this way."""
        self.calls.append(Fault(method, kind, times))

    def take(self, method: str) -> str | None:
        """The fault for this call, used up."""
        for fault in self.calls:
            if fault.times and fault.method in (method, "*"):
                fault.times -= 1
                return fault.kind
        return None
