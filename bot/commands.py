"""What may be asked of a brief, by a person or by a finished job. Imperative."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.model import DeliverableKind, Snoozed, Wanted, Wish


@dataclass(frozen=True, slots=True)
class SubmitBrief:
    """Start a brief. ``approvers`` are the workspace's default ones, used when the words name none; ``asked_at``
    is when the person asked, where something had to be fetched first."""

    brief: str
    team: str
    channel: str
    person: str
    wanted: Wanted
    approvers: tuple[str, ...] = ()
    asked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CastVote:
    """A person likes a draft. ``sign`` is what said so; ``at`` orders an emoji's comings and goings (event_ts)."""

    brief: str
    person: str
    draft: int
    sign: str
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class Approve:
    """A person accepts a version. ``version`` None: they did not say which (a tick on the whole grid); ``seen``: the
    message they did it on (channel/ts)."""

    brief: str
    person: str
    version: str | None
    sign: str = "button"
    at: float = 0.0
    seen: str = ""


@dataclass(frozen=True, slots=True)
class TakeBack:
    """A person takes an emoji back, and with it whatever it stood for."""

    brief: str
    person: str
    sign: str
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class Reject:
    """A person does not want a version, and says why."""

    brief: str
    person: str
    version: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reopen:
    """An approval is taken back, with a reason; without one only one's own, and only while it is quite new."""

    brief: str
    person: str
    version: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Redraw:
    """A new round, with what should be different; ``base`` a draft to start from."""

    brief: str
    person: str
    wish: str = ""
    base: int | None = None
    said: str = ""
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Fix:
    """Change one draft as the wish says and nothing else."""

    brief: str
    person: str
    draft: int
    wish: Wish
    said: str = ""


@dataclass(frozen=True, slots=True)
class Again:
    """Make the change that led to ``version`` once more, from where it started: the answer will be another."""

    brief: str
    person: str
    version: str


@dataclass(frozen=True, slots=True)
class Undo:
    """Back to the state before. ``version`` None: whatever changed last."""

    brief: str
    person: str
    version: str | None = None


@dataclass(frozen=True, slots=True)
class Restore:
    """A version that was undone, or an earlier one, is the draft's picture again."""

    brief: str
    person: str
    version: str


@dataclass(frozen=True, slots=True)
class Reply:
    """A person wrote in the thread; ``wishes`` is what was read out of the words, ``said`` the message's ts."""

    brief: str
    person: str
    words: str
    wishes: tuple[Wish, ...]
    said: str = ""


@dataclass(frozen=True, slots=True)
class Correct:
    """A person edited what they had written, or deleted it (no ``words``). ``said`` is the message's ts, ``at``
    orders the edits of one message."""

    brief: str
    person: str
    words: str
    wishes: tuple[Wish, ...]
    said: str
    at: float


@dataclass(frozen=True, slots=True)
class Start:
    """An engine takes up a round, a change or a deliverable: from here on it cannot be taken back unseen. ``usual``:
    the seconds it usually takes for a picture."""

    brief: str
    round: int | None = None
    change: int | None = None
    deliverable: int | None = None
    usual: float = 0.0


@dataclass(frozen=True, slots=True)
class Wait:
    """The world is busy: what is underway is tried again later, and people see what it waits for."""

    brief: str
    why: str
    round: int | None = None
    change: int | None = None
    deliverable: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A person pressed a button under one of our questions; ``seen``: where it stands (channel/ts)."""

    brief: str
    person: str
    question: int
    choice: int
    seen: str = ""


@dataclass(frozen=True, slots=True)
class BringPicture:
    """A person dropped a picture into the thread: it becomes a draft, or the next state of one that they named."""

    brief: str
    person: str
    sha256: str
    width: int
    height: int
    name: str
    draft: int | None = None


@dataclass(frozen=True, slots=True)
class WithdrawBrief:
    """The requester no longer wants it."""

    brief: str
    person: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn or edited picture as an engine gave it; see ``model.Version`` for the particulars. ``booked``: what it
    cost stands in the log already, call by call."""

    sha256: str
    width: int
    height: int
    engine: str
    model: str
    usd: float = 0.0
    seconds: float = 0.0
    labels: str | None = None
    parts: tuple[str, ...] = ()
    scene: str | None = None
    mask: str | None = None
    mask_share: float | None = None
    changed_outside: int | None = None
    original: str | None = None
    seed: int | None = None
    request: str | None = None
    estimated: bool = False
    booked: bool = False
    op: str = "draw"
    said: str = ""
    alt: str = ""


