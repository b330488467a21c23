"""What a decision comes to: the brief as it is now, what happened, and what must be done."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.events import Event
from bot.jobs import Job, Show
from bot.model import Brief, Learned, Note


@dataclass(frozen=True, slots=True)
class Outcome:
    """The brief after a command, its events and its jobs, in order; ``learned`` is kept for the whole workspace."""

    brief: Brief
    events: tuple[Event, ...] = ()
    jobs: tuple[Job, ...] = ()
    learned: tuple[Learned, ...] = ()

    def and_then(self, other: Outcome) -> Outcome:
        """This outcome followed by another that was decided on its brief; a job asked twice is done once."""
        jobs = tuple(dict.fromkeys((*self.jobs, *other.jobs)))
        return Outcome(other.brief, self.events + other.events, jobs, self.learned + other.learned)


def card(brief: Brief) -> Show:
    """Bring the card up to date."""
    return Show(brief.id, "card")


def noted(outcome: Outcome, text: str) -> Outcome:
    """The outcome, and one sentence about it in the thread."""
    brief = outcome.brief
    note = Note(len(brief.notes) + 1, text)
    brief = replace(brief, notes=(*brief.notes, note))
    return replace(outcome, brief=brief, jobs=(*outcome.jobs, Show(brief.id, f"note:{note.number}")))
