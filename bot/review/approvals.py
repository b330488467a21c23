"""An approval is a person with authority accepting one version's exact bytes."""

from dataclasses import replace
from datetime import datetime

from bot.commands import Approve, CastVote, WithdrawApproval, WithdrawVote
from bot.errors import Refused
from bot.events import ApprovalGiven, ApprovalWithdrawn, BriefApproved, BriefReopened
from bot.jobs import Show, Tell
from bot.model import Approval, Brief, Choice, Kind, Question, Stage, Version, Wish
from bot.review import rounds, votes
from bot.review.outcome import Outcome, card


def approve(brief: Brief, command: Approve, now: datetime) -> Outcome:
    """Bind the approval to the version named; ask when none is named and there is more than one draft."""
    if brief.stage is Stage.WITHDRAWN:
        raise Refused("This brief was withdrawn, so there is nothing to approve.")
    if not brief.drafts:
        raise Refused("There is nothing to approve yet: the drafts are still being drawn.")
    version = _named(brief, command.version)
    if command.person not in brief.approvers:
        return _as_a_vote(brief, command.person, version)
    if version is None:
        return ask_which(brief, command.person, "✅")
    if brief.approved and brief.approved.version != version.name:
        done = brief.approved
        raise Refused(
            f"This brief is already approved: {done.version}, by <@{done.person}>. "
            f"Take that approval back first if {version.name} should replace it."
        )
    if any(a.person == command.person and a.version == version.name for a in brief.approvals):
        return Outcome(brief)
    given = Approval(command.person, version.draft, version.name, version.sha256, now)
    brief = replace(brief, approvals=(*brief.approvals, given))
    outcome = Outcome(brief, (ApprovalGiven(given.draft, given.version, given.sha256),), (card(brief),))
    return outcome.and_then(_settle(brief, given))


def withdraw(brief: Brief, command: WithdrawApproval) -> Outcome:
    """Take it back; the brief is open again when the rule is no longer met."""
    gone = [a for a in brief.approvals if a.person == command.person and command.version in (None, a.version)]
    if not gone:
        version = brief.version(command.version) if command.version else None
        if version is None:
            return Outcome(brief)
        return votes.withdraw(brief, WithdrawVote(brief.id, command.person, version.draft, "tick"))
    brief = replace(brief, approvals=tuple(a for a in brief.approvals if a not in gone))
    outcome = Outcome(
        brief, tuple(ApprovalWithdrawn(a.draft, a.version, a.sha256) for a in gone), (card(brief),)
    )
    if brief.approved is None or _met(brief, brief.approved.version):
        return outcome
    was = brief.approved.version
    brief = replace(brief, approved=None, stage=Stage.REVIEW)
    reopened = BriefReopened(f"<@{command.person}> took the approval of {was} back")
    jobs = (Show(brief.id, f"approval:{was}"), *rounds.messages(brief))
    return outcome.and_then(Outcome(brief, (reopened,), jobs))


def ask_which(brief: Brief, person: str, words: str) -> Outcome:
    """Which one do you approve? The leader stands first; nothing is guessed."""
    waiting = next(
        (q for q in brief.questions if q.person == person and q.words == words and not q.answer), None
    )
    if waiting:
        return Outcome(brief, (), (Show(brief.id, f"question:{waiting.number}"),))
    numbers = sorted(brief.numbers, key=lambda n: (n != brief.leader, n))[-8:]
    choices = tuple(
        Choice(f"Approve {d.current.name}", Wish(Kind.APPROVE, targets=(d.number,), firm=True))
        for d in (brief.draft(n) for n in numbers)
        if d is not None
    )
    question = Question(
        len(brief.questions) + 1,
        person,
        words,
        f"<@{person}>, which one do you approve?",
        (*choices, Choice("None yet", None)),
    )
    brief = replace(brief, questions=(*brief.questions, question))
    return Outcome(brief, (), (Show(brief.id, f"question:{question.number}"),))


def _named(brief: Brief, name: str | None) -> Version | None:
    if name is not None:
        version = brief.version(name)
        if version is None:
            raise Refused(f"There is no version {name} in this brief.")
        return version
    return brief.drafts[0].current if len(brief.drafts) == 1 else None


def _as_a_vote(brief: Brief, person: str, version: Version | None) -> Outcome:
    outcome = Outcome(brief)
    if version is not None:
        outcome = votes.cast(brief, CastVote(brief.id, person, version.draft, "tick"))
    key = f"no authority:{person}"
    if key in brief.told:
        return outcome
    who = " or ".join(f"<@{a}>" for a in brief.approvers)
    counted = f"Your ✅ counts as a vote for {version.draft}." if version else "Thank you for the ✅."
    text = f"{counted} The approval of this brief comes from {who}."
    brief = replace(outcome.brief, told=(*brief.told, key))
    return Outcome(brief, outcome.events, (*outcome.jobs, Tell(brief.channel, person, text, brief=brief.id)))


def _met(brief: Brief, version: str) -> bool:
    people = {a.person for a in brief.approvals if a.version == version and a.person in brief.approvers}
    return len(people) >= brief.policy.needed


def _settle(brief: Brief, given: Approval) -> Outcome:
    if brief.approved or not _met(brief, given.version):
        return Outcome(brief)
    brief = replace(brief, approved=given, stage=Stage.APPROVED)
    event = BriefApproved(given.draft, given.version, given.sha256, brief.policy.rule)
    jobs = (Show(brief.id, f"approval:{given.version}"), card(brief), *rounds.messages(brief))
    return Outcome(brief, (event,), jobs)
