"""What replies that look like this one meant: the weight of words and of the roles they play, counted from examples.

The grammar reads what it knows; this says how far to believe it, and what was meant where it knows nothing. A fixed
table of weights (softmax regression over hashed features, ``weights.npz``), local and deterministic: the same words
give the same answer everywhere. ``benchmarks/teach.py`` makes it anew from the examples in ``benchmarks/sets``.
"""

from __future__ import annotations

import io
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from bot.model import Kind
from bot.replies import roles as r
from bot.replies.grammar import Reading
from bot.replies.units import Unit

KINDS = tuple(Kind)
_NUMBERS = {kind: i for i, kind in enumerate(KINDS)}
BUCKETS = 1 << 17
MOST = 60
"""Units that are weighed."""
LENGTH = 4.0
"""Euclidean length of a message's features, so that long ones do not shout."""

_ROLES = (
    r.MODAL, r.WISH, r.NEED, r.NEGATION, r.KEEP, r.CONDITION, r.DRAFT, r.UNDO, r.REDRAW, r.VARIANT, r.FIRM, r.PRAISE,
    r.DISLIKE, r.FAULT, r.REMOVE, r.REPAIR, r.REPLACE, r.CHANGE, r.ADD, r.MAKE, r.MOVE, r.RESIZE, r.MORE, r.LESS,
    r.LIGHTEN, r.PAINT, r.BLUR, r.SHARPEN, r.EXTEND, r.CROP, r.ISOLATE, r.WRITE, r.SEE, r.UPSCALE, r.OUTPAINT,
    r.RECOLOUR, r.RELIGHT, r.BEHIND, r.TEXT, r.LOGO, r.BACKGROUND, r.LIGHT, r.COLOUR, r.FRAME, r.RESOLUTION, r.STYLE,
    r.HUE, r.LIT, r.TONED, r.SHARP, r.SHAPE, r.SIZE, r.STATE, r.PLACE, r.OFFICE, r.OFFICE_ACT, r.ROUND, r.THING,
    r.WHOLE, r.WEAK, r.ASK, r.SELF, r.WE, r.YOU, r.OTHER, r.FUTURE, r.AUX, r.BUT, r.CONJ, r.DEGREE, r.PRONOUN, r.DET,
    r.PREP, r.SMALLTALK, r.PROPER, r.QUESTION, r.END, r.COMMA, r.FILLER,
)  # fmt: skip
"""The role a unit is counted by: the first of these that it can play."""
_FORMS = ((r.BASE, 100), (r.PAST, 200), (r.ING, 300))
_MIX, _SHIFT, _LAST = np.uint32(0x9E3779B1), np.uint32(15), np.uint32(BUCKETS - 1)

Signs = tuple[int, int, int]
"""A unit as numbers: the word, its first letters, its role."""
_NO_SIGNS: tuple[Signs, ...] = ((0, 0, 0),) * 4
_W0, _STEM, _R0, _W1, _R1, _W2, _R2, _R3, _NONE = range(9)
"""Rows that runs are made of: the word here, its first letters, the role here; word and role of the next unit and of
the one after; the role after that."""
_SIGNS, _HERE, _NEXT, _AFTER = [_W0, _STEM, _R0], [_W0, _R0], [_W1, _R1], [_W2, _R2]
_RUNS = (
    (1.0, _W0, _NONE, _NONE, _NONE),
    (0.4, _STEM, _NONE, _NONE, _NONE),
    (0.7, _W0, _W1, _NONE, _NONE),
    (0.4, _W0, _NONE, _W2, _NONE),
    (0.4, _W0, _R1, _NONE, _NONE),
    (0.4, _R0, _W1, _NONE, _NONE),
    (0.5, _R0, _NONE, _NONE, _NONE),
    (0.5, _R0, _R1, _NONE, _NONE),
    (0.5, _R0, _R1, _R2, _NONE),
    (0.4, _R0, _R1, _R2, _R3),
)
"""The value of each sort of run, and its parts."""
_PARTS = np.array([run[1:] for run in _RUNS]).T
_SORTS = np.arange(1, len(_RUNS) + 1, dtype=np.uint32)[:, None]
_OPENING, _STANDING = (0.7,) * 6, (0.7, 1.0, 1.0, 0.7, 1.5, 1.5, 0.7, 0.7, 0.7)
"""The values of what is said once of a message."""
_LETTERS, _LONGEST, _LETTER_VALUE = 300, 5, 0.2
"""Characters of which runs of three to five are counted, and the value of a run: they carry what words cannot,
misspellings and endings of words nobody has listed."""


@lru_cache(maxsize=1 << 16)
def mixed(*parts: int) -> int:
    """The parts of a feature as one number of 32 bits; the first names the sort of feature."""
    key = 0
    for part in parts:
        key = (key * 0x9E3779B1 + part + 1) & 0xFFFFFFFF
    return key


@lru_cache(maxsize=1 << 16)
def bucket(*parts: int) -> int:
    """Where a feature is kept."""
    key = mixed(*parts)
    return (key ^ key >> 15) & (BUCKETS - 1)


def role(unit: Unit) -> int:
    """The number of the role that a unit is counted by."""
    return _role(unit.does, unit.text[:1].isalnum())


@lru_cache(maxsize=8192)
def _role(does: int, spelt: bool) -> int:
    for number, bit in enumerate(_ROLES, 1):
        if does & bit:
            form = next((f for b, f in _FORMS if does & b), 0) if does & r.EDITING else 0
            return number + form
    return 0 if spelt else 99


@lru_cache(maxsize=1 << 16)
def number(text: str) -> int:
    """A word as a number, the same everywhere."""
    return crc32(text.encode())


