"""A reply that was edited or deleted: what it no longer says is taken back, what it says anew is done.

What has been begun cannot be taken back unseen: it is left, and the person is told.
"""

from dataclasses import replace
from datetime import datetime

from bot.commands import Correct, Reply, Start, Wait
from bot.errors import Refused
from bot.house import House
from bot.jobs import Show, Tell
from bot.model import SURE, Brief, Change, Kind, Round, Wish
from bot.review import approvals, talk, votes
from bot.review.outcome import Outcome, card
from bot.wording import escape

_BY_WORDS = frozenset({Kind.INPAINT, Kind.TEXT, Kind.LOGO, Kind.BACKGROUND, Kind.REGENERATE, Kind.VARIANT})
"""Kinds that are done as the words say, beyond what was read out of them."""


def correct(brief: Brief, command: Correct, now: datetime, house: House) -> Outcome:
    """Bring about what the message says now. Only the last edit counts, in whatever order Slack brings them."""
    sign = talk.sign(command.said)
    before = next((m for m in brief.marks if m.sign == sign), None)
    if before is not None and before.at >= command.at:
        return Outcome(brief)
    was = before.wishes if before else ()
    brief = talk.marked(brief, sign, command.at, command.wishes)
    respelt = bool(was) and _as_said(was[0]) == _as_said(command.words)
    if respelt or (len(was) == len(command.wishes) and all(map(_alike, was, command.wishes))):
        return Outcome(brief)  # another spelling of the same
    outcome = _taken_back(brief, command, sign, now, house)
    again = tuple(left for w in command.wishes if (left := _left_to_do(outcome.brief, command, w, was)))
    if not command.words or not again:
        return outcome
    reply = Reply(brief.id, command.person, command.words, again, command.said)
    try:
        return outcome.and_then(talk.reply(outcome.brief, reply, now, house, corrected=True))
    except Refused as why:  # the taking back stands, though the new words cannot be done
        told = Tell(brief.channel, command.person, str(why), brief.id)
        return outcome.and_then(Outcome(outcome.brief, (), (told,)))


def start(brief: Brief, command: Start) -> Outcome:
    """Mark that an engine is at it."""
    number, usual = command.deliverable, command.usual
    changes = (
        replace(c, started=True, usual=usual, waits="") if c.number == command.change else c
        for c in brief.changes
    )
    rounds = (
        replace(r, started=True, usual=usual, waits="") if r.number == command.round else r
        for r in brief.rounds
    )
    more = (replace(d, waits="") if d.number == number else d for d in brief.deliverables)
    begun = replace(brief, changes=tuple(changes), rounds=tuple(rounds), deliverables=tuple(more))
    return Outcome(begun, (), _seen(begun, number) if usual or begun != brief else ())


def wait(brief: Brief, command: Wait) -> Outcome:
    """Show what is waited for."""
    why, number = command.why, command.deliverable
    changes = (replace(c, waits=why) if c.number == command.change else c for c in brief.changes)
    rounds = (replace(r, waits=why) if r.number == command.round else r for r in brief.rounds)
    more = (replace(d, waits=why) if d.number == number else d for d in brief.deliverables)
    waiting = replace(brief, changes=tuple(changes), rounds=tuple(rounds), deliverables=tuple(more))
    return Outcome(waiting, (), _seen(waiting, number)) if waiting != brief else Outcome(brief)


def _seen(brief: Brief, deliverable: int | None) -> tuple[Show, ...]:
    """Where people see how far it is."""
    return (card(brief),) if deliverable is None else (Show(brief.id, f"deliverable:{deliverable}"),)


