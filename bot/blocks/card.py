"""The card opens a brief's thread and always says where it stands."""

from datetime import datetime

from bot.blocks.kit import Block, Said, actions, button, context, header, section, when
from bot.model import Brief, Stage
from bot.review.answers import waiting
from bot.review.waiting import waiting as whose
from bot.wording import cut, dollars, escape, plural, series, spell

_SIGN = {Stage.DRAWING: "✏️", Stage.REVIEW: "👀", Stage.APPROVED: "✅", Stage.WITHDRAWN: "⚪"}


def card(brief: Brief, now: datetime) -> Said:
    """Stage, clock, who is waited for, votes and cost; rendered again on every change."""
    blocks: list[Block] = [header(brief.wanted.title), section(_status(brief))]
    if tally := _votes(brief):
        blocks.append(context(tally))
    blocks += [context(*_facts(brief)), context(_clock(brief))]
    if brief.wanted.text and len(brief.wanted.text) > len(brief.wanted.title) + 4:
        blocks.insert(2, context("“" + escape(cut(brief.wanted.text, 300)) + "”"))
    if brief.stage in (Stage.DRAWING, Stage.REVIEW):
        stop = [button("Stop", "stop", brief.id, spoken="Stop what is being made")] if _long(brief) else []
        park = (
            button("Go on", "resume", brief.id, spoken="Take this brief off hold", style="primary")
            if brief.held is not None
            else button("Hold", "hold", brief.id, spoken="Put this brief on hold")
        )
        blocks.append(actions(*stop, park, button("Withdraw the brief", "withdraw", brief.id)))
    text = f"{escape(brief.wanted.title)}: {plain_status(brief)}"
    return Said(text, tuple(blocks), "brief", {"brief": brief.id, "round": len(brief.rounds), "slot": "card"})


def _long(brief: Brief) -> bool:
    """Is something at work that takes its time and may be stopped?"""
    return any(r.state == "drawing" and r.usual for r in brief.rounds) or any(
        c.state == "working" and c.usual for c in brief.changes
    )


def plain_status(brief: Brief) -> str:
    """Where the brief stands in a few words."""
    if brief.stage is Stage.APPROVED and brief.approved:
        took = (brief.approved.at - brief.submitted_at).total_seconds()
        return f"approved · {brief.approved.version} · {spell(took)} from brief to approval"
    if brief.stage is Stage.WITHDRAWN:
        return brief.stage.value
    if brief.held is not None:
        return "on hold"
    if drawing := next((r for r in brief.rounds if r.state == "drawing"), None):
        come = sum(d.round == drawing.number for d in brief.drafts)
        far = f": {come} of {drawing.count}" if come else ""
        usual = f", about {spell(drawing.usual)} each" if drawing.usual >= 2 and come < drawing.count else ""
        which = f" round {drawing.number}" if drawing.number > 1 else ""
        return f"drawing{which}{far}{again(drawing.waits) or usual}"
    if changing := [c for c in brief.changes if c.state == "working"]:
        takes = max(c.usual for c in changing)
        about = f", about {spell(takes)}" if takes >= 2 else ""
        waits = next((again(c.waits) for c in changing if c.waits), "")
        return "changing " + " and ".join(str(c.draft) for c in changing) + (waits or about)
    return brief.stage.value


def again(waits: str) -> str:
    """What is waited for, behind what is being done.

    >>> again("Gemini is busy."), again("")
    (' · Gemini is busy, so I am trying again', '')
    """
    return f" · {escape(waits.rstrip('.'))}, so I am trying again" if waits else ""


def _status(brief: Brief) -> str:
    status = plain_status(brief)
    line = f"{_SIGN[brief.stage]} *{status[:1].upper()}{status[1:]}*"
    if brief.stage is Stage.APPROVED and brief.approved:
        return f"{line}\nby <@{brief.approved.person}> · {_effort(brief)}"
    if brief.stage is Stage.WITHDRAWN:
        return f"{line}\n{brief.reason[:1].upper()}{brief.reason[1:]}" if brief.reason else line
    turn = whose(brief)
    since = f" Since {when(turn.since)}." if turn.people and turn.since and brief.drafts else ""
    return f"{line}\n{waiting(brief)}{since}"


def _effort(brief: Brief) -> str:
    fixes = sum(c.state == "made" for c in brief.changes)
    return f"{plural(len(brief.rounds), 'round')}, {plural(fixes, 'fix', 'fixes')}, {dollars(brief.usd)}"


def _votes(brief: Brief) -> str:
    rows = [(len(brief.voters(n)), n) for n in brief.numbers if brief.voters(n)]
    ordered = sorted(rows, key=lambda r: (-r[0], r[1]))
    return (
        "Votes  " + "   ".join(f"*{n}* {'●' * min(count, 10)} {count}" for count, n in ordered)
        if rows
        else ""
    )


def _facts(brief: Brief) -> list[str]:
    wanted = brief.wanted
    facts = [f"{wanted.placement.name} ({wanted.placement.width} x {wanted.placement.height})"]
    if out := [d.current.name for d in brief.drafts if brief.rejected(d.current.name)]:
        facts.insert(0, f"rejected: {series(out)}")
    if wanted.brand:
        facts.append(f"for {escape(wanted.brand)}")
    if wanted.offer:
        facts.append(f"offer “{escape(wanted.offer)}”")
    if wanted.action:
        facts.append(f"call to action “{escape(wanted.action)}”")
    if wanted.audience:
        facts.append(f"speaks to {escape(wanted.audience)}")
    if wanted.headline:
        facts.append(f"headline “{escape(wanted.headline)}”")
    if wanted.deadline:
        facts.append(f"due {when(wanted.deadline)}")
    facts.append(f"asked by <@{brief.requester}>")
    facts.append(f"approval: {brief.policy.worded(brief.approvers)}")
    return [" · ".join(facts)]


def _clock(brief: Brief) -> str:
    effort = _effort(brief)
    if brief.stage is Stage.APPROVED:
        return f"Brief of {when(brief.submitted_at)}"
    return f"Brief {when(brief.submitted_at, '{ago}')} · {effort}"
