"""Undo, a new round, variants: wishes that stand in one phrase, wherever it is."""

from bot.model import Kind
from bot.replies import region
from bot.replies import roles as r
from bot.replies.clause import Clause
from bot.replies.lexicon import group
from bot.replies.setting import Meant, Setting
from bot.replies.units import Unit

_OF_PART = group("of_part")

_LOOSE = group("loose")

_SURE = group("sure")

_EDITS = group("edits")
_FROM = group("from")
_TOLD = group("told")


def idiom(c: Clause, s: Setting) -> Meant | None:
    """Undo, a new round, variants: said in a phrase, wherever it stands."""
    opening = c.units[c.start].does
    wished = bool(c.does & (r.WISH | r.NEED))
    told = opening & (r.SELF | r.OTHER | r.WE) and c.any(r.PAST | r.FUTURE) and not wished
    if (
        c.does & (r.CONDITION | r.OFFICE)
        or told
        or (opening & r.ASK and not opening & (r.WISH | r.MODAL) and c.language == "en")
    ):
        return None
    if c.any(r.REMOVE) and c.opens and not _EDITS.isdisjoint(c.words) and not c.does & r.NEGATION:
        return Meant(Kind.UNDO, 0.8)  # "scrap the last edit"
    undo = c.first(r.UNDO)
    if (
        undo is not None
        and not _denied(c, undo)
        and not (c.asks and c.any(r.FUTURE))
        and _TOLD.isdisjoint(c.words[:undo])
    ):
        found = region.phrase(c, undo + 1)
        after = c.words[undo + 1 :]
        detail = (found is not None and found[2] & r.MEASURED) or (
            "back" in after and after[after.index("back") + 1 : after.index("back") + 2] in (["in"], ["on"])
        )
        looking = any(w in ("see", "show", "compare", "find", "where") for w in c.words[:undo])
        pointing = bool(
            c.units[undo].does & r.BASE and found is None and not s.drafts
        )  # "put it back": what?
        if not (c.units[undo].does & r.BASE and detail) and not looking and not pointing:
            return Meant(Kind.UNDO, 0.85)
    again = c.first(r.REDRAW)
    if again is not None and not _denied(c, again) and not c.reason and not c.any(r.REPLACE, 0, again):
        found = region.phrase(c, again + 1)
        part = (
            found is not None
            and found[2] & r.NAMED
            and not found[2] & (r.WHOLE | r.ROUND)
            and found[0] <= again + 2
        )
        if part and found is not None and found[2] & r.THING and c.words[again + 1 : again + 2] == ["of"]:
            return None  # "a new batch of cookies"
        if c.units[again].text in ("redo them", "redo it") and s.it[1] & r.THING:
            return Meant(Kind.INPAINT, 0.75)
        if not (c.units[again].text in _OF_PART and (part or not (wished or s.short))):
            return Meant(Kind.REGENERATE, 0.85)
    like = c.first(r.VARIANT)
    if like is not None and not _denied(c, like):
        loose = c.units[like].text in _LOOSE
        if loose and c.units[like].text.endswith(("version of", "versions of")) and c.does & r.LOOKS:
            return None  # "square version of the second"
        wanting = wished or c.act(c.start) is not None or not loose or len(c.drafts) > 1
        if c.drafts and wanting and not (loose and c.does & r.AUX and not wished):
            return Meant(Kind.VARIANT, 0.8)
        if (
            (s.drafts or c.does & (r.PRONOUN | r.ROUND))
            and (
                c.does & (r.WISH | r.MORE | r.ROUND)
                or (
                    c.units[like].text in _SURE
                    and len(c.units) <= 7
                    and not (like and c.words[like - 1] == "the")
                )
            )
            and not loose
        ):
            return Meant(Kind.VARIANT, 0.75)
    if _crossed(c):
        return Meant(Kind.VARIANT, 0.8)
    return None


def _denied(c: Clause, at: int) -> bool:
    """A no within the four units before."""
    if c.language == "ja":
        return bool(c.does & r.NEGATION)
    return any(
        (
            (
                (c.units[i].does & r.NEGATION and not c.units[i].does & r.CONTRAST)
                or c.units[i].text in ("not", "no")
            )
            and c.units[i].text not in ("not sure", "no longer", "unless")
        )
        or c.units[i].does & r.KEEP
        for i in range(max(0, at - 4), at)
    )


def _crossed(c: Clause) -> bool:
    """ "the pose from 1, the colours from 3": two drafts, each with what is to be taken from it."""
    if (
        len(c.drafts) < 2
        or c.does & (r.NEGATION | r.ASK | r.PAST)
        or c.any(r.EDITING & ~(r.ADD | r.MAKE | r.REPLACE))
    ):
        return False
    taken = [
        i
        for i, u in enumerate(c.units)
        if u.does & r.DRAFT
        and (
            any(c.words[j] in _FROM for j in range(max(0, i - 2), i))
            or c.words[i + 1 : i + 2] == ["'"]
            or u.text.endswith("'s")
        )
    ]
    return len(taken) >= 2 and bool(c.does & r.NOUNS)


def crossed(units: list[Unit]) -> bool:
    """Do two drafts each give something: "A's layout plus D's colours", "armour from 1, mood from 3"?"""
    said = 0
    for unit in units:
        said |= unit.does
    if said & (r.NEGATION | r.ASK | r.PAST | r.OFFICE | r.AUX | r.NEED | r.CONDITION) or said & (
        r.EDITING & ~(r.ADD | r.MAKE | r.REPLACE)
    ):
        return False
    giving = {
        u.text
        for i, u in enumerate(units)
        if u.does & r.DRAFT
        and (
            u.text.endswith("'s")
            or [x.text for x in units[i + 1 : i + 2]] == ["'"]
            or any(x.text in _FROM for x in units[max(0, i - 2) : i])
        )
    }
    return len(giving) >= 2 and bool(said & r.NOUNS)
