"""What a reply wants: the grammar's reading, believed as far as what is known of such replies allows."""

from __future__ import annotations

from dataclasses import replace

from bot.model import EDITS, PERHAPS, SURE, Kind, Wish
from bot.replies import evidence, regions
from bot.replies import roles as r
from bot.replies.details import detailed
from bot.replies.grammar import ON_PART, Reading, by_grammar
from bot.replies.orders import order

_QUIET = (Kind.CHATTER, Kind.QUESTION)
_KIND, _WORK, _ASK, _EVEN = 0.4, 0.85, 0.65, 0.5
"""Probabilities from which on it is done: of the kind, and of any work at all; of any, from which on it is asked, and
from which on plain words that sign off are believed."""


def read(text: str, *, n_drafts: int = 4, selected: int | None = None) -> tuple[Wish, ...]:
    """The wishes of a reply, chatter included; never empty. ``selected`` is the draft whose thread it is.

    >>> [(w.kind.value, w.targets, w.region) for w in read("2 is nice but fix the hand")]
    [('inpaint', (2,), 'the hand')]
    """
    reading = by_grammar(text, n_drafts, selected)
    if not reading.settled and (short := order(reading.plain, n_drafts)):
        return (short,)
    return reading.wishes if reading.settled else _believed(reading)


def read_edit(text: str, *, n_drafts: int = 1, selected: int | None = 1) -> Wish:
    """The change that words ask for where it is known that they ask for one: they were written beside a marked spot.

    >>> read_edit("remove the name tag").kind.value, read_edit("a bit more daylight").kind.value
    ('remove', 'relight')
    """
    reading = by_grammar(text, n_drafts, selected)
    odds = evidence.odds(reading)
    kind = max(EDITS, key=odds.__getitem__)
    found = next((w for w in reading.wishes if w.kind is kind), None)
    return replace(found, confidence=1.0) if found else _made(reading, kind, 1.0)


def _believed(reading: Reading) -> tuple[Wish, ...]:
    """The wishes, the likeliest first: what the grammar has read as that kind, or a wish made from the words."""
    odds = evidence.odds(reading)
    kind = max((k for k in odds if k not in _QUIET), key=odds.__getitem__)
    work = 1.0 - sum(odds[k] for k in _QUIET)
    sure = _confidence(odds[kind], work)
    wanted = [w for w in reading.wishes if w.kind not in _QUIET and (work >= _EVEN or not w.firm)]
    if sure < PERHAPS or (kind is Kind.APPROVE and _doubtful_praise(reading)):
        return _unmoved(reading, wanted, odds)
    found = next((w for w in wanted if w.kind is kind), None)
    if found is None:
        others = [w for w in wanted if w.firm] + [w for w in wanted[1:] if kind.is_edit and not w.firm]
        return (_made(reading, kind, sure), *others)
    part = (
        regions.likeliest(reading, kind, found.region)
        if wanted == [found] and kind in ON_PART
        else found.region
    )
    return (replace(found, confidence=sure, region=part), *(w for w in wanted if w is not found))


def _confidence(kind: float, work: float) -> float:
    """At least ``SURE`` where both odds are high enough, under ``PERHAPS`` where no work at all is likely."""
    sure = SURE * min(kind / _KIND, work / _WORK, 1.0) + 0.3 * max(0.0, kind - _KIND)
    return min(sure, 0.99 if work >= _ASK else PERHAPS - 0.01)


def _doubtful_praise(reading: Reading) -> bool:
    """Praise that the grammar has not read, in a message that denies, asks or makes a condition."""
    denied = any(u.does & (r.CONDITION | r.NEGATION | r.QUESTION) for u in reading.units)
    return denied and all(w.kind is not Kind.APPROVE for w in reading.wishes)


def _unmoved(reading: Reading, wanted: list[Wish], odds: dict[Kind, float]) -> tuple[Wish, ...]:
    """No work: plain words that sign off stand, a question we can answer is answered, the rest is talk."""
    stands = tuple(w for w in (*wanted, *reading.wishes) if (w.firm and w in wanted) or w.topic)
    quiet = max(_QUIET, key=odds.__getitem__)
    return stands or (Wish(quiet, reading.plain, confidence=odds[quiet]),)


def _made(reading: Reading, kind: Kind, sure: float) -> Wish:
    """A wish of a kind that the grammar has not read: on the drafts that are named, and the likeliest part."""
    part = regions.likeliest(reading, kind) if kind in ON_PART else None
    made = detailed(kind, reading.units, reading.plain, reading.drafts, part, sure)
    return replace(made, version=reading.version)
