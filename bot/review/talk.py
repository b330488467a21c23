"""A reply becomes what it asks for; where it is unclear the bot asks, and chatter is left alone."""

from dataclasses import replace
from datetime import datetime

from bot.commands import Answer, Approve, CastVote, Fix, Redraw, Reply, Restore, Undo
from bot.errors import Refused
from bot.events import ReplyRead
from bot.house import House
from bot.jobs import Show
from bot.model import PERHAPS, SURE, Brief, Choice, Kind, Learned, Mark, Question, Wish
from bot.review import answers, approvals, budgets, deliverables, edits, rounds, votes
from bot.review.outcome import Outcome, noted
from bot.wording import bare

QUIET = frozenset({Kind.CHATTER, Kind.QUESTION})


def sign(said: str) -> str:
    """What a vote or an approval given in words is known by, so that an edit of the message takes it back."""
    return f"said:{said}" if said else "words"


def marked(brief: Brief, own: str, at: float, wishes: tuple[Wish, ...]) -> Brief:
    """Keep what a message wished, to tell an edit of it from another spelling of the same."""
    others = tuple(m for m in brief.marks if m.sign != own)
    return replace(brief, marks=(*others, Mark(own, at, wishes)))


def reply(brief: Brief, command: Reply, now: datetime, house: House, *, corrected: bool = False) -> Outcome:
    """Everything a reply asks for, in its order. A reply that comes after its own edit is not done."""
    own = sign(command.said)
    if not corrected and command.said and any(m.sign == own for m in brief.marks):
        return Outcome(brief)
    wishes = [w for w in command.wishes if w.kind is not Kind.CHATTER and w.confidence >= PERHAPS]
    if not wishes:
        return Outcome(brief, (ReplyRead("chatter", (), None, asked=False),))
    if not corrected and command.said:
        brief = marked(brief, own, 0.0, command.wishes)
    outcome = Outcome(brief)
    # An approval closes the brief, so what else the words ask for comes first.
    for wish in sorted(wishes, key=lambda w: w.kind is Kind.APPROVE):
        outcome = outcome.and_then(_one(outcome.brief, command, wish, now, house))
    return outcome


def middling(wishes: tuple[Wish, ...]) -> bool:
    """Is there a wish that would be asked about, and none that is clear?"""
    unsure = any(PERHAPS <= w.confidence < SURE and w.kind not in QUIET for w in wishes)
    return unsure and not any(w.confidence >= SURE and w.kind not in QUIET for w in wishes)


def recalled(wishes: tuple[Wish, ...], meant: Kind | None) -> tuple[Wish, ...]:
    """The wishes as this person explained the same wording before; questions at most when they were just talking."""
    if meant is None:
        return tuple(w for w in wishes if w.kind is Kind.QUESTION)
    same = tuple(replace(w, confidence=1.0) for w in wishes if w.kind is meant)
    return same or (Wish(meant, wishes[0].words),)


def answer(brief: Brief, command: Answer, now: datetime, house: House) -> Outcome:
    """A button under a question. It stands for the person who pressed it, with their own authority."""
    question = next((q for q in brief.questions if q.number == command.question), None)
    if question is None or not 0 <= command.choice < len(question.choices):
        raise Refused("That question is not open any more.")
    if question.answer is not None:
        raise Refused(f"<@{question.by}> has answered this already: {question.answer}.")
    choice = question.choices[command.choice]
    approving = any(c.wish is not None and c.wish.kind is Kind.APPROVE for c in question.choices)
    if approving and approvals.authority_of(brief, command.person, house, now) is None:
        raise Refused(f"The approval of this brief comes from {brief.policy.worded(brief.approvers)}.")
    if any(waits is not None for waits in (question.round, question.change, question.deliverable)):
        budgets.may(brief, command.person)
    question = replace(question, answer=choice.label, by=command.person)
    brief = replace(
        brief, questions=tuple(question if q.number == question.number else q for q in brief.questions)
    )
    meant = Learned(question.person, bare(question.words), choice.wish.kind if choice.wish else None)
    alone = sum(q.said == question.said and q.words == question.words for q in brief.questions) == 1
    own = command.person == question.person and question.unsure and alone and bool(meant.wording)
    shows = (Show(brief.id, f"question:{question.number}"),)
    outcome = Outcome(brief, (), shows, (meant,) if own else ())
    if choice.allow is not None:
        return outcome.and_then(budgets.allow(brief, command, question, choice.allow))
    if choice.wish is None:
        return outcome.and_then(deliverables.left(brief, question, command.person))
    if choice.wish.kind is Kind.APPROVE:  # theirs, by this press, whoever's words raised the question
        sign_ = f"answer:{question.number}:{command.person}"
        given = Approve(brief.id, command.person, choice.wish.version, sign_, seen=command.seen)
        return outcome.and_then(approvals.approve(brief, given, now, house))
    return outcome.and_then(_act(brief, command.person, choice.wish, now, house, question.said))


