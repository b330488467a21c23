"""What has happened, in the past tense; the log is append-only and every figure is computed from it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class BriefSubmitted:
    channel: str
    requester: str
    title: str
    placements: tuple[str, ...]
    deadline: str | None


@dataclass(frozen=True, slots=True)
class DraftsShown:
    round: int
    drafts: tuple[int, ...]
    generated: int
    withheld: int


@dataclass(frozen=True, slots=True)
class VoteCast:
    draft: int


@dataclass(frozen=True, slots=True)
class VoteWithdrawn:
    draft: int


@dataclass(frozen=True, slots=True)
class ReplyRead:
    wish: str
    targets: tuple[int, ...]
    region: str | None
    asked: bool


@dataclass(frozen=True, slots=True)
class ChangeRequested:
    change: str
    draft: int | None


@dataclass(frozen=True, slots=True)
class EditShown:
    draft: int
    version: str
    op: str
    engine: str
    mask_share: float | None
    changed_outside: int | None


@dataclass(frozen=True, slots=True)
class VersionUndone:
    draft: int
    version: str


@dataclass(frozen=True, slots=True)
class VersionRestored:
    draft: int
    version: str


@dataclass(frozen=True, slots=True)
class ApprovalGiven:
    draft: int
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class ApprovalWithdrawn:
    draft: int
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class BriefApproved:
    draft: int
    version: str
    sha256: str
    rule: str


@dataclass(frozen=True, slots=True)
class BriefDelivered:
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BriefReopened:
    reason: str


@dataclass(frozen=True, slots=True)
class BriefWithdrawn:
    reason: str


@dataclass(frozen=True, slots=True)
class BriefParked:
    reason: str


@dataclass(frozen=True, slots=True)
class BriefResumed:
    reason: str


@dataclass(frozen=True, slots=True)
class ReminderSent:
    to: str


@dataclass(frozen=True, slots=True)
class JobCharged:
    op: str
    engine: str
    model: str
    usd: float


Event = (
    BriefSubmitted
    | DraftsShown
    | VoteCast
    | VoteWithdrawn
    | ReplyRead
    | ChangeRequested
    | EditShown
    | VersionUndone
    | VersionRestored
    | ApprovalGiven
    | ApprovalWithdrawn
    | BriefApproved
    | BriefDelivered
    | BriefReopened
    | BriefWithdrawn
    | BriefParked
    | BriefResumed
    | ReminderSent
    | JobCharged
)


def kind(event: Event) -> str:
    """The event's name in the log.

    >>> kind(VoteCast(draft=2))
    'vote_cast'
    """
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(event).__name__).lower()


def particulars(event: Event) -> dict[str, Any]:
    """The event's own fields, as they stand in the log beside ``kind``."""
    return asdict(event)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log. ``at`` is UTC; ``by`` a Slack user, None for the bot."""

    at: datetime
    brief: str
    kind: str
    by: str | None
    data: Mapping[str, Any]

    def line(self) -> dict[str, Any]:
        """The entry as ``export events`` writes it: UTC, milliseconds, particulars at the top."""
        at = self.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return {"at": at, "brief": self.brief, "kind": self.kind, "by": self.by, **self.data}

    @classmethod
    def read(cls, line: Mapping[str, Any]) -> Entry:
        """Back from an exported line. Raises KeyError or ValueError when it is none."""
        rest = {k: v for k, v in line.items() if k not in {"at", "brief", "kind", "by"}}
        at = datetime.fromisoformat(str(line["at"]))
        if at.tzinfo is None:
            raise ValueError(f"{line['at']!r} has no time zone")
        return cls(at.astimezone(UTC), str(line["brief"]), str(line["kind"]), line.get("by"), rest)