def _taken_back(brief: Brief, command: Correct, sign: str, now: datetime, house: House) -> Outcome:
    """Changes and rounds that wait, open questions, votes and approvals, where the message asks for them no longer."""
    said, wishes = command.said, command.wishes
    begun = [
        talk.label(c.wish) + f" on {c.draft}"
        for c in brief.changes
        if c.said == said
        and _begun(brief, c)
        and not any(_of(w, c) and _alike_words(w, c.wish) for w in wishes)
    ]
    begun += [
        "the new round"
        for r in brief.rounds
        if r.said == said
        and _drawn(r)
        and not any(_redraws(w) and _as_said(w) == _as_said(r.wish) for w in wishes)
    ]
    waiting = [
        c.number
        for c in brief.changes
        if c.said == said
        and c.state == "working"
        and not c.started
        and not any(_of(w, c) and _alike_words(w, c.wish) for w in wishes)
    ]
    undrawn = [
        r.number
        for r in brief.rounds
        if r.said == said
        and r.state == "drawing"
        and not r.started
        and not any(_redraws(w) and _as_said(w) == _as_said(r.wish) for w in wishes)
    ]
    looking = any(
        c.said == said and c.state == "asked" and any(_of(w, c) and _alike_words(w, c.wish) for w in wishes)
        for c in brief.changes
    )
    asked = [
        q.number
        for q in brief.questions
        if q.said == said and q.answer is None and not (q.mask is not None and looking)
    ]
    brief = replace(
        brief,
        changes=tuple(replace(c, state="withdrawn") if c.number in waiting else c for c in brief.changes),
        rounds=tuple(replace(r, state="withdrawn") if r.number in undrawn else r for r in brief.rounds),
        questions=tuple(
            replace(q, answer="the message was changed", by=q.person) if q.number in asked else q
            for q in brief.questions
        ),
    )
    jobs = [Show(brief.id, f"question:{n}") for n in asked]
    if waiting or undrawn:
        jobs.append(card(brief))
    liked = {n for w in wishes if w.kind is Kind.APPROVE and w.confidence >= SURE for n in w.targets}
    firm = {n for w in wishes if w.kind is Kind.APPROVE and w.firm for n in w.targets}
    outcome = Outcome(brief, (), (*jobs, *([_told(brief, command.person, begun)] if begun else ())))
    gone = tuple(v for v in brief.votes if v.sign == sign and v.draft not in liked)
    outcome = outcome.and_then(votes.withdraw(outcome.brief, gone))
    given = tuple(
        a
        for a in outcome.brief.approvals
        if (a.sign, a.person) == (sign, command.person) and a.draft not in firm
    )
    return outcome.and_then(approvals.unsaid(outcome.brief, given, command.at or now.timestamp(), house))


def _left_to_do(brief: Brief, command: Correct, wish: Wish, was: tuple[Wish, ...]) -> Wish | None:
    """What of a wish the message has not brought about yet.

    An edited message never signs off: what its first words approved stays approved, anything else is asked.
    """
    said = command.said
    if wish.confidence >= SURE and any(_alike(wish, old) for old in was):
        return None
    if wish.kind is Kind.APPROVE and wish.firm and command.person in brief.approvers:
        kept = {a.draft for a in brief.approvals if a.sign == talk.sign(said)}
        return None if set(wish.targets) & kept else replace(wish, confidence=min(wish.confidence, 0.5))
    if _redraws(wish):
        return (
            None
            if any(r.said == said and (_drawn(r) or r.state == "drawing") for r in brief.rounds)
            else wish
        )
    if not wish.kind.is_edit:
        return wish
    done = {
        c.draft
        for c in brief.changes
        if c.said == said and _of(wish, c) and (_begun(brief, c) or c.state in ("working", "asked"))
    }
    if not wish.targets:
        return None if done else wish
    left = tuple(n for n in wish.targets if n not in done)
    return replace(wish, targets=left) if left else None


def _begun(brief: Brief, change: Change) -> bool:
    """Is an engine at it, or has it been made and not been undone?"""
    if change.state == "working":
        return change.started
    made = brief.version(change.answer) if change.state == "made" else None
    return made is not None and made.undone_by is None


def _drawn(asked: Round) -> bool:
    return asked.state in ("drawn", "shown") or (asked.state == "drawing" and asked.started)


def _redraws(wish: Wish) -> bool:
    return wish.kind in (Kind.REGENERATE, Kind.VARIANT)


def _alike(one: Wish, other: Wish) -> bool:
    """The same wish, but perhaps for its spelling."""
    return _bare(one) == _bare(other) and _alike_words(one, other)


def _bare(wish: Wish) -> Wish:
    return replace(wish, words="", confidence=1.0, mask=None)


def _alike_words(one: Wish, other: Wish) -> bool:
    return one.kind not in _BY_WORDS or _as_said(one) == _as_said(other)


def _as_said(wish: Wish | str) -> str:
    """The words without manners, stops and emoji.

    >>> _as_said("New round, please!!") == _as_said("new round"), _as_said("2") == _as_said("2?")
    (True, False)
    """
    said = (wish if isinstance(wish, str) else wish.words).lower().replace("please", "")
    return "".join(letter for letter in said if letter.isalnum() or letter == "?")


def _of(wish: Wish, change: Change) -> bool:
    """Is the change what the wish asks for, on that draft?"""
    here = not wish.targets or change.draft in wish.targets
    return here and _what(wish) == _what(change.wish, wish.version)


def _what(wish: Wish, version: str | None = None) -> Wish:
    """The wish without what was found out about it since: where, on which draft, on which version."""
    known = version if wish.mask is not None else wish.version
    return replace(_bare(wish), targets=(), version=known)


def _told(brief: Brief, person: str, begun: list[str]) -> Tell:
    named = " and ".join(f"“{escape(b)}”" for b in begun[:3])
    one = len(begun) == 1
    text = (
        f"{named} {'was' if one else 'were'} begun before you changed your message. "
        f"If that is not what you want, write “undo” once it is here, or say what should be different."
    )
    return Tell(brief.channel, person, text, brief.id)
