"""Triggers live three seconds and work once; response addresses five times in half an hour."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from bot.sandbox.clock import Clock
from bot.sandbox.errors import SlackError

TRIGGER_SECONDS, RESPONSE_SECONDS, RESPONSE_USES = 3.0, 1800.0, 5


@dataclass
class Response:
    """Where a response_url leads."""

    channel: str
    user: str
    thread: str | None
    message: str | None
    made: float
    uses: int = 0


class Triggers:
    """What the app may use to answer an interaction."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._triggers: dict[str, tuple[str, float]] = {}
        self._used: set[str] = set()
        self._responses: dict[str, Response] = {}

    def trigger(self, user: str) -> str:
        """A new trigger for something this person did."""
        made = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        self._triggers[made] = (user, self._clock.now())
        return made

    def use(self, trigger: str) -> str:
        """Whose it is. Raises invalid_, exchanged_ or expired_trigger_id."""
        if trigger in self._used:
            raise SlackError("exchanged_trigger_id")
        if trigger not in self._triggers:
            raise SlackError("invalid_trigger_id")
        user, made = self._triggers[trigger]
        if self._clock.now() - made > TRIGGER_SECONDS:
            raise SlackError("expired_trigger_id")
        self._used.add(trigger)
        return user

    def response(self, channel: str, user: str, thread: str | None = None, message: str | None = None) -> str:
        """The last part of a new response_url."""
        made = secrets.token_hex(12)
        self._responses[made] = Response(channel, user, thread, message, self._clock.now())
        return made

    def respond(self, name: str) -> Response:
        """One use. Raises expired_url or used_url."""
        found = self._responses.get(name)
        if found is None or self._clock.now() - found.made > RESPONSE_SECONDS:
            raise SlackError("expired_url", status=404)
        if found.uses >= RESPONSE_USES:
            raise SlackError("used_url", status=404)
        found.uses += 1
        return found
