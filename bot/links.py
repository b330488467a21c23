"""Links to our own pages: signed, for one purpose and one version, until a moment; the link is the key to the page."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from bot.errors import Refused
from bot.model import Version

MARKING, COMPARING, RECORD = 2 * 3600, 90 * 24 * 3600, 400 * 24 * 3600
"""Seconds for which links work: from when they are given, from when the version was made, from the approval."""
_LONGEST = 1000
_SIGNATURE = 16
"""Bytes of HMAC-SHA256 that are kept."""


@dataclass(frozen=True, slots=True)
class Pass:
    """What a link allows: ``page`` (mark, compare, record) on one ``version`` of a brief, until ``until`` (seconds,
    UTC).

    ``person``: who it was given to, where it lets somebody act; ``once``: what makes it count once.
    """

    page: str
    brief: str
    version: str
    until: int
    person: str | None = None
    once: str = ""


@dataclass(frozen=True, slots=True)
class Links:
    """``base`` is the bot's public address, ``key`` what links are signed with."""

    base: str
    key: bytes

    def to_mark(self, brief: str, version: str, person: str, once: str, now: datetime) -> str:
        """The brush on one version: for one person, for one use (named ``once``), for a while."""
        return self.address(Pass("mark", brief, version, int(now.timestamp()) + MARKING, person, once))

    def to_compare(self, brief: str, version: Version) -> str:
        """A version beside its parent: the same link whenever a message is written."""
        return self.address(Pass("compare", brief, version.name, int(version.at.timestamp()) + COMPARING))

    def to_record(self, brief: str, version: str, at: datetime) -> str:
        """The record of a brief whose ``version`` was approved then."""
        return self.address(Pass("record", brief, version, int(at.timestamp()) + RECORD))

    def address(self, given: Pass) -> str:
        """The link."""
        body = json.dumps(asdict(given), separators=(",", ":"), sort_keys=True).encode()
        return f"{self.base}/{given.page}/{_text(body)}.{_text(self._signed(body))}"

    def opened(self, page: str, token: str, now: datetime) -> Pass:
        """What the link allows. Raises Refused in words for the person who followed it."""
        body, _, signature = token.partition(".")
        if len(token) > _LONGEST or not hmac.compare_digest(self._signed(_bytes(body)), _bytes(signature)):
            raise Refused("This link is not one of mine. Open the page from its button in Slack.")
        fields: Mapping[str, object] = json.loads(_bytes(body))
        try:
            given = Pass(**fields)  # type: ignore[arg-type]
        except TypeError:
            raise Refused("This link is too old. Open the page from its button in Slack.") from None
        if given.page != page:
            raise Refused("This link opens another page. Open this one from its button in Slack.")
        if now.timestamp() > given.until:
            raise Refused("This link has expired. Press its button in Slack again for a new one.")
        return given

    def _signed(self, body: bytes) -> bytes:
        return hmac.new(self.key, b"proofthread link\0" + body, hashlib.sha256).digest()[:_SIGNATURE]


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return b""
