"""An approval is a person with authority accepting one version's exact bytes."""

from dataclasses import replace
from datetime import UTC, datetime

from bot.commands import Approve, CastVote, Reject, Reopen
from bot.errors import Refused
from bot.events import ApprovalGiven, ApprovalWithdrawn, BriefApproved, BriefReopened, ReplyRead
from bot.house import House
from bot.jobs import Job, Show, Tell
from bot.model import Approval, Brief, Choice, Kind, Question, Rejection, Stage, Version, Wish
from bot.review import deliverables, rounds, votes
from bot.review.nudges import told
from bot.review.outcome import Outcome, card, noted
from bot.wording import escape, people, spell


def approve(brief: Brief, command: Approve, now: datetime, house: House) -> Outcome:
    """Bind the approval to the version named; ask when none is named and more than one could be meant.

    What comes of all approvals is worked out anew from the set of them, so the order in which Slack brings them is all
    the same.
    """
    if brief.stage is Stage.WITHDRAWN:
        raise Refused("This brief was withdrawn, so there is nothing to approve.")
    if not brief.drafts:
        raise Refused("There is nothing to approve yet: the drafts are still being drawn.")
    version = _named(brief, command.version)
    authority = authority_of(brief, command.person, house, now)
    if authority is None:
        return _as_a_vote(brief, command, version)
    if version is None:
        return ask_which(brief, command.person, "✅")
    role, stands_for = authority
    at = datetime.fromtimestamp(command.at, tz=UTC) if command.at else now
    done = brief.approved
    if done and done.version != version.name and not command.at:
        raise Refused(
            f"This brief is already approved: {done.version}, by <@{done.person}>. "
            f"Take that approval back first if {version.name} should replace it."
        )
    mine = [a for a in brief.approvals if (a.person, a.version) == (command.person, version.name)]
    same = next((a for a in mine if a.sign == command.sign), None)
    if same is not None:
        kept = tuple(replace(a, at=at) if a == same and command.at else a for a in brief.approvals)
        return settled(replace(brief, approvals=kept))
    given = Approval(
        command.person,
        version.draft,
        version.name,
        version.sha256,
        at,
        command.sign,
        role,
        stands_for,
        command.seen,
    )
    no_more = (given.person, given.version)  # whoever approves it does not reject it any more
    rejections = tuple(r for r in brief.rejections if (r.person, r.version) != no_more)
    brief = replace(brief, approvals=(*brief.approvals, given), rejections=rejections)
    outcome = Outcome(
        brief,
        () if mine else (ApprovalGiven(given.draft, given.version, given.sha256),),
        (card(brief), Show(brief.id, f"approval:{given.version}"), *told(brief)),
    ).and_then(settled(brief))
    done = outcome.brief.approved
    if done is not None and done.version != version.name:
        text = (
            f"{done.version} was approved by <@{done.person}> first. Your ✅ on {version.name} counts only if that is "
            "taken back."
        )
        heard = Tell(brief.channel, command.person, text, brief=brief.id)
        return outcome.and_then(Outcome(outcome.brief, (), (heard,)))
    return outcome


def authority_of(
    brief: Brief, person: str, house: House, now: datetime
) -> tuple[str, tuple[str, ...]] | None:
    """With what authority somebody may approve, and for whom they stand in; None: with none."""
    policy = brief.policy
    if person == brief.requester and not policy.requester:
        return None
    named = {*brief.approvers, *policy.people}
    absent = tuple(p for p in house.stands_for(person, now) if p in named)
    if person == policy.final:
        return "final approver", absent
    if person in named:
        return "approver", absent
    if absent:
        return "delegate", absent
    return ("fallback approver", ()) if person == policy.fallback and brief.escalated else None


def withdraw(brief: Brief, gone: tuple[Approval, ...]) -> Outcome:
    """Take approvals back; the brief is open again when its rule is no longer met."""
    if not gone:
        return Outcome(brief)
    brief, events = _without(brief, gone)
    shows = tuple(Show(brief.id, f"approval:{name}") for name in dict.fromkeys(a.version for a in gone))
    reason = f"{people(dict.fromkeys(a.person for a in gone))} took the approval of {gone[0].version} back"
    return Outcome(brief, events, (card(brief), *shows, *told(brief))).and_then(settled(brief, reason))


