"""What is known around a clause, and what a clause comes to."""

from dataclasses import dataclass

from bot.model import Kind
from bot.replies.region import Span


@dataclass(frozen=True, slots=True)
class Setting:
    """What is known around a clause. ``drafts``: those meant; ``named`` in this clause, ``pointed`` anywhere
    in the message; ``one``: only one draft can be meant; ``office``: the message speaks of other work;
    ``long``: of so many things that what it wants is easily misread."""

    drafts: tuple[int, ...]
    named: bool
    pointed: bool
    one: bool
    office: bool
    alone: bool
    short: bool
    long: bool
    said: frozenset[str] = frozenset()
    """All words of the message."""
    it: tuple[str | None, int] = (None, 0)
    """What "it" may stand for: the part named last before this clause, and what its name does."""


@dataclass(frozen=True, slots=True)
class Meant:
    """A kind of wish, the part it is about, and how sure that is (0..1)."""

    kind: Kind
    sure: float
    span: Span | None = None
    stated: bool = False
    """Only a fault was named; the wish to have it put right is ours."""
