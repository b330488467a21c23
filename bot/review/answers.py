"""A question about the brief is answered from what is known of it, in one or two sentences."""

from datetime import datetime

from bot.model import Brief, Stage
from bot.review.waiting import said
from bot.review.waiting import waiting as turn
from bot.wording import dollars, people, plural, spell


def to(brief: Brief, topic: str | None, now: datetime) -> str | None:
    """The answer, or None when the question is not about anything the brief knows."""
    match topic:
        case "cost":
            made = sum(len(d.versions) for d in brief.drafts)
            return f"So far this brief has cost {dollars(brief.usd)} for {plural(made, 'picture')}."
        case "approver":
            given = people(dict.fromkeys(a.person for a in brief.approvals))
            done = f" {given} already did." if brief.approvals else ""
            return f"The approval comes from {brief.policy.worded(brief.approvers)}.{done}"
        case "votes":
            rows = [f"{n}: {people(brief.voters(n))}" for n in brief.numbers if brief.voters(n)]
            return "Votes so far. " + "; ".join(rows) + "." if rows else "Nobody has voted yet."
        case "maker":
            names = dict.fromkeys(f"{v.engine} {v.model}".strip() for d in brief.drafts for v in d.versions)
            return f"The pictures were made by {', '.join(names) or 'nobody yet'}, for <@{brief.requester}>."
        case "deadline":
            if brief.wanted.deadline is None:
                return "This brief has no deadline."
            stamp = int(brief.wanted.deadline.timestamp())
            plain = f"{brief.wanted.deadline:%d %b %H:%M} UTC"
            return f"The deadline is <!date^{stamp}^{{date_short_pretty}} {{time}}|{plain}>."
        case "status":
            since = spell((now - brief.submitted_at).total_seconds())
            if brief.stage is Stage.APPROVED and brief.approved:
                return f"Approved: {brief.approved.version}, by <@{brief.approved.person}>."
            return f"{brief.stage.value.capitalize()}, {since} since the brief. " + waiting(brief)
        case "help":
            return (
                "React 1-4 to vote, ✅ to approve, 🔁 for a new round. Or write what should change: "
                "“make the background #FFD400 on 2”, “remove the badge on 3”, “undo”."
            )
    return None


def waiting(brief: Brief) -> str:
    """Who is being waited for, as the card says it."""
    if brief.stage is Stage.APPROVED:
        return "Nobody is being waited for."
    if brief.stage is Stage.WITHDRAWN:
        return "Closed."
    if any(r.state == "drawing" for r in brief.rounds):
        return "Waiting for the drafts."
    if any(c.state == "working" for c in brief.changes):
        return "Waiting for a change to be made."
    rejected = all(brief.rejected(d.current.name) for d in brief.drafts)
    if rejected and brief.held is None:
        return f"Waiting for <@{brief.requester}> to try a new round."
    if brief.held is not None:
        return f"On hold: {brief.held}"
    return said(turn(brief))