def emoji_gone(brief: Brief, given: tuple[Approval, ...], since: float | None, house: House) -> Outcome:
    """An approving emoji was taken away. ``since``: it counts all the same, as it stood for too long; the person hears
    how to take it back."""
    if since is None:
        return withdraw(brief, given)
    if not given:
        return Outcome(brief)
    at = datetime.fromtimestamp(since, tz=UTC)
    brief = replace(brief, approvals=tuple(replace(a, at=at) if a in given else a for a in brief.approvals))
    outcome = settled(brief)
    return outcome.and_then(_stays(outcome.brief, given, house))


def unsaid(brief: Brief, given: tuple[Approval, ...], at: float, house: House) -> Outcome:
    """The words that approved were edited or deleted (``at``: seconds, UTC): as with an emoji, only for a while."""
    soon = tuple(a for a in given if at - a.at.timestamp() <= house.undo.total_seconds())
    outcome = withdraw(brief, soon)
    late = tuple(a for a in given if a not in soon)
    return outcome.and_then(_stays(outcome.brief, late, house)) if late else outcome


def _stays(brief: Brief, late: tuple[Approval, ...], house: House) -> Outcome:
    first = late[0]
    text = (
        f"Your approval of {first.version} stands: it was given more than {spell(house.undo.total_seconds())} ago. "
        "Press *Take back* under it and say why."
    )
    return Outcome(brief, (), (Tell(brief.channel, first.person, text, brief.id),))


def _without(brief: Brief, gone: tuple[Approval, ...]) -> tuple[Brief, tuple[ApprovalWithdrawn, ...]]:
    """The brief without these, and what the log says of it: a person who approves by another sign still does."""
    brief = replace(brief, approvals=tuple(a for a in brief.approvals if a not in gone))
    left = {(a.person, a.version) for a in brief.approvals}
    lost = {(a.person, a.version): a for a in gone if (a.person, a.version) not in left}
    return brief, tuple(ApprovalWithdrawn(a.draft, a.version, a.sha256) for a in lost.values())


def reopen(brief: Brief, command: Reopen, house: House, now: datetime) -> Outcome:
    """Somebody who answers for the brief takes an approved version back, and says why."""
    if brief.stage is Stage.WITHDRAWN:
        raise Refused("This brief was withdrawn. Start a new one with `/brief`.")
    given = tuple(a for a in brief.approvals if a.version == command.version)
    if not given:
        raise Refused(f"{command.version} is not approved any more.")
    mine = tuple(a for a in given if a.person == command.person)
    answers = command.person == brief.requester or authority_of(brief, command.person, house, now)
    if not mine and not answers:
        raise Refused(
            f"{people(dict.fromkeys((brief.requester, *brief.approvers)), 'or')} can take that back."
        )
    if not command.reason and not (mine and all(now - a.at <= house.undo for a in mine)):
        raise Refused("Say why, so that everybody who saw the approval understands.")
    # One's own word can be taken back alone; with a reason, an approval that stands is reopened whole.
    stands = brief.approved is not None and brief.approved.version == command.version
    gone = mine if mine and not (command.reason and stands) else given
    brief, events = _without(brief, gone)
    shows = (card(brief), Show(brief.id, f"approval:{command.version}"))
    reason = command.reason or f"<@{command.person}> took the approval of {command.version} back"
    brief = replace(brief, escalated=False)
    outcome = Outcome(brief, events, shows).and_then(settled(brief, reason))
    if command.reason:
        text = f"<@{command.person}> took the approval of {command.version} back: {escape(command.reason)}"
        return noted(outcome, text)
    return outcome


