"""A round is a set of drafts drawn together; numbers go on from round to round and are never reused."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bot.commands import BringPicture, GiveUp, Picture, Redraw, ShowOthers, Stop, TakeDraft, TakeDrafts
from bot.errors import Refused
from bot.events import ChangeRequested, DraftsShown, JobCharged
from bot.jobs import Draw, Seed, Show
from bot.model import Brief, Draft, Round, Stage, Version
from bot.policy import DECIDERS
from bot.review import deliverables, votes
from bot.review.outcome import Outcome, card, noted
from bot.wording import escape, people

MOST = 4
"""Drafts of a round: people decide among few."""
MANY = 3
"""Rounds after which another way is proposed."""
_EMPTY = frozenset(
    "please round with more less that this make them draft drafts another again very much have want".split()
)


def redraw(brief: Brief, command: Redraw) -> Outcome:
    """One more round, one at a time."""
    open_for_change(brief)
    if brief.policy.rounds == DECIDERS and command.person not in brief.answering:
        raise Refused(
            f"New rounds are asked for by {people(brief.answering, 'or')} here. Say it to them in the thread."
        )
    if any(r.state == "drawing" for r in brief.rounds):
        raise Refused("A round is being drawn right now. It will be in the thread in a moment.")
    base = brief.draft(command.base) if command.base else None
    if command.base and base is None:
        raise Refused(votes.no_such_draft(brief, command.base))
    number = len(brief.rounds) + 1
    new = Round(
        number,
        command.wish,
        command.person,
        base=base.current.name if base else None,
        count=min(command.count or brief.wanted.count, MOST),
        said=command.said,
    )
    brief = replace(brief, rounds=(*brief.rounds, new))
    events = (ChangeRequested("regenerate", command.base),)
    return Outcome(brief, events, (card(brief), Draw(brief.id, number)))


def arrive(brief: Brief, command: TakeDraft, now: datetime) -> Outcome:
    """One picture of a round is here: it takes the next number, or is kept back. Twice is harmless."""
    state = brief.rounds[command.round - 1]
    ours = [d.versions[0] for d in brief.drafts if d.round == command.round]
    picture = command.picture
    if picture.sha256 in {v.sha256 for v in (*ours, *state.spare)}:
        return Outcome(brief)
    brief = replace(brief, usd=brief.usd + unbooked((picture,)))
    # What comes after a round was stopped, or its brief closed, is paid: it is kept, and shown when somebody asks.
    shown = command.shown and state.state == "drawing" and brief.stage in (Stage.DRAWING, Stage.REVIEW)
    number = _next_number(brief) if shown else 0
    new = version(number, 0, picture, now, by=None, words=state.wish)
    if not shown:
        kept = with_round(brief, replace(state, spare=(*state.spare, new)))
        late = (
            (Show(brief.id, f"grid:{state.number}"),)
            if state.state != "drawing" and _seen(brief, state)
            else ()
        )
        return Outcome(kept, charges((picture,)), late)
    brief = replace(brief, drafts=(*brief.drafts, Draft(number, command.round, (new,))))
    return Outcome(brief, charges((picture,)), (Show(brief.id, f"grid:{state.number}"), card(brief)))


def take(brief: Brief, command: TakeDrafts, now: datetime) -> Outcome:
    """The round has been drawn: what has come is all there is; a round that is done is left alone."""
    state = brief.rounds[command.round - 1]
    if state.state != "drawing":
        return Outcome(brief)
    if brief.stage in (Stage.APPROVED, Stage.WITHDRAWN):
        brief = replace(
            with_round(brief, replace(state, state="dropped")),
            usd=brief.usd + unbooked(command.pictures),
        )
        grid = (Show(brief.id, f"grid:{state.number}"),) if _seen(brief, state) else ()
        return Outcome(brief, charges(command.pictures), (*grid, card(brief)))
    first = _next_number(brief)
    drafts = tuple(
        Draft(n, command.round, (version(n, 0, picture, now, by=None, words=state.wish),))
        for n, picture in enumerate(command.pictures, first)
    )
    drawn = sum(d.round == command.round for d in brief.drafts) + len(drafts) + len(state.spare)
    state = replace(
        state, state="drawn", generated=drawn, withheld=len(state.spare), note=escape(command.note)
    )
    brief = replace(
        with_round(brief, state),
        drafts=brief.drafts + drafts,
        stage=Stage.REVIEW if brief.stage is Stage.DRAWING else brief.stage,
        usd=brief.usd + unbooked(command.pictures),
    )
    return Outcome(brief, charges(command.pictures), (Show(brief.id, f"grid:{state.number}"), card(brief)))


def others(brief: Brief, command: ShowOthers, now: datetime) -> Outcome:
    """What was kept back of a round becomes drafts like all others."""
    open_for_change(brief)
    state = brief.rounds[command.round - 1] if 0 < command.round <= len(brief.rounds) else None
    if state is None or not state.spare or state.state == "drawing":
        raise Refused("There is nothing else of that round.")
    first = _next_number(brief)
    drafts = tuple(
        Draft(n, command.round, (replace(kept, draft=n, at=now),))
        for n, kept in enumerate(state.spare, first)
    )
    brief = with_round(brief, replace(state, spare=()))
    brief = replace(brief, drafts=(*brief.drafts, *drafts))
    return Outcome(brief, (), (Show(brief.id, f"grid:{state.number}"), card(brief)))


def stop(brief: Brief, command: Stop) -> Outcome:
    """What is underway is called off; what has come of it stays."""
    if not brief.working:
        raise Refused("Nothing is being made right now.")
    if command.person not in brief.answering:
        raise Refused(f"Only <@{brief.requester}>, who asked for it, or an approver can stop it.")
    brief, jobs = deliverables.stop(brief, f"Stopped by <@{command.person}>.")
    if not brief.working and jobs:  # its own message says it
        return Outcome(brief, (), jobs)
    for state in brief.rounds:
        if state.state != "drawing":
            continue
        ours = sum(d.round == state.number for d in brief.drafts)
        note = f"Stopped by <@{command.person}>."
        done = "drawn" if ours else "withdrawn"
        kept = len(state.spare)
        ended = replace(state, state=done, generated=ours + kept, withheld=kept, note=note)
        brief = with_round(brief, ended)
        if ours:
            jobs = (*jobs, Show(brief.id, f"grid:{state.number}"))
    changes = tuple(replace(c, state="withdrawn") if c.state == "working" else c for c in brief.changes)
    stage = Stage.REVIEW if brief.stage is Stage.DRAWING else brief.stage
    brief = replace(brief, changes=changes, stage=stage)
    stopped = Outcome(brief, (), (card(brief), *jobs))
    return noted(stopped, f"<@{command.person}> stopped what was being made. React with 🔁 for a new round.")


def shown(brief: Brief, number: int) -> Outcome:
    """The grid has reached the thread: from now on people can answer."""
    state = brief.rounds[number - 1]
    ours = [d for d in brief.drafts if d.round == number]
    new = [d for d in ours if not d.versions[0].shown]
    for draft in new:
        brief = brief.with_draft(
            replace(draft, versions=(replace(draft.versions[0], shown=True), *draft.versions[1:]))
        )
    jobs = (Seed(brief.id, number),) if new else ()
    if state.state == "drawing":
        return Outcome(brief, (), jobs)
    if state.state == "shown":  # what was kept back has followed; it is counted as drawn already
        more = (DraftsShown(number, tuple(d.number for d in new), 0, 0),) if new else ()
        return Outcome(brief, more, jobs)
    first = state.generated - state.withheld
    numbers = tuple(d.number for d in ours)
    events = [DraftsShown(number, numbers[:first], state.generated, state.withheld)]
    if numbers[first:]:  # somebody was quick to ask for what was kept back
        events.append(DraftsShown(number, numbers[first:], 0, 0))
    brief = with_round(brief, replace(state, state="shown"))
    outcome = Outcome(brief, tuple(events), (*jobs, card(brief)))
    return noted(outcome, _advice(brief, number)) if number == MANY else outcome


def _advice(brief: Brief, number: int) -> str:
    """What to do instead of a fourth round: some things no new round mends."""
    again = _repeated(r.wish for r in brief.rounds[:number])
    what = f"“{escape(again)}” was asked for more than once. " if again else ""
    newest = next((d.number for d in brief.drafts if d.round == number), brief.numbers[-1])
    return (
        f"That was round {number}. {what}From here fixing is quicker than drawing anew: say what should change on one "
        f"draft (“fix … on {newest}”), and the rest stays as it is. For another round, change one thing only: the "
        f"light, the setting, the colours or the composition. Or take it offline: *Open {newest}*, *Layered file*; a "
        f"picture dropped here with the words “{newest}” is its next state."
    )


def _repeated(wishes: Iterable[str]) -> str:
    """The longest word that more than one wish has; empty where none does.

    >>> _repeated(["warmer please", "more room, warmer", ""]), _repeated(["warmer", "more room"])
    ('warmer', '')
    """
    seen: Counter[str] = Counter()
    for wish in wishes:
        seen.update({word for word in re.findall(r"[^\W\d_]{4,}", wish.lower()) if word not in _EMPTY})
    return max(
        (word for word, count in seen.items() if count > 1), key=lambda w: (seen[w], len(w)), default=""
    )


def give_up(brief: Brief, command: GiveUp) -> Outcome:
    """The round could not be drawn; people hear why and what they can do."""
    state = brief.rounds[(command.round or 1) - 1]
    if state.state != "drawing":
        return Outcome(brief)
    grid = (Show(brief.id, f"grid:{state.number}"),) if _seen(brief, state) else ()
    if brief.stage in (Stage.APPROVED, Stage.WITHDRAWN):
        brief = with_round(brief, replace(state, state="dropped"))
        return Outcome(brief, (), (*grid, card(brief)))
    brief = with_round(brief, replace(state, state="failed", failure=command.why))
    if brief.stage is Stage.DRAWING:
        brief = replace(brief, stage=Stage.REVIEW)
    return noted(Outcome(brief, (), (*grid, card(brief))), escape(command.why))


def bring(brief: Brief, command: BringPicture, now: datetime) -> Outcome:
    """A picture dropped into the thread becomes a draft of its own, or the next state of the one it is for: what was
    retouched elsewhere goes on in the same line."""
    open_for_change(brief)
    picture = Picture(command.sha256, command.width, command.height, "person", "", op="brought")
    draft = brief.draft(command.draft) if command.draft else None
    if draft is None:
        number = _next_number(brief)
        new = version(number, 0, picture, now, by=command.person, words=command.name)
        brief = replace(brief, drafts=(*brief.drafts, Draft(number, 0, (new,))))
    else:
        index, parent = len(draft.versions), draft.current.name
        new = version(draft.number, index, picture, now, by=command.person, words=command.name, parent=parent)
        brief = brief.with_draft(replace(draft, versions=(*draft.versions, new), head=index))
    return Outcome(brief, (), (Show(brief.id, f"version:{new.name}"), card(brief)))


def messages(brief: Brief) -> tuple[Show, ...]:
    """Every older message that must tell the truth after a decision: grids, versions, open questions."""
    grids = (f"grid:{r.number}" for r in brief.rounds if _seen(brief, r))
    versions = (f"version:{v.name}" for d in brief.drafts for v in d.versions if v.shown and v.op != "draw")
    asked = (f"question:{q.number}" for q in brief.questions if q.answer is None)
    return tuple(Show(brief.id, slot) for slot in (*grids, *versions, *asked))


def _seen(brief: Brief, state: Round) -> bool:
    """Is some of this round in the thread?"""
    return any(d.round == state.number and d.versions[0].shown for d in brief.drafts)


def open_for_change(brief: Brief) -> None:
    """Raises Refused when the brief is closed, in words that name the way on."""
    if brief.stage is Stage.APPROVED and brief.approved:
        done = brief.approved
        raise Refused(
            f"This brief is approved ({done.version}, by <@{done.person}>), so nothing is changed any more. "
            "Take the approval back to go on, or start a new brief."
        )
    if brief.stage is Stage.WITHDRAWN:
        raise Refused("This brief was withdrawn. Start a new one with `/brief`.")


def version(
    draft: int,
    index: int,
    picture: Picture,
    now: datetime,
    *,
    by: str | None,
    words: str,
    parent: str | None = None,
) -> Version:
    """The version a picture becomes."""
    return Version(
        draft=draft,
        index=index,
        sha256=picture.sha256,
        width=picture.width,
        height=picture.height,
        at=now,
        by=by,
        op=picture.op,
        words=words,
        engine=picture.engine,
        model=picture.model,
        usd=picture.usd,
        seconds=picture.seconds,
        parent=parent,
        mask=picture.mask,
        mask_share=picture.mask_share,
        changed_outside=picture.changed_outside,
        said=picture.said,
        alt=picture.alt,
        labels=picture.labels,
        parts=picture.parts,
        scene=picture.scene,
        original=picture.original,
        seed=picture.seed,
        request=picture.request,
        estimated=picture.estimated,
    )


def unbooked(pictures: tuple[Picture, ...]) -> float:
    """What the pictures cost that is in no entry yet, in USD."""
    return sum(p.usd for p in pictures if not p.booked)


def charges(pictures: tuple[Picture, ...]) -> tuple[JobCharged, ...]:
    """What the pictures cost, one entry for each kind of work; what is booked already has one."""
    pictures = tuple(p for p in pictures if not p.booked)
    kinds = dict.fromkeys((p.op, p.engine, p.model) for p in pictures)
    return tuple(
        JobCharged(*k, usd=round(sum(p.usd for p in pictures if (p.op, p.engine, p.model) == k), 6))
        for k in kinds
    )


def _next_number(brief: Brief) -> int:
    return max(brief.numbers, default=0) + 1


def with_round(brief: Brief, state: Round) -> Brief:
    return replace(brief, rounds=tuple(state if r.number == state.number else r for r in brief.rounds))
