"""A reply becomes what it asks for; where it is unclear the bot asks, and chatter is left alone."""

from dataclasses import replace
from datetime import datetime

from bot.commands import Answer, Approve, CastVote, Fix, Redraw, Reply, Undo
from bot.errors import Refused
from bot.events import ReplyRead
from bot.jobs import Show
from bot.model import Brief, Choice, Kind, Question, Wish
from bot.review import answers, approvals, edits, rounds, votes
from bot.review.outcome import Outcome, noted
from bot.wording import people

SURE = 0.6
"""From this confidence on a wish is acted on; below it, down to ``PERHAPS``, the person is asked."""
PERHAPS = 0.35


def reply(brief: Brief, command: Reply, now: datetime) -> Outcome:
    """Everything a reply asks for, in its order."""
    wishes = [w for w in command.wishes if w.kind is not Kind.CHATTER and w.confidence >= PERHAPS]
    if not wishes:
        return Outcome(brief, (ReplyRead("chatter", (), None, asked=False),))
    outcome = Outcome(brief)
    # An approval closes the brief, so what else the words ask for comes first.
    for wish in sorted(wishes, key=lambda w: w.kind is Kind.APPROVE):
        outcome = outcome.and_then(_one(outcome.brief, command.person, command.words, wish, now))
    return outcome


def answer(brief: Brief, command: Answer, now: datetime) -> Outcome:
    """A button under a question. It stands for the person who pressed it, with their own authority."""
    question = next((q for q in brief.questions if q.number == command.question), None)
    if question is None or not 0 <= command.choice < len(question.choices):
        raise Refused("That question is not open any more.")
    if question.answer is not None:
        raise Refused(f"<@{question.by}> has answered this already: {question.answer}.")
    choice = question.choices[command.choice]
    approving = any(c.wish is not None and c.wish.kind is Kind.APPROVE for c in question.choices)
    if approving and command.person not in brief.approvers:
        raise Refused(f"The approval of this brief comes from {people(brief.approvers, 'or')}.")
    question = replace(question, answer=choice.label, by=command.person)
    brief = replace(
        brief, questions=tuple(question if q.number == question.number else q for q in brief.questions)
    )
    outcome = Outcome(brief, (), (Show(brief.id, f"question:{question.number}"),))
    if choice.wish is None:
        return outcome
    return outcome.and_then(_act(brief, command.person, choice.wish, now))


def _one(brief: Brief, person: str, words: str, wish: Wish, now: datetime) -> Outcome:
    missing = next((n for n in wish.targets if brief.draft(n) is None), None)
    if missing is not None:
        raise Refused(votes.no_such_draft(brief, missing))
    aimed = _aim(brief, wish)
    unclear = aimed is None or (wish.confidence < SURE and wish.kind is not Kind.QUESTION)
    read = ReplyRead(wish.kind.value, wish.targets, wish.region, asked=unclear)
    if not unclear and aimed is not None:
        return Outcome(brief, (read,)).and_then(_act(brief, person, aimed, now))
    if wish.kind is Kind.APPROVE:
        if not wish.firm or person not in brief.approvers:
            return Outcome(brief, (replace(read, asked=False),))
        return Outcome(brief, (read,)).and_then(approvals.ask_which(brief, person, words))
    rounds.open_for_change(brief)
    return Outcome(brief, (read,)).and_then(_ask(brief, person, words, wish))


def _aim(brief: Brief, wish: Wish) -> Wish | None:
    """The wish with its targets filled in; None when nobody could know them."""
    if wish.targets or not (wish.kind.is_edit or wish.kind in (Kind.APPROVE, Kind.REJECT)):
        return wish
    if len(brief.drafts) == 1:
        return replace(wish, targets=(brief.drafts[0].number,))
    if wish.kind is Kind.REJECT:
        return wish
    if wish.kind is Kind.APPROVE:
        return None  # an approval is never guessed, not even when one draft leads
    if not brief.drafts:
        raise Refused("The drafts are still being drawn. Say that again when they are here.")
    return replace(wish, targets=(brief.leader,)) if brief.leader else None


def _act(brief: Brief, person: str, wish: Wish, now: datetime) -> Outcome:
    outcome = Outcome(brief)
    match wish.kind:
        case Kind.APPROVE:
            for number in wish.targets:
                outcome = outcome.and_then(_like(outcome.brief, person, number, wish, now))
        case Kind.REJECT:
            mine = tuple(v for v in brief.votes if v.person == person and v.draft in wish.targets)
            return votes.withdraw(brief, mine)
        case Kind.REGENERATE | Kind.VARIANT:
            base = wish.targets[0] if wish.targets else None
            return rounds.redraw(brief, Redraw(brief.id, person, wish.words, base))
        case Kind.UNDO:
            return edits.undo(brief, Undo(brief.id, person, _undone(brief, wish)))
        case Kind.QUESTION:
            said = answers.to(brief, wish.topic, now)
            return noted(outcome, said) if said else outcome
        case Kind.CHATTER:
            return outcome
        case _:
            for number in wish.targets:
                outcome = outcome.and_then(edits.fix(outcome.brief, Fix(brief.id, person, number, wish)))
    return outcome


def _like(brief: Brief, person: str, number: int, wish: Wish, now: datetime) -> Outcome:
    """Praise is a vote; words that sign off, from an approver, are an approval."""
    draft = brief.draft(number)
    if draft is None:
        raise Refused(votes.no_such_draft(brief, number))
    if wish.firm and person in brief.approvers and len(wish.targets) == 1:
        named = draft.version(wish.version) if wish.version else draft.seen
        if named is None or not named.shown or (not wish.version and not draft.current.shown):
            # A newer state is on its way that nobody has seen: the words cannot have meant it, so ask.
            return approvals.ask_which(brief, person, wish.words)
        return approvals.approve(brief, Approve(brief.id, person, named.name, "words"), now)
    return votes.cast(brief, CastVote(brief.id, person, number, "words"))


def _undone(brief: Brief, wish: Wish) -> str | None:
    if wish.version:
        return wish.version
    draft = brief.draft(wish.targets[0]) if wish.targets else None
    return draft.current.name if draft else None


def _ask(brief: Brief, person: str, words: str, wish: Wish) -> Outcome:
    """One message with buttons that name what would be done and to which draft."""
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
    question = Question(len(brief.questions) + 1, person, words, text, choices)
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
