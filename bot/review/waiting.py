"""Whose turn it is: the one question a thread must always answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.house import House
from bot.model import Approval, Brief, Stage
from bot.wording import people


@dataclass(frozen=True, slots=True)
class Waiting:
    """``needed`` of these people owe the next step, ``since`` then (UTC); nobody: the bot is at it, or all is done.
    ``version``: what has most approvals so far, None where there are none."""

    people: tuple[str, ...] = ()
    needed: int = 0
    since: datetime | None = None
    version: str | None = None
    given: tuple[Approval, ...] = ()


def waiting(brief: Brief, house: House | None = None, now: datetime | None = None) -> Waiting:
    """Who owes the brief its next step. With ``house`` and ``now`` those who are away give way to who stands in."""
    if brief.stage is not Stage.REVIEW or brief.working or brief.held is not None:
        return Waiting()
    shown = [v.at for d in brief.drafts for v in d.versions if v.shown]
    asked = any(q.answer is None and (q.round is not None or q.change is not None) for q in brief.questions)
    left = [d for d in brief.drafts if not brief.rejected(d.current.name)]
    if asked or not left:  # the requester says whether it may cost more, or tries a new round
        return Waiting((brief.requester,), 1, max(shown, default=brief.submitted_at))
    versions = dict.fromkeys(a.version for a in brief.approvals if not _undone(brief, a.version))
    leading = max(versions, key=lambda v: len(brief.words(v)), default=None)
    given = _given(brief, leading) if leading else ()
    owing, needed = brief.policy.owing(brief.approvers, brief.words(leading) if leading else set())
    if house is not None and now is not None:
        barred = brief.requester if not brief.policy.requester else None
        stand_ins = ((p, house.delegate(p, now)) for p in owing)
        owing = tuple(dict.fromkeys(p if by in (None, barred) else str(by) for p, by in stand_ins))
        needed = min(needed, len(owing))
    if brief.escalated and brief.policy.fallback:
        owing, needed = (brief.policy.fallback,), 1
    since = max((*shown, *(a.at for a in given)), default=brief.submitted_at)
    return Waiting(owing, needed, since, leading, given)


def said(waits: Waiting) -> str:
    """The same in words, without the time."""
    if not waits.people:
        return ""
    some = f"{waits.needed} of " if 1 < waits.needed < len(waits.people) else ""
    joined = people(waits.people, "or" if waits.needed == 1 else "and")
    if not waits.given:
        return f"Waiting for {some}{joined} to decide."
    done = people(dict.fromkeys(a.person for a in waits.given))
    return f"{waits.version} is approved by {done}; waiting for {some}{joined}."


def _undone(brief: Brief, name: str) -> bool:
    version = brief.version(name)
    return version is None or version.undone_by is not None


def _given(brief: Brief, version: str) -> tuple[Approval, ...]:
    return tuple(a for a in brief.approvals if a.version == version)
