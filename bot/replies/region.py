"""The words that name the part of the picture to work on."""

from __future__ import annotations

from bot.replies import roles as r
from bot.replies.clause import Clause
from bot.replies.lexicon import group

Span = tuple[int, int, int]
"""Begin and end (exclusive) among the units, and what the head does."""

_JOINTS = group("joints")
_PROPERTY = group("property")
_PRONOUNS = group("pronouns")
_SIDES = group("sides")


def phrase(c: Clause, begin: int, stop: int | None = None) -> Span | None:
    """The noun phrase that begins at or after ``begin``: "the handle of the mug", "that guy on the left"."""
    units, n = c.units, len(c.units) if stop is None else stop
    i = begin
    while i < n:
        does, text = units[i].does, units[i].text
        if does & r.QUOTED:
            return (i, i + 1, r.TEXT)
        if does & r.MODAL and not (i and units[i - 1].does & (r.DET | r.ADJECTIVES | r.NOUNS)):
            i += 1
            continue
        if (
            (does & r.DET and text not in ("no", "any") and not (does & r.PRONOUN and not _opens(c, i, n)))
            or (
                does & (r.NOUNS | r.POSSESSIVE)
                and not (does & r.EDITING and does & (r.BASE | r.PAST) and c.acts(i))
                and not does & r.AUX
            )
            or (does & (r.ADJECTIVES | r.FAULT | r.NUMBER) and _noun_soon(c, i, n))
        ):
            found = _np(c, i, n)
            if found:
                return found
        i += 1
    return None


def _opens(c: Clause, i: int, n: int) -> bool:
    return (
        i + 1 < n
        and not c.units[i + 1].does
        & (r.AUX | r.PREP | r.NEED | r.DEGREE | r.COMPARED | r.CONJ | r.NEGATION | r.COMMA)
        and not (c.units[i + 1].does & r.ADJECTIVES and not _noun_soon(c, i + 1, n))
    )


def _noun_soon(c: Clause, i: int, n: int) -> bool:
    for j in range(i, min(i + 4, n)):
        does = c.units[j].does
        if does & r.NOUNS:
            return True
        if not does & (r.ADJECTIVES | r.FAULT | r.NUMBER | r.HUE) and does:
            return False
    return False


