"""The nouns of the product, as frozen values; a change makes a new one."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from bot.policy import Policy


class Stage(StrEnum):
    """Where a brief stands, as the card says it."""

    DRAWING = "drawing"
    REVIEW = "in review"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


class Kind(StrEnum):
    """What a person wants with a reply."""

    APPROVE = "approve"
    REJECT = "reject"
    INPAINT = "inpaint"
    REMOVE = "remove"
    RECOLOUR = "recolour"
    RELIGHT = "relight"
    BACKGROUND = "background"
    OUTPAINT = "outpaint"
    UPSCALE = "upscale"
    TEXT = "text"
    LOGO = "logo"
    REGENERATE = "regenerate"
    VARIANT = "variant"
    UNDO = "undo"
    QUESTION = "question"
    CHATTER = "chatter"

    @property
    def is_edit(self) -> bool:
        """Does it change one version of one draft and nothing else?"""
        return self in EDITS


EDITS = frozenset(
    {
        Kind.INPAINT,
        Kind.REMOVE,
        Kind.RECOLOUR,
        Kind.RELIGHT,
        Kind.BACKGROUND,
        Kind.OUTPAINT,
        Kind.UPSCALE,
        Kind.TEXT,
        Kind.LOGO,
    }
)


@dataclass(frozen=True, slots=True)
class Placement:
    """A named output. Pixels."""

    name: str
    width: int
    height: int

    @property
    def ratio(self) -> float:
        """Width over height."""
        return self.width / self.height


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a brief asks for, in the requester's words and what was read out of them.

    ``colours`` are #RRGGBB; ``references`` are sha256 of stored pictures; ``deadline`` is UTC; ``policy`` where the
    words name more than who may approve; ``template`` the kind of work, ``offer``, ``action`` (what people should do)
    and ``audience`` as the form has them; ``budget`` in USD.
    """

    text: str
    title: str
    placement: Placement
    count: int = 4
    brand: str | None = None
    headline: str | None = None
    deadline: datetime | None = None
    approvers: tuple[str, ...] = ()
    policy: Policy | None = None
    template: str | None = None
    offer: str | None = None
    action: str | None = None
    audience: str | None = None
    budget: float | None = None
    colours: tuple[str, ...] = ()
    references: tuple[str, ...] = ()


SURE = 0.64
"""From this confidence on a wish is acted on; below it, down to ``PERHAPS``, the person is asked."""
PERHAPS = 0.35


@dataclass(frozen=True, slots=True)
class Wish:
    """One thing a reply wants.

    ``targets`` are draft numbers as said (empty: not said); ``region`` the words that name the part of
    the picture; ``colour`` #RRGGBB; ``amount`` signed steps, 1 = "a bit"; ``firm``: words that sign off
    ("approved"), not praise ("lovely"); ``ratio`` W:H; ``direction`` left, right, up or down;
    ``count`` how many drafts; ``topic`` what a question is about; ``confidence`` 0..1; ``mask`` the sha256 of the
    area that the person has marked.
    """

    kind: Kind
    words: str = ""
    targets: tuple[int, ...] = ()
    region: str | None = None
    colour: str | None = None
    quoted: str | None = None
    amount: float | None = None
    ratio: str | None = None
    direction: str | None = None
    count: int | None = None
    version: str | None = None
    topic: str | None = None
    firm: bool = False
    confidence: float = 1.0
    mask: str | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """One state of a draft. ``name`` is what people say: "2", "2b".

    ``sha256`` is the picture's, ``mask`` that of the mask used, ``labels`` that of the map of named parts
    (``parts`` gives their names in order of label 1, 2, ...). ``mask_share`` is 0..1 of the picture,
    ``changed_outside`` a count of pixels that differ outside the mask; ``original`` the sha256 of the provider's
    answer as it came, ``seed`` where the engine takes one, ``request`` the sha256 of what it was asked; ``estimated``:
    the provider did not tell the price, so ``usd`` is the catalogue's.
    """

    draft: int
    index: int
    sha256: str
    width: int
    height: int
    at: datetime
    by: str | None
    op: str
    words: str
    engine: str
    model: str
    usd: float = 0.0
    seconds: float = 0.0
    parent: str | None = None
    mask: str | None = None
    mask_share: float | None = None
    changed_outside: int | None = None
    said: str = ""
    alt: str = ""
    labels: str | None = None
    parts: tuple[str, ...] = ()
    scene: str | None = None
    original: str | None = None
    seed: int | None = None
    request: str | None = None
    estimated: bool = False
    shown: bool = False
    undone_by: str | None = None
    undone_at: datetime | None = None

    @property
    def name(self) -> str:
        """ "2" for the first state, then "2b", "2c" ... "2z", "2ba"."""
        n, letters = self.index, ""
        while n:
            n, rest = divmod(n, 26)
            letters = "abcdefghijklmnopqrstuvwxyz"[rest] + letters
        return f"{self.draft}{letters}"