@dataclass(frozen=True, slots=True)
class TakeDraft:
    """One picture of a round has come: it is shown at once, or kept back."""

    brief: str
    round: int
    picture: Picture
    shown: bool = True


@dataclass(frozen=True, slots=True)
class TakeDrafts:
    """A round has been drawn; ``note``: what people should know of it."""

    brief: str
    round: int
    pictures: tuple[Picture, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class ShowOthers:
    """A person wants to see what was kept back of a round."""

    brief: str
    person: str
    round: int


@dataclass(frozen=True, slots=True)
class Stop:
    """A person no longer wants what is being drawn or changed right now."""

    brief: str
    person: str


@dataclass(frozen=True, slots=True)
class Deliver:
    """A person wants more of the approved version; see ``model.Deliverable`` for the particulars. ``usual``: seconds
    it usually takes."""

    brief: str
    person: str
    kind: DeliverableKind
    version: str
    words: str = ""
    seconds: int = 0
    model: str | None = None
    usual: float = 0.0


@dataclass(frozen=True, slots=True)
class TakeDeliverable:
    """It has been made. What it cost stands in the log already."""

    brief: str
    deliverable: int
    sha256: str
    name: str
    usd: float = 0.0
    estimated: bool = False
    exact: bool = True


@dataclass(frozen=True, slots=True)
class TakeVersion:
    """An edit has been made."""

    brief: str
    change: int
    base: str
    picture: Picture


@dataclass(frozen=True, slots=True)
class AskRegion:
    """Nobody can be sure that this is the part that was meant: the person is shown it and asked. ``mask`` is a
    stored one; ``name`` what was looked for."""

    brief: str
    change: int
    version: str
    mask: str
    name: str


@dataclass(frozen=True, slots=True)
class AskBudget:
    """A round, a change or a deliverable would pass the brief's budget (USD): its requester is asked."""

    brief: str
    spent: float
    needs: float
    limit: float
    round: int | None = None
    change: int | None = None
    deliverable: int | None = None


@dataclass(frozen=True, slots=True)
class Remind:
    """Somebody is reminded of what they owe, on a ``day`` of theirs."""

    brief: str
    to: str
    day: date


@dataclass(frozen=True, slots=True)
class Snooze:
    """A person wants to hear nothing of it until then (UTC)."""

    brief: str
    person: str
    until: datetime

    @property
    def snooze(self) -> Snoozed:
        """As the brief keeps it."""
        return Snoozed(self.person, self.until)


@dataclass(frozen=True, slots=True)
class Escalate:
    """Who owes the decision has been reminded often enough."""

    brief: str


@dataclass(frozen=True, slots=True)
class Hold:
    """A person parks the brief."""

    brief: str
    person: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Resume:
    """It goes on."""

    brief: str
    person: str


@dataclass(frozen=True, slots=True)
class Charge:
    """Something besides a picture has cost money: a reading, a location."""

    brief: str
    op: str
    engine: str
    model: str
    usd: float


@dataclass(frozen=True, slots=True)
class GiveUp:
    """A round, an edit or a deliverable could not be done; ``why`` is written to the person."""

    brief: str
    why: str
    round: int | None = None
    change: int | None = None
    deliverable: int | None = None


@dataclass(frozen=True, slots=True)
class NoteShown:
    """A message has reached the thread."""

    brief: str
    slot: str


Command = (
    SubmitBrief
    | CastVote
    | TakeBack
    | Approve
    | Reject
    | Reopen
    | Redraw
    | Fix
    | Again
    | Undo
    | Restore
    | Reply
    | Correct
    | Charge
    | Remind
    | Snooze
    | Escalate
    | Hold
    | Resume
    | Start
    | Wait
    | Answer
    | BringPicture
    | WithdrawBrief
    | TakeDraft
    | TakeDrafts
    | ShowOthers
    | Stop
    | Deliver
    | TakeDeliverable
    | TakeVersion
    | AskRegion
    | AskBudget
    | GiveUp
    | NoteShown
)