def reject(brief: Brief, command: Reject, now: datetime) -> Outcome:
    """A version is out of the running, with the reason in the thread; whoever rejects it takes their own approval and
    votes back. Approving it again takes the rejection back."""
    rounds.open_for_change(brief)
    version = _named(brief, command.version)
    if version is None or command.person not in brief.answering:
        who = people(brief.answering, "or")
        raise Refused(f"{who} can reject a draft. Say in the thread what you would change.")
    others = tuple(r for r in brief.rejections if (r.person, r.version) != (command.person, version.name))
    new = Rejection(command.person, version.name, command.reason, now)
    brief = replace(brief, rejections=(*others, new))
    mine = tuple(v for v in brief.votes if (v.person, v.draft) == (command.person, version.draft))
    given = tuple(a for a in brief.approvals if (a.person, a.version) == (command.person, version.name))
    read = ReplyRead("reject", (version.draft,), None, asked=False)
    outcome = Outcome(brief, (read,), (card(brief),)).and_then(votes.withdraw(brief, mine))
    outcome = outcome.and_then(withdraw(outcome.brief, given))
    return noted(outcome, f"<@{command.person}> rejects {version.name}: {escape(command.reason)}")


def decided(brief: Brief) -> Approval | None:
    """The approval that settled it: all of them in the order of their own time, until the rule is met for a version."""
    given: dict[str, set[str]] = {}
    for approval in sorted(brief.approvals, key=lambda a: (a.at, a.person, a.version)):
        words = given.setdefault(approval.version, set())
        words.update(approval.words)
        # Whoever steps in where nobody decided decides alone.
        if approval.role == "fallback approver" or brief.policy.met(brief.approvers, words):
            return approval
    return None


def settled(brief: Brief, reason: str = "an earlier approval came later") -> Outcome:
    """The brief as its approvals make it. ``reason`` stands in the log where an approval no longer holds."""
    was, now = brief.approved, decided(brief)
    if brief.stage is Stage.WITHDRAWN or was == now:
        return Outcome(brief)
    if now is None:
        brief = replace(brief, approved=None, stage=Stage.REVIEW)
    else:
        brief = replace(brief, approved=now, stage=Stage.APPROVED, held=None)
    called_off: tuple[Job, ...] = ()
    if was is not None and (now is None or now.version != was.version):
        brief, called_off = deliverables.stop(
            brief, f"The approval of {was.version} was taken back.", asked=True
        )
    versions = dict.fromkeys(a.version for a in (was, now) if a is not None)
    shows = tuple(Show(brief.id, f"approval:{name}") for name in versions)
    if was is not None and now is not None and was.version == now.version:
        return Outcome(brief, (), (*shows, card(brief)))
    events: list[BriefReopened | BriefApproved] = [BriefReopened(reason)] if was is not None else []
    if now is not None:
        events.append(BriefApproved(now.draft, now.version, now.sha256, brief.policy.rule))
    others = (*rounds.messages(brief), *told(brief))
    return Outcome(brief, tuple(events), (*shows, *called_off, card(brief), *others))


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
    """The version that is meant: the one named, or the only one there has ever been, once it was seen."""
    if name is not None:
        version = brief.version(name)
        if version is None:
            raise Refused(f"There is no version {name} in this brief.")
        if version.undone_by is not None:
            raise Refused(f"{name} was undone by <@{version.undone_by}>. Bring it back first.")
        return version
    every = [v for d in brief.drafts for v in d.versions]
    return every[0] if len(every) == 1 and every[0].shown else None


def _as_a_vote(brief: Brief, command: Approve, version: Version | None) -> Outcome:
    outcome, person = Outcome(brief), command.person
    if version is not None:
        outcome = votes.cast(brief, CastVote(brief.id, person, version.draft, command.sign))
    key = f"no authority:{person}"
    if key in brief.told:
        return outcome
    who = brief.policy.worded(brief.approvers)
    counted = f"Your ✅ counts as a vote for {version.draft}." if version else "Thank you for the ✅."
    text = f"{counted} The approval of this brief comes from {who}."
    brief = replace(outcome.brief, told=(*brief.told, key))
    return Outcome(brief, outcome.events, (*outcome.jobs, Tell(brief.channel, person, text, brief=brief.id)))
