"""A reply that was edited or deleted: what has not started yet is taken back, what has is left and named."""

from dataclasses import replace
from datetime import datetime

from bot.commands import Correct, Reply, Start
from bot.jobs import Show, Tell
from bot.model import Brief, Change, Mark, Round, Wish
from bot.review import approvals, talk, votes
from bot.review.outcome import Outcome, card
from bot.wording import escape


def correct(brief: Brief, command: Correct, now: datetime) -> Outcome:
    """Take back what the message had asked for and nobody has begun; then do what it says now.

    Only the last edit counts, in whatever order Slack brings them.
    """
    sign = talk.sign(command.said)
    if any(m.sign == sign and m.at >= command.at for m in brief.marks):
        return Outcome(brief)
    others = tuple(m for m in brief.marks if m.sign != sign)
    brief = replace(brief, marks=(*others, Mark(sign, command.at)))
    begun = tuple(c for c in brief.changes if c.said == command.said and (c.started or c.state == "made"))
    outcome = _taken_back(brief, command.said, sign)
    kept = tuple(w for w in command.wishes if not _covered(w, begun))
    if too_late := tuple(c for c in begun if not any(_same(w, c) for w in command.wishes)):
        outcome = outcome.and_then(Outcome(outcome.brief, (), (_told(brief, command.person, too_late),)))
    if command.words and kept:
        reply = Reply(brief.id, command.person, command.words, kept, command.said)
        outcome = outcome.and_then(talk.reply(outcome.brief, reply, now, corrected=True))
    return outcome


def start(brief: Brief, command: Start) -> Outcome:
    """Mark that an engine is at it."""
    changes = tuple(replace(c, started=True) if c.number == command.change else c for c in brief.changes)
    drawn = tuple(replace(r, started=True) if r.number == command.round else r for r in brief.rounds)
    return Outcome(replace(brief, changes=changes, rounds=drawn))


def _taken_back(brief: Brief, said: str, sign: str) -> Outcome:
    """Changes and rounds that wait, questions that are open, votes and approvals: all that came of the message."""
    waiting = [c.number for c in brief.changes if _waits(c, said, "working")]
    undrawn = [r.number for r in brief.rounds if _waits(r, said, "drawing")]
    asked = [q.number for q in brief.questions if q.said == said and q.answer is None]
    changes = tuple(replace(c, state="withdrawn") if c.number in waiting else c for c in brief.changes)
    drawn = tuple(replace(r, state="withdrawn") if r.number in undrawn else r for r in brief.rounds)
    questions = tuple(
        replace(q, answer="the message was changed", by=q.person) if q.number in asked else q
        for q in brief.questions
    )
    brief = replace(brief, changes=changes, rounds=drawn, questions=questions)
    shows = tuple(Show(brief.id, f"question:{n}") for n in asked)
    outcome = Outcome(brief, (), (*shows, *((card(brief),) if waiting or undrawn else ())))
    outcome = outcome.and_then(votes.withdraw(outcome.brief, tuple(v for v in brief.votes if v.sign == sign)))
    given = tuple(a for a in outcome.brief.approvals if a.sign == sign)
    return outcome.and_then(approvals.withdraw(outcome.brief, given))


def _waits(asked: Change | Round, said: str, state: str) -> bool:
    return asked.said == said and asked.state == state and not asked.started


def _same(wish: Wish, change: Change) -> bool:
    meant = change.wish
    return (wish.kind, wish.region, wish.colour, wish.ratio, wish.quoted) == (
        meant.kind,
        meant.region,
        meant.colour,
        meant.ratio,
        meant.quoted,
    ) and (not wish.targets or change.draft in wish.targets)


def _covered(wish: Wish, begun: tuple[Change, ...]) -> bool:
    """Is everything the wish asks for on its way already?"""
    done = {c.draft for c in begun if _same(wish, c)}
    return bool(done) and set(wish.targets) <= done


def _told(brief: Brief, person: str, begun: tuple[Change, ...]) -> Tell:
    named = " and ".join(f"“{escape(talk.label(c.wish))}” on {c.draft}" for c in begun[:3])
    one = len(begun) == 1
    text = (
        f"{named} {'has' if one else 'have'} been begun already. "
        f"If you no longer want {'it, write “undo” once it is' if one else 'them, write “undo” once they are'} here."
    )
    return Tell(brief.channel, person, text, brief.id)
