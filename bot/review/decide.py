"""Every command in one table: who may ask for it is said where it is decided."""

from dataclasses import replace
from datetime import datetime

from bot import commands as c
from bot.errors import Refused
from bot.events import BriefSubmitted, BriefWithdrawn, JobCharged
from bot.jobs import Draw
from bot.model import Brief, Mark, Round, Stage
from bot.review import approvals, budgets, corrections, deliverables, edits, rounds, talk, votes
from bot.review.outcome import Outcome, card


def decide(brief: Brief | None, command: c.Command, *, now: datetime) -> Outcome:
    """What ``command`` does to ``brief``. ``now`` is UTC. Raises Refused in words for the person."""
    if isinstance(command, c.SubmitBrief):
        return _submit(command, now)
    if brief is None:
        raise Refused("I do not know that brief any more. Start a new one with `/brief`.")
    if isinstance(command, c.CastVote | c.Approve | c.TakeBack) and command.at:
        if any(m.sign == command.sign and m.at >= command.at for m in brief.marks):
            return Outcome(brief)  # events come late and out of order: the emoji has moved on since
        others = tuple(m for m in brief.marks if m.sign != command.sign)
        brief = replace(brief, marks=(*others, Mark(command.sign, command.at)))
    match command:
        case c.CastVote():
            return votes.cast(brief, command)
        case c.Approve():
            return approvals.approve(brief, command, now)
        case c.TakeBack():
            return _take_back(brief, command)
        case c.WithdrawApproval():
            mine = tuple(
                a for a in brief.approvals if (a.person, a.version) == (command.person, command.version)
            )
            if not mine:
                raise Refused("Only who gave this approval can take it back.")
            return approvals.withdraw(brief, mine)
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
            return talk.reply(brief, command, now)
        case c.Correct():
            return corrections.correct(brief, command, now)
        case c.Charge():
            spent = JobCharged(command.op, command.engine, command.model, command.usd)
            return Outcome(replace(brief, usd=brief.usd + command.usd), (spent,), (card(brief),))
        case c.Start():
            return corrections.start(brief, command)
        case c.Wait():
            return corrections.wait(brief, command)
        case c.Answer():
            return talk.answer(brief, command, now)
        case c.NoteShown():
            return _shown(brief, command)
        case c.WithdrawBrief():
            return _withdraw(brief, command)


def _submit(command: c.SubmitBrief, now: datetime) -> Outcome:
    wanted = command.wanted
    brief = Brief(
        id=command.brief,
        team=command.team,
        channel=command.channel,
        requester=command.person,
        wanted=wanted,
        approvers=wanted.approvers or command.approvers or (command.person,),
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


def _take_back(brief: Brief, command: c.TakeBack) -> Outcome:
    gone = tuple(v for v in brief.votes if (v.person, v.sign) == (command.person, command.sign))
    given = tuple(a for a in brief.approvals if (a.person, a.sign) == (command.person, command.sign))
    outcome = votes.withdraw(brief, gone)
    return outcome.and_then(approvals.withdraw(outcome.brief, given))


def _shown(brief: Brief, command: c.NoteShown) -> Outcome:
    what, _, which = command.slot.partition(":")
    if what == "grid":
        return rounds.shown(brief, int(which))
    if what == "version":
        return edits.shown(brief, which)
    return Outcome(brief)


def _withdraw(brief: Brief, command: c.WithdrawBrief) -> Outcome:
    if command.person != brief.requester and command.person not in brief.approvers:
        raise Refused(f"Only <@{brief.requester}> or an approver can withdraw this brief.")
    if brief.stage is Stage.WITHDRAWN:
        return Outcome(brief)
    if brief.stage is Stage.APPROVED:
        raise Refused("This brief is approved. Take the approval back first, then withdraw it.")
    brief = replace(brief, stage=Stage.WITHDRAWN, reason=f"withdrawn by <@{command.person}>")
    return Outcome(brief, (BriefWithdrawn("withdrawn"),), (card(brief), *rounds.messages(brief)))
