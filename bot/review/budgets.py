"""A budget is never passed in silence: who asked for the brief says whether it may cost more."""

from dataclasses import replace

from bot.commands import Answer, AskBudget
from bot.errors import Refused
from bot.jobs import Draw, Edit, Job, Make, Show
from bot.model import Brief, Choice, Question, Stage
from bot.review import rounds
from bot.review.deliverables import shown, with_deliverable
from bot.review.edits import is_open, with_change
from bot.review.outcome import Outcome, card
from bot.wording import dollars, people

STEPS = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)
"""USD by which a budget is lifted: the first that is at least twice what is needed."""


def ask(brief: Brief, command: AskBudget) -> Outcome:
    """What would be made waits for an answer; nothing was spent on it."""
    question = Question(
        len(brief.questions) + 1,
        brief.requester,
        "",
        f"<@{brief.requester}>, that needs about {dollars(command.needs)} more, and {dollars(command.spent)} of this "
        f"brief's budget of {dollars(command.limit)} is spent. May it go on?",
        (
            Choice(f"Allow {dollars(step(command.needs))} more", None, step(command.needs)),
            Choice("Leave it", None),
        ),
        round=command.round,
        change=command.change,
        deliverable=command.deliverable,
    )
    if command.round is not None:
        state = brief.rounds[command.round - 1]
        if state.state != "drawing":
            return Outcome(brief)
        brief = rounds.with_round(brief, replace(brief.rounds[command.round - 1], state="failed"))
        brief = replace(brief, stage=Stage.REVIEW if brief.stage is Stage.DRAWING else brief.stage)
    elif command.change is not None:
        if brief.changes[command.change - 1].state != "working":
            return Outcome(brief)
        brief = with_change(brief, replace(brief.changes[command.change - 1], state="asked"))
    elif command.deliverable is not None:
        one = brief.deliverables[command.deliverable - 1]
        if one.state != "working":
            return Outcome(brief)
        brief = with_deliverable(brief, replace(one, state="asked"))
    brief = replace(brief, questions=(*brief.questions, question))
    asked = [Show(brief.id, f"question:{question.number}")]
    if command.deliverable is not None:
        asked.append(Show(brief.id, f"deliverable:{command.deliverable}"))
    return Outcome(brief, (), (*asked, card(brief)))


def may(brief: Brief, person: str) -> None:
    """Raises Refused for anybody but who asked for the brief and who approves it."""
    if person not in brief.answering:
        raise Refused(f"{people(brief.answering, 'or')} can allow that.")


def allow(brief: Brief, command: Answer, question: Question, usd: float) -> Outcome:
    """More may be spent, and what waited goes on."""
    if question.deliverable is not None and brief.deliverables[question.deliverable - 1].state != "asked":
        return Outcome(brief)  # it is not wanted any more
    brief = replace(brief, budget=max(brief.budget or 0.0, brief.usd) + usd)
    jobs: list[Job] = []
    if is_open(brief) and question.round is not None:
        brief = rounds.with_round(brief, replace(brief.rounds[question.round - 1], state="drawing"))
        jobs.append(Draw(brief.id, question.round))
    elif is_open(brief) and question.change is not None:
        brief = with_change(brief, replace(brief.changes[question.change - 1], state="working"))
        jobs.append(Edit(brief.id, question.change))
    elif question.deliverable is not None:
        one = replace(brief.deliverables[question.deliverable - 1], state="working")
        brief = with_deliverable(brief, one)
        jobs += (shown(brief, one), Make(brief.id, one.number))
    return Outcome(brief, (), (*jobs, card(brief)))


def step(needs: float) -> float:
    """A round sum (USD) that is enough for a while.

    >>> step(0.2), step(1.3), step(900)
    (1.0, 5.0, 1800)
    """
    return next((s for s in STEPS if s >= 2 * needs), 2 * needs)