@lru_cache(maxsize=1 << 16)
def _signs(text: str, does: int) -> Signs:
    return number(text), number(text[:4]), _role(does, text[:1].isalnum())


def features(reading: Reading) -> tuple[NDArray[np.uint32], NDArray[np.float32]]:
    """Buckets and values of a message: words, pairs of words, runs of up to four roles, words among roles, runs of
    letters, and what the grammar has read."""
    signs = [_signs(u.text, u.does) for u in reading.units[:MOST]]
    n = len(signs)
    rows = np.zeros((9, n + 3), np.uint32)
    if n:
        rows[_SIGNS, :n] = np.array(signs, np.uint32).T
        rows[_NEXT, :-1] = rows[_HERE, 1:]
        rows[_AFTER, :-2] = rows[_HERE, 2:]
        rows[_R3, :-3] = rows[_R0, 3:]
    parts = rows[_PARTS, :n]
    keys = _SORTS * _MIX + parts[0]
    for part in parts[1:]:
        keys *= _MIX
        keys += part
    frame = _opening(signs) + _standing(reading, n)
    found = np.concatenate([keys.ravel(), _letters(reading.cased), np.array(frame, np.uint32)])
    found ^= found >> _SHIFT
    found &= _LAST
    return found, _values(n, len(found), len(frame))


@lru_cache(maxsize=1 << 13)
def _values(units: int, total: int, frame: int) -> NDArray[np.float32]:
    """The values of the features of so many units, those of letters, those of the frame; together ``LENGTH`` long."""
    values = np.full(total, _LETTER_VALUE, np.float32)
    values[: units * len(_RUNS)] = np.repeat([run[0] for run in _RUNS], units)
    values[total - frame :] = (*_OPENING, *_STANDING, *(1.0,) * (frame - len(_OPENING) - len(_STANDING)))
    return values * np.float32(LENGTH / np.sqrt(values @ values))


def _letters(text: str) -> NDArray[np.uint32]:
    """All runs of three to five characters."""
    letter = np.frombuffer(f" {text[:_LETTERS].lower()} ".encode("utf-32-le"), np.uint32)
    run, found = letter + np.uint32(1), []
    for length in range(2, _LONGEST + 1):
        run = run[:-1] * _MIX + letter[length - 1 :]
        if length > 2:
            found.append(run + np.uint32(length))
    return np.concatenate(found)


def _opening(signs: list[Signs]) -> tuple[int, ...]:
    """How a message begins and ends."""
    (w0, _, r0), (w1, _, r1), (_, _, r2), (_, _, r3) = (*signs[:4], *_NO_SIGNS[len(signs) :])
    last, _, ends = signs[-1] if signs else _NO_SIGNS[0]
    return (
        mixed(33, w0),
        mixed(34, w0, w1),
        mixed(35, r0, r1, r2),
        mixed(36, r0, r1, r2, r3),
        mixed(37, last),
        mixed(38, ends),
    )


def _standing(reading: Reading, units: int) -> tuple[int, ...]:
    """Where a message stands, and what the grammar makes of it."""
    first = reading.wishes[0]
    return _stands(
        reading.language,
        reading.selected is not None,
        reading.n_drafts == 1,
        min(units // 4, 6),
        tuple(_NUMBERS[w.kind] for w in reading.wishes),
        int(first.confidence * 10),
        bool(first.targets),
        bool(first.region),
    )


@lru_cache(maxsize=1 << 13)
def _stands(
    language: str,
    selected: bool,
    single: bool,
    length: int,
    kinds: tuple[int, ...],
    sure: int,
    named: bool,
    part: bool,
) -> tuple[int, ...]:
    return (
        mixed(39, number(language)),
        mixed(40, selected),
        mixed(41, single),
        mixed(42, length),
        mixed(43, kinds[0]),
        mixed(44, kinds[0], sure),
        mixed(45, kinds[0], named, selected),
        mixed(46, kinds[0], part),
        mixed(47, len(kinds)),
        *(mixed(48, kind) for kind in kinds),
    )


class Table(NamedTuple):
    """Weights as they are stored: the buckets in use, for each of them and each class a whole number of ``step``,
    and each class's own weight. Shapes (n,), (n, classes), (classes,), (classes,)."""

    buckets: NDArray[np.uint32]
    weights: NDArray[np.int8]
    step: NDArray[np.float32]
    bias: NDArray[np.float32]

    def spread(self) -> NDArray[np.float32]:
        """The weight of every bucket, shape (BUCKETS, classes)."""
        spread = np.zeros((BUCKETS, len(self.step)), np.float32)
        spread[self.buckets] = self.weights * self.step
        return spread


class Weights(NamedTuple):
    """Ready for use: of kinds, and of a phrase being the part that is meant."""

    kinds: NDArray[np.float32]
    bias: NDArray[np.float32]
    parts: list[float]


_used: list[Weights] = []


def use(kinds: Table, parts: Table) -> None:
    """Go by these weights from now on."""
    _used[:] = [Weights(kinds.spread(), kinds.bias, parts.spread()[:, 0].tolist())]


def weights() -> Weights:
    """The weights in use; the stored ones at first."""
    if not _used:
        use(_stored("weights"), _stored("parts"))
    return _used[0]


def _stored(name: str) -> Table:
    with np.load(io.BytesIO((files("bot.data") / "replies" / f"{name}.npz").read_bytes())) as table:
        return Table(*(table[field] for field in Table._fields))


def odds(reading: Reading) -> dict[Kind, float]:
    """The probability of each kind, summing to 1."""
    keys, values = features(reading)
    table = weights()
    score = values @ table.kinds.take(keys, axis=0) + table.bias
    likely = np.exp(score - score.max())
    return dict(zip(KINDS, (likely / likely.sum()).tolist(), strict=True))