def _one(brief: Brief, command: Reply, wish: Wish, now: datetime, house: House) -> Outcome:
    person, words, said = command.person, command.words, command.said
    missing = next((n for n in wish.targets if brief.draft(n) is None), None)
    if missing is not None:
        raise Refused(votes.no_such_draft(brief, missing))
    aimed = _aim(brief, wish, person)
    unclear = aimed is None or (wish.confidence < SURE and wish.kind is not Kind.QUESTION)
    read = ReplyRead(wish.kind.value, wish.targets, wish.region, asked=unclear)
    if not unclear and aimed is not None:
        return Outcome(brief, (read,)).and_then(_act(brief, person, aimed, now, house, said))
    if wish.kind is Kind.REJECT:
        return Outcome(brief, (replace(read, asked=False),))  # a doubtful dislike takes no vote away
    if wish.kind is Kind.APPROVE:
        if not wish.firm or approvals.authority_of(brief, person, house, now) is None:
            return Outcome(brief, (replace(read, asked=False),))
        return Outcome(brief, (read,)).and_then(approvals.ask_which(brief, person, words, said))
    rounds.open_for_change(brief)
    return Outcome(brief, (read,)).and_then(_ask(brief, command, aimed or wish))


def _in_hand(brief: Brief, person: str) -> int | None:
    """The draft this person had changed last, when that was the last thing to happen to any draft."""
    newest = max((v for d in brief.drafts for v in d.versions), key=lambda v: v.at, default=None)
    return newest.draft if newest is not None and newest.parent is not None and newest.by == person else None


def _aim(brief: Brief, wish: Wish, person: str) -> Wish | None:
    """The wish with its targets filled in; None when nobody could know them."""
    if wish.targets or not (wish.kind.is_edit or wish.kind in (Kind.APPROVE, Kind.REJECT)):
        return wish
    if len(brief.drafts) == 1:
        return replace(wish, targets=(brief.drafts[0].number,))
    if wish.kind.is_edit and wish.region is None and (last := _in_hand(brief, person)):
        return replace(wish, targets=(last,))
    if wish.kind is Kind.REJECT:
        return wish
    if wish.kind is Kind.APPROVE:
        return None  # an approval is never guessed, not even when one draft leads
    if not brief.drafts:
        raise Refused("The drafts are still being drawn. Say that again when they are here.")
    return replace(wish, targets=(brief.leader,)) if brief.leader else None


def _act(brief: Brief, person: str, wish: Wish, now: datetime, house: House, said: str = "") -> Outcome:
    outcome = Outcome(brief)
    match wish.kind:
        case Kind.APPROVE:
            for number in wish.targets:
                outcome = outcome.and_then(_like(outcome.brief, person, number, wish, now, house, said))
        case Kind.REJECT:
            mine = tuple(v for v in brief.votes if v.person == person and v.draft in wish.targets)
            return votes.withdraw(brief, mine)
        case Kind.REGENERATE if wish.topic == "redo" and (back := edits.redo(brief, person)):
            return back
        case Kind.UNDO if wish.topic == "back" and wish.targets:
            return edits.restore(brief, Restore(brief.id, person, wish.version or str(wish.targets[0])))
        case Kind.QUESTION if wish.topic in ("history", "cells") and wish.targets:
            return _pictured(brief, wish, said)
        case Kind.REGENERATE | Kind.VARIANT:
            base = wish.targets[0] if wish.targets else None
            return rounds.redraw(brief, Redraw(brief.id, person, wish.words, base, said, wish.count))
        case Kind.UNDO:
            return edits.undo(brief, Undo(brief.id, person, _undone(brief, wish)), now)
        case Kind.QUESTION:
            told = answers.to(brief, wish.topic, now)
            return noted(outcome, told) if told else outcome
        case Kind.CHATTER:
            return outcome
        case _:
            for number in wish.targets:
                outcome = outcome.and_then(
                    edits.fix(outcome.brief, Fix(brief.id, person, number, wish, said))
                )
    return outcome


