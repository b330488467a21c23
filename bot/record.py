"""The record of one brief: who approved which exact version, when, with what authority, and what changed after.

All of it comes from the bot's own state and log, never from what Slack still shows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.events import Entry
from bot.model import Approval, Brief, Stage, Version
from bot.wording import dollars, plural, spell

Names = Callable[[str], str]
"""What people are called, by their Slack id."""


@dataclass(frozen=True, slots=True)
class Line:
    """Something that happened, in words."""

    at: datetime
    who: str
    what: str


def answers(brief: Brief, log: Sequence[Entry], name: Names) -> list[tuple[str, str]]:
    """The five questions about an approval, each with its answer; one where nothing is approved."""
    done = brief.approved
    if done is None:
        status = "withdrawn" if brief.stage is Stage.WITHDRAWN else "not approved"
        return [("Is it approved?", f"No: this brief is {status}.")]
    version = brief.version(done.version)
    given = [a for a in brief.approvals if a.version == done.version]
    took = spell((done.at - brief.submitted_at).total_seconds())
    which = f"{done.version}, sha256 {done.sha256}"
    if version is not None:
        which += f", {version.width} x {version.height}"
    return [
        ("Who?", "; ".join(_who(a, name) for a in given)),
        ("Which exact version?", which),
        ("When?", f"{stamp(done.at)}, {took} after the brief"),
        ("With what authority?", f"The rule: {brief.policy.rule}. {authority(brief, given, name)}"),
        ("What changed after?", after(brief, log, done, name)),
    ]


def authority(brief: Brief, given: Sequence[Approval], name: Names) -> str:
    """Whose word the brief needed, and what each who gave theirs stood on."""
    needed = ", ".join(name(p) for p in brief.approvers)
    stood = "; ".join(f"{name(a.person)}: {a.role}, on the message {a.seen or 'unknown'}" for a in given)
    return f"Asked for: {needed}. {stood}."


def after(brief: Brief, log: Sequence[Entry], done: Approval, name: Names) -> str:
    """What has happened to the brief since it was approved."""
    decided = [
        n for n, e in enumerate(log) if e.kind == "brief_approved" and e.data.get("version") == done.version
    ]
    since = [e for e in log[decided[-1] + 1 :] if e.kind in _CHANGES] if decided else []
    if not since:
        return "Nothing."
    return "; ".join(f"{stamp(e.at)} {_said(e, name)}" for e in since)


def lineage(brief: Brief) -> list[Version]:
    """How the approved version (else the newest shown) came about, oldest first."""
    newest = max((v for d in brief.drafts for v in d.versions if v.shown), key=lambda v: v.at, default=None)
    state = brief.version(brief.approved.version) if brief.approved else newest
    line: list[Version] = []
    while state is not None:
        line.insert(0, state)
        state = brief.version(state.parent) if state.parent else None
    return line


def made(version: Version, name: Names) -> str:
    """How one state was made, in a line."""
    if version.op == "brought":
        return f"brought by {name(version.by or '')}"
    by = f"{version.engine} {version.model}".strip()
    about = "about " if version.estimated else ""
    how = f"{by}, {about}{dollars(version.usd)}"
    if version.original:  # what we show is ours: its marks and credentials stand in the provider's own file
        how += f"; the provider's own file, with its content credentials, is kept (sha256 {version.original})"
    if version.parent is None:
        return f"drawn by {how}"
    outside = (
        ""
        if version.changed_outside is None
        else f", {plural(version.changed_outside, 'pixel')} changed outside"
    )
    return f"{name(version.by or '')}: “{version.words}”, by {how}{outside}"


def history(log: Sequence[Entry], name: Names) -> list[Line]:
    """Everything in the log, oldest first."""
    return [Line(e.at, name(e.by) if e.by else "Proofthread", _said(e, name)) for e in log]


def stamp(at: datetime) -> str:
    """A moment as a record writes it.

    >>> stamp(datetime(2026, 11, 20, 9, 5, 7, tzinfo=UTC))
    '2026-11-20 09:05:07 UTC'
    """
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def _who(approval: Approval, name: Names) -> str:
    stands = f" for {', '.join(map(name, approval.stands_for))}" if approval.stands_for else ""
    return f"{name(approval.person)} ({approval.person}){stands}"


_CHANGES = frozenset(
    "brief_reopened approval_withdrawn approval_given brief_approved edit_shown brief_delivered drafts_shown".split()
)
_WORDS = {
    "brief_submitted": "asked for “{title}”",
    "drafts_shown": "round {round}: drafts {drafts} shown, {generated} drawn",
    "vote_cast": "voted for {draft}",
    "vote_withdrawn": "took a vote for {draft} back",
    "reply_read": "wrote in the thread (read as {wish})",
    "change_requested": "asked for a change of {draft}",
    "edit_shown": "{version} shown: {op} by {engine}",
    "version_undone": "undid {version}",
    "version_restored": "brought {version} back",
    "approval_given": "approved {version} (sha256 {sha256})",
    "approval_withdrawn": "took the approval of {version} back",
    "brief_approved": "the brief is approved: {version} (rule: {rule})",
    "brief_reopened": "the brief is open again: {reason}",
    "brief_withdrawn": "withdrew the brief",
    "brief_parked": "put it on hold: {reason}",
    "brief_resumed": "took it off hold",
    "brief_delivered": "handed over {files}",
    "reminder_sent": "reminded {to}",
    "job_charged": "{op} by {engine} {model}: {usd}",
}


def _said(entry: Entry, name: Names) -> str:
    words = _WORDS.get(entry.kind, entry.kind.replace("_", " "))
    given = {k: ", ".join(map(str, v)) if isinstance(v, list | tuple) else v for k, v in entry.data.items()}
    if "to" in given:
        given["to"] = name(str(given["to"]))
    if "usd" in given:
        given["usd"] = dollars(float(given["usd"]))
    if entry.kind == "change_requested" and entry.data.get("change") == "regenerate":
        return "asked for a new round" + (f" like {given['draft']}" if given.get("draft") else "")
    try:
        return words.format_map(given)
    except (KeyError, IndexError):
        return entry.kind.replace("_", " ")
