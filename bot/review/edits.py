"""An edit makes a new version of one draft; undo goes back without losing anything."""

from dataclasses import replace
from datetime import datetime
from itertools import takewhile

from bot.commands import Again, AskRegion, Fix, GiveUp, Restore, TakeVersion, Undo
from bot.errors import Refused
from bot.events import ChangeRequested, DraftsShown, EditShown, VersionRestored, VersionUndone
from bot.jobs import Edit, Show
from bot.model import Brief, Change, Choice, Draft, Kind, Question, Stage, Version, Wish
from bot.review import rounds, votes
from bot.review.outcome import Outcome, card, noted
from bot.wording import cut, escape


def fix(brief: Brief, command: Fix) -> Outcome:
    """One more change of one draft."""
    named = brief.version(command.wish.version) if command.wish.version else None
    if named is not None and named.undone_by is not None:
        raise Refused(f"{named.name} was undone. Bring it back first, or change what {named.draft} is now.")
    return _begun(brief, command)


def _begun(brief: Brief, command: Fix) -> Outcome:
    rounds.open_for_change(brief)
    if brief.draft(command.draft) is None:
        raise Refused(votes.no_such_draft(brief, command.draft))
    wish = _with_headline(brief, command)
    change = Change(len(brief.changes) + 1, command.draft, wish, command.person, said=command.said)
    brief = replace(brief, changes=(*brief.changes, change))
    events = (ChangeRequested("edit", command.draft),)
    return Outcome(brief, events, (Edit(brief.id, change.number), card(brief)))


def _with_headline(brief: Brief, command: Fix) -> Wish:
    """ "Put the headline on 2" means the brief's own, where a model has left room for it; a sketch has it already."""
    wish, draft = command.wish, brief.draft(command.draft)
    named = wish.kind is Kind.TEXT and not wish.quoted and "headline" in (wish.region or "").lower()
    if not named or draft is None or draft.current.scene is not None or not brief.wanted.headline:
        return wish
    line, state = [], brief.version(wish.version) if wish.version else draft.current
    while state is not None:
        line.append(state.name)
        state = brief.version(state.parent) if state.parent else None
    for change in brief.changes:
        if change.answer in line and change.state == "made" and change.wish.quoted == brief.wanted.headline:
            raise Refused(
                f"The headline is on {draft.number} already, since {change.answer}. Undo that first, then say "
                f"where it should stand: “put the headline at the top of {draft.number}”."
            )
    return replace(wish, quoted=brief.wanted.headline)


def again(brief: Brief, command: Again) -> Outcome:
    """The same change once more, beside the first answer: both stay."""
    version = brief.version(command.version)
    made = next((c for c in brief.changes if c.state == "made" and c.answer == command.version), None)
    if version is None or made is None:
        raise Refused(f"I do not know any more how {command.version} was made. Say what should change.")
    wish = replace(made.wish, version=version.parent)
    return _begun(brief, Fix(brief.id, command.person, version.draft, wish))


def take(brief: Brief, command: TakeVersion, now: datetime) -> Outcome:
    """The change is made: a new version, which is what people now mean by the draft's number."""
    change = brief.changes[command.change - 1]
    draft = brief.draft(change.draft)
    if change.state != "working" or draft is None:
        return Outcome(brief)
    base = draft.version(command.base)
    stale = base is not None and base.undone_by is not None and change.wish.version != base.name
    if not is_open(brief) or base is None or stale:
        brief = replace(
            with_change(brief, replace(change, state="dropped")),
            usd=brief.usd + rounds.unbooked((command.picture,)),
        )
        dropped = Outcome(brief, rounds.charges((command.picture,)), (card(brief),))
        if not is_open(brief):
            return dropped
        why = f"{command.base} was undone while I changed it, so that change is dropped. Ask again if you want it."
        return noted(dropped, f"<@{change.person}> {why}")
    new = rounds.version(
        draft.number,
        len(draft.versions),
        command.picture,
        now,
        by=change.person,
        words=change.wish.words,
        parent=command.base,
    )
    brief = brief.with_draft(replace(draft, versions=(*draft.versions, new), head=new.index))
    brief = with_change(brief, replace(change, state="made", answer=new.name))
    brief = replace(brief, usd=brief.usd + rounds.unbooked((command.picture,)))
    return Outcome(
        brief, rounds.charges((command.picture,)), (Show(brief.id, f"version:{new.name}"), card(brief))
    )


def shown(brief: Brief, name: str) -> Outcome:
    """The version has reached the thread."""
    version = brief.version(name)
    if version is None or version.shown:
        return Outcome(brief)
    brief = _with_version(brief, replace(version, shown=True))
    if version.op == "brought" and version.parent is None:
        return Outcome(brief, (DraftsShown(len(brief.rounds), (version.draft,), 0, 0),))
    event = EditShown(
        version.draft, name, version.op, version.engine, version.mask_share, version.changed_outside
    )
    return Outcome(brief, (event,))


def ask_region(brief: Brief, command: AskRegion) -> Outcome:
    """The region is shown before anything is changed in it."""
    change = brief.changes[command.change - 1]
    if change.state != "working":
        return Outcome(brief)
    if not is_open(brief):
        return Outcome(with_change(brief, replace(change, state="dropped")))
    brief = with_change(brief, replace(change, state="asked"))
    there = replace(change.wish, mask=command.mask, version=command.version, targets=(change.draft,))
    meant = f"“{escape(cut(change.wish.region, 60))}”" if change.wish.region else escape(command.name)
    text = f"<@{change.person}>, is this the part of {command.version} you mean by {meant}?"
    outcome = asked(
        brief, change, text, (Choice("Yes, there", there),), mask=command.mask, version=command.version
    )
    return outcome.and_then(Outcome(outcome.brief, (), (card(outcome.brief),)))