def _pictured(brief: Brief, wish: Wish, said: str) -> Outcome:
    """An answer that is a picture: how a draft has come about, or the grid over it."""
    draft = brief.draft(wish.targets[0])
    if draft is None:
        raise Refused(votes.no_such_draft(brief, wish.targets[0]))
    return Outcome(brief, (), (Show(brief.id, f"{wish.topic}:{draft.number}:{said}"),))


def _like(
    brief: Brief, person: str, number: int, wish: Wish, now: datetime, house: House, said: str
) -> Outcome:
    """Praise is a vote; words that sign off, from an approver, are an approval."""
    draft = brief.draft(number)
    if draft is None:
        raise Refused(votes.no_such_draft(brief, number))
    if wish.firm and len(wish.targets) == 1:
        named = draft.version(wish.version) if wish.version else draft.seen
        if named is None or not named.shown or (not wish.version and not draft.current.shown):
            # A newer state is on its way that nobody has seen: the words cannot have meant it, so ask.
            if approvals.authority_of(brief, person, house, now) is None:
                return votes.cast(brief, CastVote(brief.id, person, number, sign(said)))
            return approvals.ask_which(brief, person, wish.words, said)
        return approvals.approve(
            brief,
            Approve(brief.id, person, named.name, sign(said), seen=f"{brief.channel}/{said}"),
            now,
            house,
        )
    return votes.cast(brief, CastVote(brief.id, person, number, sign(said)))


def _undone(brief: Brief, wish: Wish) -> str | None:
    if wish.version:
        return wish.version
    draft = brief.draft(wish.targets[0]) if wish.targets else None
    return draft.current.name if draft else None


def _ask(brief: Brief, command: Reply, wish: Wish) -> Outcome:
    """One message with buttons that name what would be done and to which draft."""
    person, words = command.person, command.words
    doing = label(wish)
    sure = replace(wish, confidence=1.0)
    if wish.kind.is_edit:
        numbers = wish.targets or brief.numbers[-6:]
        choices = tuple(Choice(f"{doing} on {n}", replace(sure, targets=(n,))) for n in numbers)
        new_round = Choice("New round", Wish(Kind.REGENERATE, words=words))
        text = f"<@{person}>, on which draft?" if not wish.targets else f"<@{person}>, shall I?"
        choices = (*choices, new_round)
    else:
        choices = (Choice(doing, sure),)
        text = f"<@{person}>, shall I?"
    choices = (*choices, Choice("Nothing, just talking", None))
    if any(
        (q.person, q.words, q.choices, q.answer) == (person, words, choices, None) for q in brief.questions
    ):
        return Outcome(brief)
    question = Question(
        len(brief.questions) + 1,
        person,
        words,
        text,
        choices,
        said=command.said,
        unsure=wish.confidence < SURE,
    )
    brief = replace(brief, questions=(*brief.questions, question))
    return Outcome(brief, (), (Show(brief.id, f"question:{question.number}"),))


def label(wish: Wish) -> str:
    """What would be done, short enough for a button (75 characters with the draft's number)."""
    thing = (wish.region or "")[:40].strip()
    match wish.kind:
        case Kind.INPAINT:
            return f"Repaint {thing}" if thing else "Repaint a part"
        case Kind.REMOVE:
            return f"Remove {thing}" if thing else "Remove something"
        case Kind.RECOLOUR:
            return f"Recolour {thing or 'it'}" + (f" to {wish.colour}" if wish.colour else "")
        case Kind.RELIGHT:
            return "Change the light"
        case Kind.BACKGROUND:
            return "Change the background" + (f" to {wish.colour}" if wish.colour else "")
        case Kind.OUTPAINT:
            return f"Extend to {wish.ratio}" if wish.ratio else "Extend the picture"
        case Kind.UPSCALE:
            return "Enlarge"
        case Kind.TEXT:
            return "Change the wording"
        case Kind.LOGO:
            return "Change the logo"
        case Kind.VARIANT:
            return (
                "Draw more like " + " and ".join(str(t) for t in wish.targets)
                if wish.targets
                else "Draw variants"
            )
        case Kind.REGENERATE:
            return "New round"
        case Kind.APPROVE:
            return "Approve"
        case Kind.UNDO:
            return "Undo the last change"
        case Kind.REJECT | Kind.QUESTION | Kind.CHATTER:
            return "Nothing"
