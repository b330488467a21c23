"""Which of the things a reply names is the part to work on: every noun phrase is a candidate, the likeliest wins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.model import Kind
from bot.replies import evidence, heard, region
from bot.replies import roles as r
from bot.replies.clause import Clause
from bot.replies.grammar import Reading

MOST = 24
"""Candidates of a message."""
_JOINED = r.PREP | r.CONJ


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stretch of a clause's units that may name the part; ``how`` it was found."""

    clause: int
    begin: int
    end: int
    how: int
    words: str


def likeliest(reading: Reading, kind: Kind, own: str | None = None) -> str | None:
    """The words that name the part, None for the whole picture. ``own`` is what the grammar takes it for."""
    if reading.language == "ja":
        return own or _first(reading)
    found = candidates(reading, own)
    if len(found) < 2:
        return found[0].words if found else own
    weights = evidence.weights().parts
    worth = [
        sum(weights[k] for k in marks(reading, kind, own, len(found), i, one)) for i, one in enumerate(found)
    ]
    return found[worth.index(max(worth))].words


def _first(reading: Reading) -> str | None:
    spans = ((c, heard.japanese_part(c)) for c in reading.clauses)
    return next((region.words(c, span, reading.cased) for c, span in spans if span), None)


def candidates(reading: Reading, own: str | None) -> list[Candidate]:
    """The noun phrases of a message, each also without what is joined to it and with unknown words after it."""
    found: dict[tuple[int, int, int], Candidate] = {}
    for number, c in enumerate(reading.clauses):
        for begin, end, how in _stretches(c):
            words = region.words(c, (begin, end, 0), reading.cased)
            if words and len(found) < MOST:
                found.setdefault((number, begin, end), Candidate(number, begin, end, how, words))
    if own and all(c.words != own for c in found.values()):
        found[(99, 0, 0)] = Candidate(0, 0, 0, 5, own)
    return list(found.values())


def _stretches(c: Clause) -> Iterator[tuple[int, int, int]]:
    i, units = 0, c.units
    while i < len(units):
        span = region.phrase(c, i)
        stop = span[0] if span else len(units)
        for k in range(i, stop):  # a name nobody knows, without an article: "wisteria reads as grey"
            if _unknown(c, k) and not (k > i and _unknown(c, k - 1)):
                end = k + 1
                while end < stop and _unknown(c, end):
                    end += 1
                yield k, end, 4
        if span is None:
            return
        begin, end = span[0], span[1]
        yield begin, end, 0
        inner = next((k for k in range(begin + 1, end) if units[k].does & _JOINED), None)
        if inner is not None:
            yield begin, inner, 1
        further = end
        while further < min(len(units), end + 2) and _unknown(c, further):
            further += 1
            yield begin, further, 2
        if end + 1 < len(units) and units[end].does & r.NOUNS and not units[end].does & r.AUX:
            yield begin, end + 1, 3
        i = max(end, i + 1)


def _unknown(c: Clause, i: int) -> bool:
    unit = c.units[i]
    return not unit.does & ~r.PROPER and unit.text[:1].isalpha() and len(unit.text) > 2


def marks(reading: Reading, kind: Kind, own: str | None, among: int, at: int, one: Candidate) -> list[int]:
    """The buckets of candidate ``at`` of ``among``: what it is, what stands around it, what kind of work is wanted."""
    c = reading.clauses[one.clause] if reading.clauses else None
    units = c.units if c else []
    work = evidence.KINDS.index(kind)
    head = evidence.role(units[one.end - 1]) if one.end else 0
    first = evidence.role(units[one.begin]) if one.end else 0
    before = evidence.role(units[one.begin - 1]) if one.begin else 255
    after = evidence.role(units[one.end]) if one.end and one.end < len(units) else 255
    word = evidence.number(units[one.begin - 1].text) if one.begin else 1
    following = evidence.number(units[one.end].text) if one.end and one.end < len(units) else 1
    place = min(at, 4)
    same = own == one.words
    act = c.act(c.start) if c else None
    side = 0 if act is None else 1 if act < one.begin else 2
    mood = bool(c and c.does & (r.WISH | r.NEED | r.MODAL)), bool(c and c.does & (r.FAULT | r.DISLIKE))
    length = min(one.end - one.begin, 4)
    pack = evidence.bucket
    return [
        pack(1, same, work), pack(2, same, one.how), pack(3, one.how, length), pack(4, place, work),
        pack(5, place, among), pack(6, work, head), pack(7, work, head, before), pack(8, before, one.how),
        pack(9, after, one.how), pack(10, before, after), pack(11, word), pack(12, following), pack(13, word, work),
        pack(14, first, head), pack(15, side, work), pack(16, side, before), pack(17, one.clause, len(reading.clauses)),
        pack(18, mood[0], mood[1], place), pack(19, own is None, place), pack(20, head), pack(21, before),
        pack(22, after),
        pack(23, same, own is None), pack(24, evidence.number(units[one.end - 1].text) if one.end else 0),
        pack(25, side, before, word), pack(26, head, one.how), pack(27, after, head),
    ]  # fmt: skip
