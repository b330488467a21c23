"""A clause taken apart: the verb, the part it is about, where something goes, and what else is said."""

from __future__ import annotations

from dataclasses import dataclass

from bot.replies import region
from bot.replies import roles as r
from bot.replies.clause import Clause
from bot.replies.lexicon import group
from bot.replies.region import Span

_TO = group("to")


@dataclass(slots=True)
class Heard:
    """A clause taken apart: how it wants (``mood``), the verb, the part, and what is said beside the part."""

    mood: str
    act: int | None
    verb: int
    part: Span | None
    where: Span | None = None
    rest: int = 0
    it: int = 0

    @property
    def head(self) -> int:
        """What the name of the part does; of what "it" stands for where there is none."""
        return self.part[2] if self.part else self.it


def heard(c: Clause, mood: str, at: int) -> Heard:
    units = c.units
    act: int | None = None
    if mood == "order" or mood == "coined":
        act = at
    elif mood == "wish":
        act = next(
            (
                i
                for i in range(at, len(units))
                if units[i].does & r.EDITING
                and (
                    c.acts(i)
                    or (
                        units[i].does & (r.ING | r.BASE)
                        and i
                        and units[i - 1].does & (r.WISH | r.MODAL)
                        and not units[i].does & r.DET
                    )
                )
            ),
            None,
        )
    elif mood == "need":
        act = next(
            (
                i
                for i in range(at + 1, len(units))
                if units[i].does & r.EDITING
                and units[i].does & (r.BASE | r.PAST | r.ING)
                and (not units[i].does & (r.NOUNS | r.ADJECTIVES) or units[i - 1].does & r.NEED)
            ),
            None,
        )
    verb = units[act].does & r.EDITING if act is not None else 0
    if mood == "coined":
        verb |= r.CHANGE
    part, where = None, None
    if c.language == "ja":
        verb = c.any(r.EDITING)
        part = japanese_part(c)
    elif mood in ("need", "state"):
        part = _subject(c, at if mood == "need" else None) or region.phrase(
            c, at if mood == "need" else c.start
        )
    elif act is None:
        part = region.phrase(c, at)
    else:
        part = region.phrase(c, act + 1)
        if part is None and act > c.start:
            part = region.phrase(c, c.start, act)
        if verb & r.ADD and not verb & (r.REMOVE | r.REPLACE):
            where = _where(c, act)
    rest = 0
    for i, unit in enumerate(units):
        if (part and part[0] <= i < part[1]) or (i == act and not unit.does & (r.LOOKS | r.COMPARED)):
            continue
        rest |= unit.does
    return Heard(mood, act, verb, part, where, rest)


def topic(c: Clause) -> Span | None:
    """The part a clause speaks of, which "it" may stand for afterwards."""
    found = _subject(c, None) or region.phrase(c, c.start)
    while found is not None and not found[2] & r.NAMED:
        found = region.phrase(c, found[1])
    return found


def _subject(c: Clause, stop: int | None) -> Span | None:
    """The part before "is too dark", "should be"; after "there is"."""
    end = stop if stop is not None else c.first(r.AUX | r.NEED, c.start)
    if not end:
        return None
    if c.units[end].text.startswith(("there", "it has", "hay", "il y a", "es gibt", "tem", "há")):
        return region.phrase(c, end + 1)
    found = region.phrase(c, c.start, end)
    last = None
    while found is not None and found[2] & (r.WHOLE | r.DRAFT) and not found[2] & r.NAMED:
        last, found = found, region.phrase(c, found[1], end)
    if found is None and c.units[end].text in ("has", "have", "tiene", "a", "hat", "tem", "shows"):
        return region.phrase(c, end + 1)
    return found or last


def _where(c: Clause, act: int) -> Span | None:
    """ "add a hat to the dog": the part that changes is where it goes."""
    for i in range(act + 1, len(c.units) - 1):
        if c.words[i] in _TO:
            found = region.phrase(c, i + 1)
            if (
                found
                and found[0] <= i + 2
                and found[2] & (r.THING | r.TEXT | r.LOGO | r.WEAK)
                and not found[2] & (r.WHOLE | r.BACKGROUND)
            ):
                return found
    return None


def japanese_part(c: Clause) -> Span | None:
    """The first thing that is named, with what belongs to it."""
    units = c.units
    i = next(
        (k for k, u in enumerate(units) if u.does & (r.NAMED | r.LIGHT | r.COLOUR) and not u.does & r.DRAFT),
        None,
    )
    if i is None:
        i = next(
            (k for k, u in enumerate(units) if u.does & r.NOUNS and not u.does & (r.DRAFT | r.WHOLE)), None
        )
    if i is None:
        return None
    begin, end = i, i + 1
    while end < len(units):
        following = units[end + 1] if end + 1 < len(units) else None
        if (
            units[end].text == "の"
            and following
            and (following.does & r.NOUNS or not following.does)
            and not following.does & r.COLOUR
        ):
            end += 2
        elif units[end].does & r.NAMED or (
            not units[end].does and units[end].text not in "をがはにもでとへやか、"
        ):
            end += 1
        else:
            break
    while begin > 0 and not units[begin - 1].does and units[begin - 1].text not in "をがはにもでとへのや、。":
        begin -= 1
    does = 0
    for unit in units[begin:end]:
        does = unit.does if unit.does & r.NOUNS else does
    return begin, end, does
