"""An approval is a person with authority accepting one version's exact bytes."""

from dataclasses import replace
from datetime import datetime

from bot.commands import Approve, CastVote
from bot.errors import Refused
from bot.events import ApprovalGiven, ApprovalWithdrawn, BriefApproved, BriefReopened
from bot.jobs import Show, Tell
from bot.model import Approval, Brief, Choice, Kind, Question, Stage, Version, Wish
from bot.review import rounds, votes
from bot.review.outcome import Outcome, card
from bot.wording import people


def approve(brief: Brief, command: Approve, now: datetime) -> Outcome:
    """Bind the approval to the version named; ask when none is named and there is more than one draft."""
    if brief.stage is Stage.WITHDRAWN:
        raise Refused("This brief was withdrawn, so there is nothing to approve.")
    if not brief.drafts:
        raise Refused("There is nothing to approve yet: the drafts are still being drawn.")
    version = _named(brief, command.version)
    if command.person not in brief.approvers:
        return _as_a_vote(brief, command, version)
    if version is None:
        return ask_which(brief, command.person, "✅")
    if brief.approved and brief.approved.version != version.name:
        done = brief.approved
        raise Refused(
            f"This brief is already approved: {done.version}, by <@{done.person}>. "
            f"Take that approval back first if {version.name} should replace it."
        )
    mine = next((a for a in brief.approvals if (a.person, a.version) == (command.person, version.name)), None)
    if mine is not None:  # said once more: it is by this sign now that it can be taken back
        again = replace(mine, sign=command.sign)
        kept = tuple(again if a == mine else a for a in brief.approvals)
        return Outcome(
            replace(brief, approvals=kept, approved=again if brief.approved == mine else brief.approved)
        )
    given = Approval(command.person, version.draft, version.name, version.sha256, now, command.sign)
    brief = replace(brief, approvals=(*brief.approvals, given))
    outcome = Outcome(brief, (ApprovalGiven(given.draft, given.version, given.sha256),), (card(brief),))
    return outcome.and_then(_settle(brief, given))


def withdraw(brief: Brief, gone: tuple[Approval, ...]) -> Outcome:
    """Take approvals back; the brief is open again when its rule is no longer met."""
    if not gone:
        return Outcome(brief)
    brief = replace(brief, approvals=tuple(a for a in brief.approvals if a not in gone))
    events = tuple(ApprovalWithdrawn(a.draft, a.version, a.sha256) for a in gone)
    outcome = Outcome(brief, events, (card(brief),))
    done = brief.approved
    if done is None or done not in gone:
        return outcome
    jobs = (Show(brief.id, f"approval:{done.version}"), card(brief), *rounds.messages(brief))
    if _met(brief, done.version):
        first = next(a for a in brief.approvals if a.version == done.version and a.person in brief.approvers)
        return outcome.and_then(Outcome(replace(brief, approved=first), (), jobs))
    brief = replace(brief, approved=None, stage=Stage.REVIEW)
    who = people(a.person for a in gone)
    return outcome.and_then(
        Outcome(brief, (BriefReopened(f"{who} took the approval of {done.version} back"),), jobs)
    )


def ask_which(brief: Brief, person: str, words: str, said: str = "") -> Outcome:
    """Which one do you approve? The leader stands first; nothing is guessed.

    Each button binds the version it names. An older question of the same person gives way to this one.
    """
    numbers = sorted(brief.numbers, key=lambda n: (n != brief.leader, n))
    seen = [d.seen for d in (brief.draft(n) for n in numbers) if d is not None and d.seen is not None][:8]
    choices = (
        *(
            Choice(f"Approve {v.name}", Wish(Kind.APPROVE, targets=(v.draft,), version=v.name, firm=True))
            for v in seen
        ),
        Choice("None yet", None),
    )
    text = f"<@{person}>, which one do you approve?"
    older = [q for q in brief.questions if q.text == text and q.answer is None]
    if any(q.choices == choices for q in older):
        return Outcome(brief)
    closed = tuple(
        replace(q, answer="asked again below", by=person) if q in older else q for q in brief.questions
    )
    question = Question(len(closed) + 1, person, words, text, choices, said=said)
    brief = replace(brief, questions=(*closed, question))
    shows = (Show(brief.id, f"question:{q.number}") for q in (*older, question))
    return Outcome(brief, (), tuple(shows))


def _named(brief: Brief, name: str | None) -> Version | None:
    if name is not None:
        version = brief.version(name)
        if version is None:
            raise Refused(f"There is no version {name} in this brief.")
        return version
    return brief.drafts[0].current if len(brief.drafts) == 1 else None


def _as_a_vote(brief: Brief, command: Approve, version: Version | None) -> Outcome:
    outcome, person = Outcome(brief), command.person
    if version is not None:
        outcome = votes.cast(brief, CastVote(brief.id, person, version.draft, command.sign))
    key = f"no authority:{person}"
    if key in brief.told:
        return outcome
    who = people(brief.approvers, "or")
    counted = f"Your ✅ counts as a vote for {version.draft}." if version else "Thank you for the ✅."
    text = f"{counted} The approval of this brief comes from {who}."
    brief = replace(outcome.brief, told=(*brief.told, key))
    return Outcome(brief, outcome.events, (*outcome.jobs, Tell(brief.channel, person, text, brief=brief.id)))


def _met(brief: Brief, version: str) -> bool:
    given = {a.person for a in brief.approvals if a.version == version and a.person in brief.approvers}
    return len(given) >= brief.policy.needed


def _settle(brief: Brief, given: Approval) -> Outcome:
    if brief.approved:
        return Outcome(brief, (), (Show(brief.id, f"approval:{given.version}"),))
    if not _met(brief, given.version):
        return Outcome(brief)
    brief = replace(brief, approved=given, stage=Stage.APPROVED)
    event = BriefApproved(given.draft, given.version, given.sha256, brief.policy.rule)
    jobs = (Show(brief.id, f"approval:{given.version}"), card(brief), *rounds.messages(brief))
    return Outcome(brief, (event,), jobs)