@dataclass(frozen=True, slots=True)
class Draft:
    """A numbered picture with all its versions; ``head`` is the index of the one it is now.

    ``round`` 0: brought by a person, not drawn.
    """

    number: int
    round: int
    versions: tuple[Version, ...]
    head: int = 0

    @property
    def current(self) -> Version:
        """The version that "2" means today."""
        return self.versions[self.head]

    @property
    def seen(self) -> Version | None:
        """The newest state people have been shown: what they mean when they say the number."""
        if self.current.shown:
            return self.current
        return next((v for v in reversed(self.versions) if v.shown and v.undone_by is None), None)

    def version(self, name: str) -> Version | None:
        """The version people call ``name``."""
        return next((v for v in self.versions if v.name == name), None)


@dataclass(frozen=True, slots=True)
class Round:
    """One set of drafts drawn together. ``state``: drawing, drawn, shown, failed, dropped or withdrawn; ``said``
    and ``started`` as in ``Change``; ``spare`` what was drawn and kept back (``withheld``
    of ``generated`` when the round was done); ``usual`` the seconds a picture usually
    takes; ``note`` what people should know of it; ``waits``: what it is tried again for."""

    number: int
    wish: str
    by: str
    state: str = "drawing"
    base: str | None = None
    count: int = 4
    generated: int = 0
    withheld: int = 0
    failure: str | None = None
    said: str = ""
    started: bool = False
    spare: tuple[Version, ...] = ()
    usual: float = 0.0
    note: str = ""
    waits: str = ""


@dataclass(frozen=True, slots=True)
class Vote:
    """One person's liking of one draft. ``sign`` is what said so (an emoji on one message, a button, words),
    so that taking one of them back leaves the others."""

    person: str
    draft: int
    sign: str


@dataclass(frozen=True, slots=True)
class Approval:
    """A person with authority accepts one version's exact bytes. ``at``: UTC, Slack's own time of an emoji; ``role``:
    with what authority; ``stands_for`` whom, who are away; ``seen``: the message they did it on (channel/ts)."""

    person: str
    draft: int
    version: str
    sha256: str
    at: datetime
    sign: str = ""
    role: str = "approver"
    stands_for: tuple[str, ...] = ()
    seen: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """Whose word it is: their own, and that of those they stand in for."""
        return (self.person, *self.stands_for)


@dataclass(frozen=True, slots=True)
class Mark:
    """What is known of one sign: of an emoji on one message, when it was put (True) and taken back, in the order of
    Slack's own time (``moves``); of a reply, when it was edited (0: not yet) and what it wished. ``at`` is the last
    event_ts."""

    sign: str
    at: float
    wishes: tuple[Wish, ...] = ()
    moves: tuple[tuple[float, bool], ...] = ()

    def moved(self, at: float, *, put: bool) -> Mark:
        """This mark with one more move, in its place."""
        moves = tuple(sorted({*self.moves, (at, put)}))
        return replace(self, at=moves[-1][0], moves=moves)

    @property
    def stands(self) -> bool:
        """Is the emoji on the message now?"""
        return bool(self.moves) and self.moves[-1][1]

    def approves_since(self, undo: float) -> float | None:
        """Since when an approving emoji counts, None when it does not: taking it back works for ``undo`` seconds, and
        what has stood for longer is not made younger by putting it on again."""
        since: float | None = None
        for at, put in self.moves:
            if put and since is None:
                since = at
            elif not put and since is not None and at - since <= undo:
                since = None
        return since


@dataclass(frozen=True, slots=True)
class Change:
    """An edit that was asked for. ``state``: working, made, asked, declined, dropped or withdrawn; ``said`` is the ts
    of the message that asked for it, ``started`` that an engine is at it, ``usual`` the seconds it usually takes;
    ``waits``: what it is tried again for."""

    number: int
    draft: int
    wish: Wish
    person: str
    state: str = "working"
    answer: str = ""
    said: str = ""
    started: bool = False
    usual: float = 0.0
    waits: str = ""


class DeliverableKind(StrEnum):
    """What may be made of an approved picture."""

    CLIP = "clip"
    LAYERS = "layers"


@dataclass(frozen=True, slots=True)
class Deliverable:
    """A file made of one version besides the picture itself: a clip that begins with it, a layered file. ``state``:
    working, made, asked, declined or withdrawn; ``words``: what should move; ``seconds`` of a clip; ``model``: the
    catalogue's id of who makes it, None where no model is needed; ``sha256``, ``name`` and the rest of what came;
    ``exact``: flattened, it is the picture pixel for pixel."""

    number: int
    kind: DeliverableKind
    version: str
    person: str
    words: str = ""
    seconds: int = 0
    model: str | None = None
    state: str = "working"
    answer: str = ""
    sha256: str | None = None
    name: str = ""
    usual: float = 0.0
    waits: str = ""
    usd: float = 0.0
    estimated: bool = False
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Choice:
    """One button of a question: what pressing it would do; ``allow``: so much (USD) may be spent more."""

    label: str
    wish: Wish | None
    allow: float | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """The bot asks instead of guessing. ``answer`` is the label chosen, ``by`` who chose it; ``unsure``: it was
    about what is meant, not only on which draft, so the answer is worth remembering. ``mask`` on ``version``: the
    region that is asked about; ``round``, ``change`` or ``deliverable``: what waits for the answer."""

    number: int
    person: str
    words: str
    text: str
    choices: tuple[Choice, ...]
    answer: str | None = None
    by: str | None = None
    said: str = ""
    unsure: bool = False
    mask: str | None = None
    version: str | None = None
    round: int | None = None
    change: int | None = None
    deliverable: int | None = None


