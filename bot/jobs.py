"""What must be done, each with one outside effect; and when to try again."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Draw:
    """Draw a round. Twice is harmless: a round that has its drafts is left alone."""

    brief: str
    round: int


@dataclass(frozen=True, slots=True)
class Edit:
    """Make one change. Twice is harmless: a change that has its answer is left alone."""

    brief: str
    change: int


@dataclass(frozen=True, slots=True)
class Make:
    """Make a deliverable. Twice is harmless: one that is there, or was called off, is left alone."""

    brief: str
    deliverable: int


@dataclass(frozen=True, slots=True)
class Show:
    """Make the message in ``slot`` say what the database says. Twice is harmless: it updates in place.

    Slots: ``card``, ``grid:ROUND``, ``version:NAME``, ``question:N``, ``note:N``, ``approval:NAME``,
    ``deliverable:N``, ``nudge:PERSON:DAY``.
    """

    brief: str
    slot: str


@dataclass(frozen=True, slots=True)
class Seed:
    """Put the number emoji under a grid. Twice is harmless: Slack says already_reacted."""

    brief: str
    round: int


@dataclass(frozen=True, slots=True)
class Tell:
    """Say something to one person only, in the brief's thread when there is one.

    Twice costs them one line to read: Slack keeps no ephemerals, so after a crash in mid-call nobody can know
    whether they saw the first.
    """

    channel: str
    person: str
    text: str
    brief: str | None = None


@dataclass(frozen=True, slots=True)
class Notify:
    """Say something to one person by direct message. Twice costs them one line to read."""

    person: str
    text: str
    brief: str


@dataclass(frozen=True, slots=True)
class Nudge:
    """Remind one person, on one day, of the briefs that wait for them. Twice is harmless: it is one message a day,
    brought up to date in place."""

    person: str
    day: str
    briefs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Consult:
    """Have an engine that reads say what an unclear reply means, then perform it.

    ``reply`` is the Reply as JSON, with the bot's own reading; ``words`` what the model may see: no quotes of
    others, no code. Twice is harmless but for the price of one more reading: the reply is performed under ``key``.
    """

    key: str
    brief: str
    reply: str
    words: str


@dataclass(frozen=True, slots=True)
class Fetch:
    """Fetch pictures people uploaded, then perform what they were uploaded for.

    ``command`` is the waiting command as JSON: a SubmitBrief whose references these become, or a
    BringPicture. Twice is harmless: pictures are named by their content and the command carries ``key``.
    """

    key: str
    then: str
    command: str
    files: tuple[str, ...]
    channel: str
    person: str
    brief: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """Post a digest. ``key`` names the asking (a trigger, or channel and week): one post for each."""

    key: str
    channel: str
    week: str
    zone: str
    person: str


Job = Draw | Edit | Make | Show | Seed | Tell | Notify | Nudge | Consult | Fetch | Report

PAUSES = (1.0, 4.0, 20.0, 60.0, 300.0, 900.0, 3600.0, 3 * 3600.0)
"""Seconds before the second, third ... try of a job that met a busy world: some four hours in all."""


PATIENCE = 600.0
"""Seconds for which people wait for a picture, all in all; a pause that takes longer is none."""


def pause(tries: int, after: float | None = None, *, drawing: bool = False) -> float | None:
    """Seconds to wait after ``tries`` failed tries, None when it is time to give up: soon where somebody waits for a
    picture (``drawing``).

    >>> pause(1), pause(2, after=30), pause(9), pause(6, drawing=True), pause(1, after=3600, drawing=True)
    (1.0, 30, None, None, None)
    """
    if tries > len(PAUSES):
        return None
    wait = max(PAUSES[tries - 1], after or 0)
    return None if drawing and sum(PAUSES[: tries - 1]) + wait > PATIENCE else wait
