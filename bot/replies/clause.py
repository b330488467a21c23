"""A message in clauses: each says one thing, about some drafts, in some mood."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.replies import roles as r
from bot.replies.lexicon import group
from bot.replies.units import Unit

_EVERY = ("every", "all", "nothing", "anything")
_INVERTED = group("inverted")
_I_WOULD = group("i_would")
MOST = 16
LONGEST = 60
"""Units of a clause that are looked at."""
_LIST = r.NOUNS | r.ADJECTIVES | r.DET | r.CONJ | r.NUMBER | r.DRAFT | r.PREP | r.POSSESSIVE
_ACTING = r.EDITING | r.SEE | r.UNDO


@dataclass(slots=True)
class Clause:
    """``units`` without stops. ``asks``: a question mark ends it. ``opens``: a sentence begins with it. ``asked``: the
    sentence began as a question. ``reason``: it gives one ("because ...").

    ``drafts`` are named in it; ``start`` is the first unit that is no filler and no draft.
    """

    units: list[Unit]
    language: str
    asks: bool = False
    opens: bool = True
    asked: bool = False
    reason: bool = False
    drafts: tuple[int, ...] = ()
    version: str | None = None
    rest: bool = False
    start: int = 0
    does: int = 0
    words: list[str] = field(default_factory=list)

    def first(self, bits: int, begin: int = 0, stop: int | None = None) -> int | None:
        """Where the first unit stands that does one of these."""
        if not self.does & bits:
            return None
        units = self.units
        for i in range(begin, len(units) if stop is None else min(stop, len(units))):
            if units[i].does & bits:
                return i
        return None

    def any(self, bits: int, begin: int = 0, stop: int | None = None) -> int:
        """What the units of a stretch do, of these."""
        found = 0
        for unit in self.units[begin:stop]:
            found |= unit.does
        return found & bits

    def acts(self, i: int) -> bool:
        """Is unit ``i`` a verb here: "light the scene", not "the light"?"""
        does = self.units[i].does
        if (
            does & r.EDITING
            and does & r.PAST
            and i
            and self.units[i - 1].text in ("be", "been", "being", "get")
        ):
            return True  # "could it be set on a terrace"
        if not does & _ACTING or not does & r.BASE:
            return False
        if self.language != "en":
            return True
        before = self.units[i - 1].does if i else 0
        if (
            before & (r.DET | r.PREP | r.POSSESSIVE)
            and not before & (r.CONJ | r.WISH)
            and self.units[i - 1].text not in ("to", "that", "this", "up", "like")
        ):
            return False
        if not does & (r.NOUNS | r.ADJECTIVES):
            return True
        after = self.units[i + 1].does if i + 1 < len(self.units) else 0
        return bool(
            after & (r.DET | r.PRONOUN | r.DRAFT | r.DEGREE)
            or self.units[i].text in _CLEAR
            or (after & r.NOUNS and not after & (r.PREP | r.ADJECTIVES) and i == self.start)
        )

    def until(self, i: int) -> Clause:
        """The clause up to unit ``i``."""
        cut = Clause(
            self.units[:i],
            self.language,
            self.asks,
            self.opens,
            self.asked,
            self.reason,
            self.drafts,
            self.version,
            self.rest,
            self.start,
        )
        cut.words = self.words[:i]
        for unit in cut.units:
            cut.does |= unit.does
        return cut

    def office(self) -> bool:
        """Is the doing office work: "send it to Eva"?"""
        return any(
            u.does & r.OFFICE_ACT and u.does & r.BASE and not u.does & (r.EDITING | r.NAMED)
            for u in self.units
        )

    def act(self, begin: int = 0) -> int | None:
        """The first verb that edits."""
        return next((i for i in range(begin, len(self.units)) if self.acts(i)), None)


_CLEAR = group("clear")


def clauses(language: str, units: list[Unit]) -> Iterator[Clause]:
    """The clauses of a message, in order; at most ``MOST``."""
    made = 0
    reason = False
    current: list[Unit] = []
    opens, asked = True, False
    for i, unit in enumerate(units):
        does = unit.does
        cut = False
        after = False
        if does & r.END:
            cut = True
        elif does & r.COMMA:
            cut = not _continues(current, units, i + 1, unit.text)
        elif does & r.BECAUSE and current and not does & r.CONDITION:
            cut = after = True
        elif (
            (
                does & r.BUT
                and current
                and not does & r.WISH
                and language != "ja"
                and not current[-1].text.startswith(_EVERY)
            )
            or (does & r.BUT and language == "ja")
            or (does & r.CONJ and _begins(units, i + 1, language) and not _only_drafts(current))
        ):
            cut = True
        elif (
            does & r.WISH
            and current
            and does & r.ASK == 0
            and _verdict_before(current)
            and unit.text not in ("please", "pls")
        ):
            cut = True
            if current:
                made_now = _clause(current, language, False, opens, asked, reason)
                yield made_now
                made += 1
                asked = asked or made_now.asked
            current, reason, opens = [unit], False, False
            continue
        if not cut:
            current.append(unit)
            continue
        if current:
            made_now = _clause(current, language, bool(does & r.QUESTION), opens, asked, reason)
            asked = made_now.asked and not does & r.END
            yield made_now
            made += 1
            if made >= MOST:
                return
            opens = bool(does & r.END)
        current = [unit] if after else []
        reason = after
    if current:
        yield _clause(current, language, False, opens, asked, reason)


def _clause(units: list[Unit], language: str, asks: bool, opens: bool, asked: bool, reason: bool) -> Clause:
    units = units[:LONGEST]
    made = Clause(units, language, asks, opens, asked, reason)
    does = 0
    for unit in units:
        does |= unit.does
    for i, unit in enumerate(units):
        if (
            unit.text == "if"
            and i
            and any(u.does & (r.COMPARED | r.PRAISE | r.WISH) for u in units[max(0, i - 2) : i])
            and {"be", "is"} & {u.text for u in units[max(0, i - 4) : i]}
        ):
            unit.does = r.WISH  # "would be so nice if she smiled"
            does = does & ~r.CONDITION | r.WISH
    for i, unit in enumerate(units[:-2]):
        if (
            unit.text in ("would", "'d", "will")
            and units[i + 1].text in ("be", "look", "work")
            and units[-1].does & r.PRAISE
        ):
            unit.does = r.WISH  # "afternoon sun on 3 would be gorgeous"
            units[-1].does &= ~r.PRAISE
            does |= r.WISH
    for i, unit in enumerate(units[:-1]):
        if unit.text in _I_WOULD:
            verb = next((u for u in units[i + 1 :] if not u.does & r.FILLER or u.does & _ACTING), units[-1])
            if verb.does & _ACTING and verb.does & r.BASE and not verb.does & r.OFFICE_ACT:
                unit.does = r.WISH
                does |= r.WISH
    made.does = does
    made.start = _start(made)
    made.words = [u.text for u in units]
    before = units[made.start - 1].does if made.start else 0
    after = units[made.start + 1].does if made.start + 1 < len(units) else 0
    asking = r.DET | r.PRONOUN | r.WE | r.YOU | r.OTHER | r.SELF | r.DRAFT | r.NOUNS | r.ASK
    inverted = language == "en" and units[made.start].text in _INVERTED and not before & r.DRAFT
    if inverted and opens and (after & asking or not after):
        units[made.start].does = r.ASK  # "is it ...", "does the hand ..."
        made.does |= r.ASK
    if before & r.DRAFT and [u.text for u in units[made.start :]] == ["isn't", "it"]:
        units[made.start].does = r.DISLIKE  # "2 isn't it"
        made.does |= r.DISLIKE
    opening = made.units[made.start].does
    if language != "en" and not asks and not asked:
        return made
    made.asked = asked or (opens and bool(opening & r.ASK) and not opening & (r.WISH | r.MODAL))
    return made


def _start(c: Clause) -> int:
    """Where the sentence begins after "ok so for 2 please"."""
    units, i, n = c.units, 0, len(c.units)
    while i < n:
        does, text = units[i].does, units[i].text
        if (
            does & r.DRAFT
            or does & r.COMMA
            or does & r.PARTICLE
            or (
                does & r.FILLER
                and not does & (r.NEGATION | r.ASK | r.CONDITION | r.SELF)
                and not (
                    does & (r.WISH) and text not in ("please", "pls", "plz", "maybe", "perhaps", "kindly")
                )
            )
            or does & r.CONJ
            or (
                does & r.PREP
                and i + 1 < n
                and (
                    units[i + 1].does & r.DRAFT
                    or (units[i + 1].does & r.DET and i + 2 < n and units[i + 2].does & r.DRAFT)
                )
            )
            or (
                does & (r.WHOLE | r.DET)
                and not does & r.POSSESSIVE
                and i + 1 < n
                and units[i + 1].does & r.DRAFT
            )
        ):
            i += 1
        else:
            break
    return i if i < n else 0


def _only_drafts(units: list[Unit]) -> bool:
    return bool(units) and all(u.does & (r.DRAFT | r.NUMBER | r.CONJ | r.FILLER | r.DET) for u in units)


def _verdict_before(units: list[Unit]) -> bool:
    """ "love 2 can we lose the cup": a verdict stands complete before the wish."""
    seen = 0
    for u in units:
        seen |= u.does
    return bool(
        seen & (r.PRAISE | r.DISLIKE)
        and not seen & (r.WISH | r.NEED | r.ASK | r.CONDITION | r.BASE & _ACTING)
        and len(units) >= 2
    )


def _continues(left: list[Unit], units: list[Unit], begin: int, comma: str) -> bool:
    """Does the list go on after this comma ("the cup, the plate and the fork"), or a name for the same thing?"""
    if not left or (
        comma == "、"
        and not any(u.does & (r.EDITING & ~r.MAKE | r.WISH | r.PRAISE | r.DISLIKE | r.SELF) for u in left)
    ):
        return True
    if _only_drafts(left) and begin < len(units):
        return True
    if comma == ":" and len(left) <= 3 and left[-1].does & (r.NOUNS | r.FILLER):
        return True
    if comma in ("->", "=>", "→", "/", "*", "~") and left[-1].does:
        return True
    right: list[Unit] = []
    for unit in units[begin:]:
        if unit.does & (r.END | r.COMMA | r.BUT):
            break
        right.append(unit)
    if not right:
        return True
    if right[0].text in ("so", "hence", "thus", "therefore"):
        return False
    if all(
        u.does & (r.DRAFT | r.FILLER | r.CONJ | r.NUMBER) and not u.does & (r.PRAISE | r.DISLIKE)
        for u in right
    ):
        return True
    if any(
        u.does
        & (r.COMPARED | r.DEGREE | r.AUX | r.NEED | r.WISH | r.PRONOUN | r.SELF | r.OTHER | r.FAULT | r.LOOKS)
        for u in right
    ):
        return False
    first = next((u for u in right if not u.does & (r.CONJ | r.FILLER)), right[0])
    if first.does & r.BASE and first.does & _ACTING and not first.does & r.NOUNS:
        return False
    listed = all(u.does & _LIST or not u.does for u in right)
    wanted = any(u.does & (_ACTING | r.NEED) for u in left)
    return (
        listed and wanted and bool(left[-1].does & (r.NOUNS | r.HUE)) and any(u.does & r.NAMED for u in right)
    )


def _begins(units: list[Unit], begin: int, language: str) -> bool:
    """Does a new clause begin here, after "and"?"""
    i = begin
    while (
        i < min(len(units), begin + 6)
        and units[i].does & (r.FILLER | r.CONJ)
        and not units[i].does & (r.WISH | r.ASK | r.NOUNS | r.EDITING)
    ):
        i += 1
    if i >= len(units):
        return False
    does = units[i].does
    after = units[i + 1].does if i + 1 < len(units) else r.END
    if does & (
        r.WISH | r.SELF | r.OTHER | r.CONDITION | r.UNDO | r.REDRAW | r.KEEP | r.WE | r.FIRM
    ) and not does & (r.DET | r.NOUNS):
        return True
    if does & r.NEGATION and not does & r.DET:
        return True
    if does & r.PRONOUN and after & (r.AUX | r.NEED | r.FUTURE):
        return True
    if does & r.BASE and does & (_ACTING | r.OFFICE_ACT):
        return not does & (r.NOUNS | r.ADJECTIVES | r.DET | r.PREP) or bool(
            after & (r.DET | r.PRONOUN | r.DRAFT)
        )
    if does & r.DRAFT and begin >= 2 and units[begin - 2].does & r.DRAFT:
        return False  # "in 2 and 3"
    if does & r.DRAFT:
        return bool(after & (r.AUX | r.NEED | r.PRAISE | r.DISLIKE | r.FAULT | r.LOOKS | r.COMPARED))
    # "and the hand looks weird": a subject with its verb
    for u in units[i : i + 5]:
        if u.does & (r.END | r.COMMA | r.CONJ):
            return False
        if u.does & (r.AUX | r.NEED) and not u.does & r.NOUNS and u is not units[i]:
            return True
    return bool(does & r.YOU and after & (r.NEED | r.AUX))
