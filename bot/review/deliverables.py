"""What is made of an approved picture besides the picture itself: a clip, a layered file."""

from dataclasses import replace

from bot.commands import Deliver, GiveUp, TakeDeliverable
from bot.errors import Refused
from bot.events import BriefDelivered
from bot.jobs import Job, Make, Show
from bot.model import Brief, Deliverable, DeliverableKind, Question, Stage
from bot.review.outcome import Outcome
from bot.wording import escape, people


def ask(brief: Brief, command: Deliver) -> Outcome:
    """Begin one, of what is approved; a layered file of any version, as it costs nothing. What costs money is for those
    who answer for the brief."""
    done = brief.approved
    approved = brief.stage is Stage.APPROVED and done is not None and done.version == command.version
    free = command.model is None and command.kind is DeliverableKind.LAYERS and brief.version(command.version)
    if not approved and not free:
        raise Refused(f"{command.version} is not the approved picture, so nothing is made of it yet.")
    if command.model is not None and command.person not in brief.answering:
        raise Refused(f"That costs money; {people(brief.answering, 'or')} can ask for it.")
    new = Deliverable(
        len(brief.deliverables) + 1,
        command.kind,
        command.version,
        command.person,
        command.words,
        command.seconds,
        command.model,
        usual=command.usual,
    )
    if any(_same(one, new) for one in brief.deliverables):
        raise Refused("That is being made right now, or is in the thread already.")
    brief = replace(brief, deliverables=(*brief.deliverables, new))
    return Outcome(brief, (), (shown(brief, new), Make(brief.id, new.number)))


def take(brief: Brief, command: TakeDeliverable) -> Outcome:
    """It is there. What was called off meanwhile is paid all the same, so it is handed over."""
    one = brief.deliverables[command.deliverable - 1]
    if one.state not in ("working", "withdrawn"):
        return Outcome(brief)
    made = replace(
        one,
        state="made",
        sha256=command.sha256,
        name=command.name,
        usd=command.usd,
        estimated=command.estimated,
        exact=command.exact,
    )
    brief = with_deliverable(brief, made)
    return Outcome(brief, (BriefDelivered((command.name,)),), (shown(brief, made),))


def give_up(brief: Brief, command: GiveUp) -> Outcome:
    """It could not be made; its message says why."""
    one = brief.deliverables[(command.deliverable or 1) - 1]
    if one.state != "working":
        return Outcome(brief)
    brief = with_deliverable(brief, replace(one, state="declined", answer=escape(command.why)))
    return Outcome(brief, (), (shown(brief, one),))


def left(brief: Brief, question: Question, person: str) -> Outcome:
    """Somebody decided against its price."""
    if question.deliverable is None:
        return Outcome(brief)
    one = brief.deliverables[question.deliverable - 1]
    brief = with_deliverable(brief, replace(one, state="withdrawn", answer=f"<@{person}> left it."))
    return Outcome(brief, (), (shown(brief, one),))


def stop(brief: Brief, why: str, *, asked: bool = False) -> tuple[Brief, tuple[Job, ...]]:
    """Whatever is being made is called off; with ``asked`` also what waits for an answer."""
    states = ("working", "asked") if asked else ("working",)
    gone = [one for one in brief.deliverables if one.state in states]
    for one in gone:
        brief = with_deliverable(brief, replace(one, state="withdrawn", answer=why))
    return brief, tuple(shown(brief, one) for one in gone)


def with_deliverable(brief: Brief, one: Deliverable) -> Brief:
    """This brief with one deliverable replaced."""
    every = tuple(one if d.number == one.number else d for d in brief.deliverables)
    return replace(brief, deliverables=every)


def shown(brief: Brief, one: Deliverable) -> Show:
    """Its message."""
    return Show(brief.id, f"deliverable:{one.number}")


def _same(one: Deliverable, new: Deliverable) -> bool:
    alike = (one.kind, one.version, one.words, one.seconds, one.model) == (
        (new.kind, new.version, new.words, new.seconds, new.model)
    )
    # A clip comes out differently each time; layers do not.
    return alike and (one.state in ("working", "asked") or (one.state == "made" and new.seconds == 0))