def _np(c: Clause, begin: int, n: int) -> Span | None:
    units = c.units
    i = begin
    head = -1
    head_does = 0
    unknown = -1
    while i < n:
        does, text = units[i].does, units[i].text
        if does & r.DET and not does & (r.NOUNS & ~r.WEAK):
            if head >= 0 or unknown >= 0:
                break
            i += 1
            continue
        if does & r.DRAFT:
            if does & r.NUMBER or head >= 0:
                break
            i += 1
            continue
        if does & r.PARTICLE or does & (r.END | r.COMMA):
            break
        if does & r.QUOTED and head < 0:
            head, head_does = i, r.TEXT
            i += 1
            continue
        if does & r.QUOTED and head >= 0 and head_does & (r.TEXT | r.LOGO):
            head = i
            i += 1
            continue
        if (
            does & r.NOUNS
            and not (head >= 0 and does & (r.PREP | r.AUX | r.NEED | r.DEGREE))
            and not (does & r.PREP and not does & (r.THING | r.TEXT | r.LOGO | r.BACKGROUND))
        ):
            if head >= 0 and text in _SIDES:
                break
            if head >= 0 and does & (r.ADJECTIVES & ~r.HUE) and not does & r.THING:
                break
            if (
                head >= 0
                and does & r.HUE
                and not (does & r.THING and i + 1 < n and units[i + 1].does & r.NOUNS)
            ):
                break
            head_does = head_does if head >= 0 and c.language in ("es", "fr", "pt") else does
            head = i
            i += 1
            if (
                does & r.POSSESSIVE
                and i < n
                and (units[i].does & (r.NOUNS | r.ADJECTIVES) or not units[i].does & ~r.PROPER)
            ):
                head, head_does = -1, 0
            continue
        if (
            head < 0
            and does & (r.ADJECTIVES | r.FAULT | r.NUMBER | r.POSSESSIVE | r.DEGREE)
            and not does & r.AUX
        ):
            i += 1
            continue
        if (
            head < 0
            and does & r.CONJ
            and i > begin
            and units[i - 1].does & (r.ADJECTIVES | r.HUE)
            and i + 1 < n
            and units[i + 1].does & (r.ADJECTIVES | r.HUE)
        ):
            i += 1
            continue
        if head < 0 and not does & ~r.PROPER and text[0].isalpha():
            unknown = i
            i += 1
            continue
        if (
            head >= 0
            and c.language in ("es", "fr", "pt")
            and does & (r.HUE | r.ADJECTIVES)
            and not does & (r.COMPARED | r.DEGREE)
        ):
            break
        break
    if head < 0 and unknown >= 0 and begin < unknown:
        head, head_does, i = unknown, 0, unknown + 1
    if head < 0:
        return None
    end = head + 1
    # what it is of, or where it is
    while end + 1 < n and units[end].does & (r.PREP | r.DET) and units[end].text in _JOINTS:
        nxt = units[end + 1]
        if nxt.does & r.DRAFT or (
            nxt.does & r.DET
            and end + 2 < n
            and units[end + 2].does & r.DRAFT
            and units[end + 2].does & (r.NUMBER | r.WHOLE)
        ):
            break
        more = _np(c, end + 1, n)
        if more is None or more[0] != end + 1 or more[2] & (r.ROUND | r.OFFICE):
            break
        if more[2] & r.WHOLE and not more[2] & (r.NAMED | r.PLACE):
            break
        if units[head].text in _PROPERTY and units[end].text in (
            "of",
            "on",
            "in",
            "de",
            "del",
            "da",
            "do",
            "der",
            "von",
            "du",
        ):
            return more[0], more[1], more[2] | (head_does & (r.LIGHT | r.COLOUR | r.RESOLUTION | r.FRAME))
        if units[end].text in ("to", "with", "from") and not head_does & r.NAMED:
            break
        if units[end].text in ("to", "with", "from", "against", "into"):
            break
        end = more[1]
        head_does |= more[2] if head_does & r.WHOLE and not head_does & r.NAMED else 0
        break
    # a second thing: "the people and the birds"
    if (
        end + 1 < n
        and units[end].does & r.CONJ
        and units[end].text in ("and", "&", "y", "et", "und", "e")
        and head_does & r.NAMED
    ):
        more = _np(c, end + 1, n)
        if (
            more
            and more[0] == end + 1
            and more[2] & r.NAMED
            and not (more[1] < n and units[more[1]].does & (r.AUX | r.NEED))
        ):
            end = more[1]
    return begin, end, head_does


def words(c: Clause, span: Span, text: str) -> str | None:
    """The span as the person wrote it; None for the picture as a whole."""
    begin, end, _ = span
    units = c.units
    while (
        begin < end
        and units[begin].does & (r.DEGREE | r.FILLER | r.CONJ)
        and not units[begin].does & (r.NOUNS | r.DET)
    ):
        begin += 1
    if end - begin == 1 and units[begin].text in _PRONOUNS:
        return None
    content = [u for u in units[begin:end] if not u.does & r.DET]
    if not content or all(
        (u.does & r.WHOLE and not u.does & (r.THING | r.TEXT | r.LOGO)) or u.does & (r.ROUND | r.DRAFT)
        for u in content
    ):
        return None
    while end - 1 > begin and units[end - 1].text in (
        "color",
        "colour",
        "colors",
        "colours",
        "size",
        "brightness",
        "shade",
        "position",
        "placement",
        "saturation",
        "contrast",
    ):
        end -= 1
    if all(
        u.text in _PROPERTY and u.text not in ("edge", "edges", "font", "shape")
        for u in units[begin:end]
        if not u.does & r.DET
    ):
        return None
    said = text[units[begin].start : units[end - 1].end].strip(' ,"')
    if said.endswith("'s") and end - 1 == begin:
        said = said[:-2]
    return said or None