@dataclass(frozen=True, slots=True)
class Learned:
    """What a person meant by a wording the bot had to ask about; ``kind`` None: they were just talking."""

    person: str
    wording: str
    kind: Kind | None


@dataclass(frozen=True, slots=True)
class Note:
    """One sentence the bot says in the thread: an answer, or why something was not done."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Rejection:
    """Somebody who answers for the brief does not want a version, and says why."""

    person: str
    version: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Reminder:
    """Somebody was reminded of what they owe; ``day`` is theirs, ``at`` UTC."""

    person: str
    day: date
    at: datetime


@dataclass(frozen=True, slots=True)
class Snoozed:
    """Somebody wants to hear nothing of it ``until`` then (UTC)."""

    person: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Brief:
    """One request and everything that has happened to it. ``budget`` (USD) where somebody has set one for it;
    ``escalated``: whoever owed the decision did not make it, so the fallback approver may; ``held``: it is parked, and
    why."""

    id: str
    team: str
    channel: str
    requester: str
    wanted: Wanted
    approvers: tuple[str, ...]
    submitted_at: datetime
    stage: Stage = Stage.DRAWING
    policy: Policy = field(default_factory=Policy)
    rounds: tuple[Round, ...] = ()
    drafts: tuple[Draft, ...] = ()
    votes: tuple[Vote, ...] = ()
    approvals: tuple[Approval, ...] = ()
    changes: tuple[Change, ...] = ()
    deliverables: tuple[Deliverable, ...] = ()
    questions: tuple[Question, ...] = ()
    notes: tuple[Note, ...] = ()
    told: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
    approved: Approval | None = None
    usd: float = 0.0
    budget: float | None = None
    reason: str | None = None
    escalated: bool = False
    held: str | None = None
    rejections: tuple[Rejection, ...] = ()
    reminders: tuple[Reminder, ...] = ()
    snoozes: tuple[Snoozed, ...] = ()

    @property
    def answering(self) -> tuple[str, ...]:
        """Who answers for it: the requester and those who approve."""
        return tuple(dict.fromkeys((self.requester, *self.approvers)))

    def draft(self, number: int) -> Draft | None:
        """The draft people call ``number``."""
        return next((d for d in self.drafts if d.number == number), None)

    def words(self, version: str) -> set[str]:
        """Whose word stands for a version."""
        return {word for a in self.approvals if a.version == version for word in a.words}

    def version(self, name: str) -> Version | None:
        """The version people call ``name`` ("2b"), whatever draft it belongs to."""
        return next((v for d in self.drafts for v in d.versions if v.name == name), None)

    @property
    def numbers(self) -> tuple[int, ...]:
        """All draft numbers, oldest first."""
        return tuple(d.number for d in self.drafts)

    def voters(self, draft: int) -> tuple[str, ...]:
        """Who likes this draft, in the order they said so."""
        return tuple(dict.fromkeys(v.person for v in self.votes if v.draft == draft))

    def rejected(self, version: str) -> bool:
        """Does somebody who answers for the brief not want it?"""
        return any(r.version == version for r in self.rejections)

    @property
    def leader(self) -> int | None:
        """The one draft with most votes; None when there are no votes or a tie. What is rejected leads nothing."""
        wanted = [d.number for d in self.drafts if not self.rejected(d.current.name)]
        tally = sorted(((len(self.voters(n)), n) for n in wanted), reverse=True)
        if not tally or tally[0][0] == 0 or (len(tally) > 1 and tally[0][0] == tally[1][0]):
            return None
        return tally[0][1]

    @property
    def working(self) -> bool:
        """Is something being made right now?"""
        states = (*(c.state for c in self.changes), *(d.state for d in self.deliverables))
        return any(r.state == "drawing" for r in self.rounds) or "working" in states

    def with_draft(self, draft: Draft) -> Brief:
        """This brief with one draft replaced."""
        return replace(self, drafts=tuple(draft if d.number == draft.number else d for d in self.drafts))


@dataclass(frozen=True, slots=True)
class Message:
    """Where the bot said something. ``slot`` names what it says ("card", "grid:1", "version:2b")."""

    brief: str
    slot: str
    channel: str
    ts: str | None
    thread: str | None
    shown: str = ""
    files: tuple[tuple[str, str], ...] = ()
