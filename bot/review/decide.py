"""Every command in one table: who may ask for it is said where it is decided."""

from dataclasses import replace
from datetime import datetime

from bot import commands as c
from bot.errors import Refused
from bot.events import BriefSubmitted, BriefWithdrawn, JobCharged
from bot.house import House
from bot.jobs import Draw
from bot.model import Brief, Mark, Round, Stage
from bot.policy import DECIDERS, Policy
from bot.review import approvals, budgets, corrections, deliverables, edits, nudges, rounds, talk, votes
from bot.review.outcome import Outcome, card

HOUSE = House()
"""A workspace that has set nothing."""


def decide(brief: Brief | None, command: c.Command, *, now: datetime, house: House = HOUSE) -> Outcome:
    """What ``command`` does to ``brief`` by the rules of the ``house``. ``now`` is UTC. Raises Refused in words for the
    person."""
    if isinstance(command, c.SubmitBrief):
        return _submit(command, now, house)
    if brief is None:
        raise Refused("I do not know that brief any more. Start a new one with `/brief`.")
    if isinstance(command, c.CastVote | c.Approve | c.TakeBack) and command.at:
        return _emoji(brief, command, now, house)
    match command:
        case c.CastVote():
            return votes.cast(brief, command)
        case c.Approve():
            return approvals.approve(brief, command, now, house)
        case c.TakeBack():
            mine = tuple(v for v in brief.votes if (v.person, v.sign) == (command.person, command.sign))
            given = tuple(a for a in brief.approvals if (a.person, a.sign) == (command.person, command.sign))
            outcome = votes.withdraw(brief, mine)
            return outcome.and_then(approvals.withdraw(outcome.brief, given))
        case c.Reject():
            return approvals.reject(brief, command, now)
        case c.Reopen():
            return approvals.reopen(brief, command, house, now)
        case c.Redraw():
            return rounds.redraw(brief, command)
        case c.TakeDraft():
            return rounds.arrive(brief, command, now)
        case c.ShowOthers():
            return rounds.others(brief, command, now)
        case c.Stop():
            return rounds.stop(brief, command)
        case c.TakeDrafts():
            return rounds.take(brief, command, now)
        case c.BringPicture():
            return rounds.bring(brief, command, now)
        case c.Fix():
            return edits.fix(brief, command)
        case c.Again():
            return edits.again(brief, command)
        case c.TakeVersion():
            return edits.take(brief, command, now)
        case c.AskRegion():
            return edits.ask_region(brief, command)
        case c.AskBudget():
            return budgets.ask(brief, command)
        case c.GiveUp():
            if command.deliverable:
                return deliverables.give_up(brief, command)
            return edits.give_up(brief, command) if command.change else rounds.give_up(brief, command)
        case c.Deliver():
            return deliverables.ask(brief, command)
        case c.TakeDeliverable():
            return deliverables.take(brief, command)
        case c.Undo():
            return edits.undo(brief, command, now)
        case c.Restore():
            return edits.restore(brief, command)
        case c.Reply():
            return talk.reply(brief, command, now, house)
        case c.Correct():
            return corrections.correct(brief, command, now, house)
        case c.Charge():
            spent = JobCharged(command.op, command.engine, command.model, command.usd)
            return Outcome(replace(brief, usd=brief.usd + command.usd), (spent,), (card(brief),))
        case c.Remind():
            return nudges.remind(brief, command, now, house)
        case c.Snooze():
            return nudges.snooze(brief, command)
        case c.Escalate():
            return nudges.escalate(brief, command, now, house)
        case c.Hold():
            return nudges.hold(brief, command)
        case c.Resume():
            return nudges.resume(brief, command)
        case c.Start():
            return corrections.start(brief, command)
        case c.Wait():
            return corrections.wait(brief, command)
        case c.Answer():
            return talk.answer(brief, command, now, house)
        case c.NoteShown():
            return _shown(brief, command)
        case c.WithdrawBrief():
            return _withdraw(brief, command)


