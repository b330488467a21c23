"""People, messages and emoji at random, brought to the rules as Slack may bring them: late, twice, in another order."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from deciding import LEA, MIA, NOW, SAM, TOM, picture
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot import briefing
from bot import commands as c
from bot.errors import Refused
from bot.house import Away, House
from bot.jobs import Draw, Edit, Job
from bot.model import Brief, Kind, Stage, Wish
from bot.policy import Policy, Step
from bot.review.decide import decide
from storage import documents

ANA = "UANA"
PEOPLE = (MIA, SAM, LEA, TOM, ANA)
APPROVERS = (LEA, TOM, ANA)
POLICIES = (
    Policy(),
    Policy(2),
    Policy(3),
    Policy(steps=(Step((LEA,)), Step((TOM, ANA)))),
    Policy(steps=(Step((LEA, TOM), 2),), final=ANA),
    Policy(2, requester=False),
)
HOUSE = House(away=(Away(ANA, SAM, NOW - timedelta(days=1), NOW + timedelta(days=1)),))


@dataclass(frozen=True)
class Shown:
    """A message in the thread, and the one version it shows (None: a grid of several)."""

    ts: str
    version: str | None
    numbers: tuple[int, ...] = ()


@dataclass
class Slack:
    """What the people in a channel see and do, and what Slack has still to bring. Its own clock, in seconds."""

    clock: float = NOW.timestamp()
    messages: list[Shown] = field(default_factory=list)
    emoji: set[tuple[str, str, str]] = field(default_factory=set)
    events: list[c.Command] = field(default_factory=list)

    def react(self, person: str, message: Shown, name: str) -> None:
        """Put an emoji, or take it away where it is."""
        held = (person, message.ts, name)
        put = held not in self.emoji
        self.emoji ^= {held}
        sign = f"{name}:{message.ts}:{person}"
        if not put:
            self.events.append(c.TakeBack("B1", person, sign, self.clock))
        elif name.isdigit():
            self.events.append(c.CastVote("B1", person, int(name), sign, self.clock))
        else:
            seen = f"C/{message.ts}"
            named = None if message.ts == "grid" else message.version  # a tick on a grid names none
            self.events.append(c.Approve("B1", person, named, sign, self.clock, seen))


def comes_to(brief: Brief) -> Any:
    """All that must not depend on the order in which Slack brought the emoji."""
    approvals = {(a.person, a.version, a.sha256, a.at, a.sign, a.role, a.stands_for) for a in brief.approvals}
    done = brief.approved
    return (
        brief.stage,
        done and (done.person, done.version, done.sha256, done.at),
        approvals,
        {(v.person, v.draft, v.sign) for v in brief.votes},
        {(m.sign, m.moves) for m in brief.marks},
    )


def told(brief: Brief, events: list[c.Command], house: House = HOUSE) -> Brief:
    """The brief after these, as the desk would do it: what is refused changes nothing."""
    now = NOW + timedelta(hours=9)
    for event in events:
        try:
            brief = decide(brief, event, now=now, house=house).brief
        except Refused:
            continue
    return brief


def started(policy: Policy, drafts: int = 3) -> Brief:
    """A brief in review, its grid in the thread."""
    approvers = APPROVERS if policy.requester else (MIA, *APPROVERS)
    wanted = replace(briefing.read("a cat", now=NOW), approvers=approvers, policy=policy)
    brief = decide(None, c.SubmitBrief("B1", "T", "C", MIA, wanted), now=NOW).brief
    taken = c.TakeDrafts("B1", 1, tuple(picture(n) for n in range(drafts)))
    return told(brief, [taken, c.NoteShown("B1", "grid:1")])


@st.composite
def stories(draw: st.DrawFn) -> tuple[Policy, list[c.Command], list[c.Command]]:
    """A policy, what people did in order, and the same as Slack brought it: shuffled, some of it twice."""
    slack, policy = Slack(), draw(st.sampled_from(POLICIES))
    slack.messages = [Shown(f"{n}.0", str(n), (n,)) for n in (1, 2, 3)]
    for _ in range(draw(st.integers(1, 12))):
        slack.clock += draw(st.sampled_from((1.0, 30.0, 600.0, 899.0, 901.0, 4000.0)))
        person, message = draw(st.sampled_from(PEOPLE)), draw(st.sampled_from(slack.messages))
        slack.react(
            person, message, draw(st.sampled_from(("ok", "ok", "ok", "heavy", message.version or "1")))
        )
    twice = draw(st.lists(st.sampled_from(slack.events), max_size=5))
    return policy, slack.events, draw(st.permutations([*slack.events, *twice]))


class Thread(RuleBasedStateMachine):
    """A thread at work: votes, approvals, withdrawals, reopening, new versions, edits in flight, results twice (two
    workers), restarts; Slack brings emoji whenever it likes."""

    def __init__(self) -> None:
        super().__init__()
        self.slack = Slack()
        self.jobs: list[Job] = []
        self.seen: dict[str, str | None] = {}
        self.pictures = 100

    @initialize(policy=st.sampled_from(POLICIES), drafts=st.sampled_from((1, 3)))
    def begin(self, policy: Policy, drafts: int) -> None:
        self.brief = started(policy, drafts)
        only = "1" if drafts == 1 else None
        self.slack.messages = [Shown("grid", only, tuple(range(1, drafts + 1)))]
        self.seen["C/grid"] = only

    def perform(self, command: c.Command) -> None:
        try:
            outcome = decide(self.brief, command, now=NOW + timedelta(hours=9), house=HOUSE)
        except Refused:
            return
        self.brief = outcome.brief
        self.jobs += [job for job in outcome.jobs if isinstance(job, Edit | Draw)]

    @rule(
        person=st.sampled_from(PEOPLE),
        which=st.integers(0, 99),
        name=st.sampled_from(("ok", "ok", "1", "2")),
        wait=st.sampled_from((1.0, 300.0, 901.0)),
        late=st.booleans(),
    )
    def reacts(self, person: str, which: int, name: str, wait: float, late: bool) -> None:
        self.slack.clock += wait
        self.slack.react(person, self.slack.messages[which % len(self.slack.messages)], name)
        if not late:
            self.perform(self.slack.events.pop())

    @rule(which=st.integers(0, 99), keep=st.booleans())
    def slack_brings(self, which: int, keep: bool) -> None:
        """Any of the events that are underway; ``keep``: it will come once more."""
        if self.slack.events:
            at = which % len(self.slack.events)
            self.perform(self.slack.events[at] if keep else self.slack.events.pop(at))

    @rule(person=st.sampled_from(PEOPLE), which=st.integers(0, 99), twice=st.booleans())
    def presses_approve(self, person: str, which: int, twice: bool) -> None:
        shown = [m for m in self.slack.messages if m.version]
        if shown:
            message = shown[which % len(shown)]
            for _ in range(1 + twice):
                self.perform(c.Approve("B1", person, message.version, seen=f"C/{message.ts}"))

    @rule(person=st.sampled_from(PEOPLE), which=st.integers(0, 99), reason=st.sampled_from(("", "legal")))
    def takes_back(self, person: str, which: int, reason: str) -> None:
        if self.brief.approvals:
            version = self.brief.approvals[which % len(self.brief.approvals)].version
            self.perform(c.Reopen("B1", person, version, reason))

    @rule(person=st.sampled_from(PEOPLE), draft=st.integers(0, 99), made=st.booleans())
    def asks_for_a_change(self, person: str, draft: int, made: bool) -> None:
        number = self.brief.numbers[draft % len(self.brief.numbers)]
        self.perform(c.Fix("B1", person, number, Wish(Kind.RELIGHT, "darker")))
        if made:
            self.a_worker_is_done(len(self.jobs) - 1, twice=True, base=True)

    @rule(which=st.integers(0, 99), twice=st.booleans(), base=st.booleans())
    def a_worker_is_done(self, which: int, twice: bool, base: bool) -> None:
        edits = [job for job in self.jobs if isinstance(job, Edit)]
        if not edits:
            return
        job = edits[which % len(edits)]
        draft = self.brief.draft(self.brief.changes[job.change - 1].draft)
        if draft is None:
            return
        self.pictures += 1
        name = draft.current.name if base else draft.versions[0].name
        for _ in range(1 + twice):
            self.perform(c.TakeVersion("B1", job.change, name, picture(self.pictures)))

    @rule(which=st.integers(0, 99))
    def a_version_reaches_the_thread(self, which: int) -> None:
        unseen = [v for d in self.brief.drafts for v in d.versions if not v.shown and v.parent]
        if unseen:
            version = unseen[which % len(unseen)]
            self.perform(c.NoteShown("B1", f"version:{version.name}"))
            self.slack.messages.append(Shown(f"v{version.name}", version.name, (version.draft,)))
            self.seen[f"C/v{version.name}"] = version.name

    @rule(person=st.sampled_from(PEOPLE))
    def undoes(self, person: str) -> None:
        self.perform(c.Undo("B1", person))

    @rule()
    def the_bot_is_started_anew(self) -> None:
        self.brief = documents.loaded(documents.dumped(self.brief))

    @invariant()
    def an_approval_names_what_its_message_showed(self) -> None:
        for approval in getattr(self, "brief", None).approvals if hasattr(self, "brief") else ():
            version = self.brief.version(approval.version)
            assert version is not None and version.sha256 == approval.sha256
            assert self.seen[approval.seen] == approval.version
            assert approval.person in PEOPLE and approval.role and approval.at.tzinfo is not None

    @invariant()
    def the_brief_is_approved_exactly_when_its_rule_is_met(self) -> None:
        if not hasattr(self, "brief"):
            return
        brief, done = self.brief, self.brief.approved
        words: dict[str, set[str]] = {}
        for approval in brief.approvals:
            words.setdefault(approval.version, set()).update(approval.words)
        met = {v for v, given in words.items() if brief.policy.met(brief.approvers, given)}
        assert (done is not None) == bool(met) == (brief.stage is Stage.APPROVED)
        if done is not None:
            assert done in brief.approvals and done.version in met
            assert not (done.person == MIA and not brief.policy.requester)
