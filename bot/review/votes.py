"""A vote is one person's liking of a draft; it decides nothing by itself."""

from dataclasses import replace

from bot.commands import CastVote
from bot.errors import Refused
from bot.events import VoteCast, VoteWithdrawn
from bot.model import Brief, Stage, Vote
from bot.review.outcome import Outcome, card


def cast(brief: Brief, command: CastVote) -> Outcome:
    """One more vote; the same vote again changes nothing, and a withdrawn brief takes none."""
    if brief.draft(command.draft) is None:
        raise Refused(no_such_draft(brief, command.draft))
    vote = Vote(command.person, command.draft, command.sign)
    if vote in brief.votes or brief.stage is Stage.WITHDRAWN:
        return Outcome(brief)
    counted = command.person in brief.voters(command.draft)
    brief = replace(brief, votes=(*brief.votes, vote))
    return Outcome(brief, () if counted else (VoteCast(vote.draft),), (card(brief),))


def withdraw(brief: Brief, gone: tuple[Vote, ...]) -> Outcome:
    """These votes less; a person who likes the draft by another sign still does."""
    if not gone:
        return Outcome(brief)
    brief = replace(brief, votes=tuple(v for v in brief.votes if v not in gone))
    lost = dict.fromkeys(v.draft for v in gone if v.person not in brief.voters(v.draft))
    return Outcome(brief, tuple(VoteWithdrawn(draft) for draft in lost), (card(brief),))


def no_such_draft(brief: Brief, number: int) -> str:
    """The sentence for somebody who named a draft that is not there."""
    if not brief.numbers:
        return "The drafts are still being drawn. Give me a moment, then try again."
    return f"There is no draft {number}. {_range(brief.numbers)}"


def _range(numbers: tuple[int, ...]) -> str:
    if len(numbers) == 1:
        return f"The only draft is {numbers[0]}."
    if numbers == tuple(range(numbers[0], numbers[-1] + 1)):
        return f"The drafts are {numbers[0]} to {numbers[-1]}."
    return f"The drafts are {', '.join(str(n) for n in numbers)}."