def _emoji(
    brief: Brief, command: c.CastVote | c.Approve | c.TakeBack, now: datetime, house: House
) -> Outcome:
    """An emoji's coming or going. What it comes to is worked out of all that is known of it, so Slack may bring them in
    any order, twice, and late."""
    put = not isinstance(command, c.TakeBack)
    known = next((m for m in brief.marks if m.sign == command.sign), Mark(command.sign, command.at))
    if (command.at, put) in known.moves:
        return Outcome(brief)
    mark = known.moved(command.at, put=put)
    others = tuple(m for m in brief.marks if m.sign != command.sign)
    brief = replace(brief, marks=(*others, mark))
    since = mark.approves_since(house.undo.total_seconds())
    given = tuple(a for a in brief.approvals if (a.person, a.sign) == (command.person, command.sign))
    match command:
        case c.CastVote():
            return votes.cast(brief, command) if mark.stands else Outcome(brief)
        case c.Approve():
            if since is None:
                return approvals.withdraw(brief, given)
            if not mark.stands and approvals.authority_of(brief, command.person, house, now) is None:
                return Outcome(brief)
            return approvals.approve(brief, replace(command, at=since), now, house)
    outcome = Outcome(brief)
    if not mark.stands:
        mine = tuple(v for v in brief.votes if (v.person, v.sign) == (command.person, command.sign))
        outcome = votes.withdraw(brief, mine)
    return outcome.and_then(approvals.emoji_gone(outcome.brief, given, since, house))


def _submit(command: c.SubmitBrief, now: datetime, house: House) -> Outcome:
    wanted = command.wanted
    policy, approvers = _authority(command, house)
    brief = Brief(
        id=command.brief,
        team=command.team,
        channel=command.channel,
        requester=command.person,
        wanted=wanted,
        approvers=approvers,
        policy=policy,
        budget=wanted.budget,
        submitted_at=command.asked_at or now,
        rounds=(Round(1, "", command.person, count=wanted.count),),
    )
    submitted = BriefSubmitted(
        channel=brief.channel,
        requester=brief.requester,
        title=wanted.title,
        placements=(wanted.placement.name,),
        deadline=wanted.deadline.isoformat() if wanted.deadline else None,
    )
    return Outcome(brief, (submitted,), (card(brief), Draw(brief.id, 1)))


def _authority(command: c.SubmitBrief, house: House) -> tuple[Policy, tuple[str, ...]]:
    """Whose word this brief needs: what it says itself, over the rules of its channel, which it may not loosen. Raises
    Refused where nobody would be left."""
    wanted, here = command.wanted, house.authority(command.channel)
    said, base = wanted.policy or Policy(), here.policy
    approvers = wanted.approvers or here.approvers or command.approvers or (command.person,)
    rule = said if wanted.approvers else base
    policy = replace(
        rule,
        fallback=said.fallback or base.fallback,
        requester=said.requester and base.requester,
        rounds=DECIDERS if DECIDERS in (said.rounds, base.rounds) else base.rounds,
    )
    if not policy.requester:
        left = tuple(p for p in approvers if p != command.person)
        if not left and wanted.approvers:
            left = tuple(p for p in here.approvers or command.approvers if p != command.person)
        policy, approvers = policy.without(command.person), left
        if not approvers:
            raise Refused(
                "You may not approve this yourself, and nobody else is named. Add who approves: `@lea`."
            )
    return replace(policy, needed=min(policy.needed, len(approvers))), approvers


def _shown(brief: Brief, command: c.NoteShown) -> Outcome:
    what, _, which = command.slot.partition(":")
    if what == "grid":
        return rounds.shown(brief, int(which))
    if what == "version":
        return edits.shown(brief, which)
    return Outcome(brief)


def _withdraw(brief: Brief, command: c.WithdrawBrief) -> Outcome:
    if command.person not in brief.answering:
        raise Refused(f"Only <@{brief.requester}> or an approver can withdraw this brief.")
    if brief.stage is Stage.WITHDRAWN:
        return Outcome(brief)
    if brief.stage is Stage.APPROVED:
        raise Refused("This brief is approved. Take the approval back first, then withdraw it.")
    brief = replace(brief, stage=Stage.WITHDRAWN, reason=f"withdrawn by <@{command.person}>")
    told = nudges.told(brief)
    return Outcome(brief, (BriefWithdrawn("withdrawn"),), (card(brief), *rounds.messages(brief), *told))