def give_up(brief: Brief, command: GiveUp) -> Outcome:
    """The change could not be made; people hear why and what they can do. After the second time in a row on one draft,
    a new round that keeps the rest is offered: some things no repair reaches."""
    change = brief.changes[(command.change or 1) - 1]
    if change.state != "working":
        return Outcome(brief)
    if not is_open(brief):
        return Outcome(with_change(brief, replace(change, state="dropped")))
    brief = with_change(brief, replace(change, state="declined", answer=command.why))
    outcome = noted(Outcome(brief, (), (card(brief),)), f"<@{change.person}> {escape(command.why)}")
    states = [c.state for c in brief.changes if c.draft == change.draft and c.state in ("made", "declined")]
    in_a_row = len(list(takewhile(lambda state: state == "declined", reversed(states))))
    if in_a_row != 2:
        return outcome
    part = cut(change.wish.region, 60) if change.wish.region else "that"
    words = f"like {change.draft}, everything but {part} as it is; {change.wish.words}"
    anew = Choice(f"New round like {change.draft}", Wish(Kind.VARIANT, words[:600], (change.draft,)))
    text = (
        f"<@{change.person}> Twice now {change.draft} could not be mended. Shall I draw it anew, and keep all but "
        f"{escape(part)} as it is?"
    )
    return outcome.and_then(asked(outcome.brief, change, text, (anew,)))


def asked(
    brief: Brief,
    change: Change,
    text: str,
    choices: tuple[Choice, ...],
    *,
    mask: str | None = None,
    version: str | None = None,
) -> Outcome:
    """A question that comes out of a change; the last choice is always to leave it."""
    question = Question(
        len(brief.questions) + 1,
        change.person,
        change.wish.words,
        text,
        (*choices, Choice("Leave it", None)),
        said=change.said,
        mask=mask,
        version=version,
    )
    brief = replace(brief, questions=(*brief.questions, question))
    return Outcome(brief, (), (Show(brief.id, f"question:{question.number}"),))


def redo(brief: Brief, person: str) -> Outcome | None:
    """The version that was undone last is back; None where nothing was undone."""
    undone = [
        v for d in brief.drafts for v in d.versions if v.undone_at is not None and v.parent == d.current.name
    ]
    if not undone:
        return None
    last = max(undone, key=lambda v: v.undone_at or v.at)
    return restore(brief, Restore(brief.id, person, last.name))


def undo(brief: Brief, command: Undo, now: datetime) -> Outcome:
    """The draft is again what it was before the version named, or before the last change of all."""
    rounds.open_for_change(brief)
    version = brief.version(command.version) if command.version else _last(brief)
    if version is None or version.parent is None:
        raise Refused("There is nothing to undo: no draft has been changed yet.")
    draft = _draft(brief, version)
    if draft.current != version:
        raise Refused(f"{version.name} is not what {draft.number} shows now; {draft.current.name} is.")
    parent = next(v for v in draft.versions if v.name == version.parent)
    brief = brief.with_draft(replace(draft, head=parent.index))
    brief = _with_version(brief, replace(version, undone_by=command.person, undone_at=now))
    brief = _with_version(brief, replace(parent, undone_by=None, undone_at=None))
    outcome = Outcome(
        brief,
        (VersionUndone(version.draft, version.name),),
        (Show(brief.id, f"version:{version.name}"), card(brief), *_approved(brief, version.name)),
    )
    return noted(outcome, f"Undone: {draft.number} is {parent.name} again. {version.name} is kept.")


def _approved(brief: Brief, name: str) -> tuple[Show, ...]:
    """What the thread says of the approvals of a version, where there are any."""
    return (Show(brief.id, f"approval:{name}"),) if any(a.version == name for a in brief.approvals) else ()


def restore(brief: Brief, command: Restore) -> Outcome:
    """A version that was left is the draft's picture again."""
    rounds.open_for_change(brief)
    version = brief.version(command.version)
    if version is None:
        raise Refused(f"There is no version {command.version} in this brief.")
    draft = _draft(brief, version)
    if draft.current == version:
        return Outcome(brief)
    brief = brief.with_draft(replace(draft, head=version.index))
    brief = _with_version(brief, replace(version, undone_by=None, undone_at=None))
    own = (Show(brief.id, f"version:{version.name}"),) if version.parent else ()  # else it stands in its grid
    outcome = Outcome(
        brief,
        (VersionRestored(draft.number, version.name),),
        (*own, card(brief), *_approved(brief, version.name)),
    )
    return noted(outcome, f"{draft.number} is {version.name} again.")


def _last(brief: Brief) -> Version | None:
    """The newest version that is still what its draft shows."""
    heads = [d.current for d in brief.drafts if d.current.parent]
    return max(heads, key=lambda v: v.at, default=None)


def _draft(brief: Brief, version: Version) -> Draft:
    return next(d for d in brief.drafts if d.number == version.draft)


def _with_version(brief: Brief, version: Version) -> Brief:
    draft = _draft(brief, version)
    versions = tuple(version if v.index == version.index else v for v in draft.versions)
    return brief.with_draft(replace(draft, versions=versions))


def with_change(brief: Brief, change: Change) -> Brief:
    return replace(brief, changes=tuple(change if c.number == change.number else c for c in brief.changes))


def is_open(brief: Brief) -> bool:
    """May anything still be changed?"""
    return brief.stage in (Stage.DRAWING, Stage.REVIEW)
