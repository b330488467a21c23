"""How a clause wants something: by an order, a wish, a need, or by stating a fault; or not at all."""

from bot.replies import region
from bot.replies import roles as r
from bot.replies.clause import Clause
from bot.replies.lexicon import group

_POLITE = group("polite")


_TOOLS = group("tools")


def mood(c: Clause) -> tuple[str, int]:
    """How the clause wants something ("" for not at all), and where the wanting begins."""
    units, start = c.units, c.start
    opening, english = units[start].does, c.language == "en"
    wish, act = c.first(r.WISH), c.act(start)
    if (c.does & r.CONDITION and not _before_condition(c, wish, act)) or held_back(c):
        return "", 0
    if c.language == "ja":
        return _japanese_mood(c)
    asking = opening & r.ASK and not opening & (r.WISH | r.NEED | r.MODAL)
    if asking and (english or (c.asks and wish is None)):
        return "", 0
    if c.asked and not c.opens and act != start and wish is None:
        return "", 0
    if opening & r.MODAL and english:
        return ("wish", start) if _requests(c) else ("", 0)
    if wish is not None and c.asks and c.first(r.ASK, start, wish) is not None and english:
        return "", 0
    if english and units[start].text in ("have", "having") and c.any(r.PAST, start + 1, start + 3):
        return "", 0  # "have removed the label"
    if act == start and not (opening & r.OFFICE_ACT and not opening & r.NAMED):
        if opening & r.SEE and not opening & r.EDITING and not c.any(_LOOKED_FOR, start + 1):
            return ("wish", start) if wish is not None else ("", 0)
        return "order", start
    if wish is None and act is None and english and _coined(c):
        return "coined", start
    if wish is not None:
        return _wished(c, wish)
    if english and (opening & r.OTHER or (opening & r.SELF and (c.first(r.NEED) is None or act is not None))):
        return "", 0
    need = c.first(r.NEED, start)
    if need is not None:
        return ("need", need) if _needed(c, need) else ("", 0)
    if not english:
        told = c.does & (r.SELF | r.FUTURE | r.OFFICE_ACT) or (c.asks and opening & r.AUX)
        if act is not None and not told:
            return "order", act
        if c.asks:
            return "", 0
    if c.any(r.FUTURE) or (c.asks and opening & r.AUX):
        return "", 0
    return "state", start


_LOOKED_FOR = (
    r.ADJECTIVES | r.LOOKS | r.STYLE | r.PLACE | r.CONTRAST | r.DEGREE | r.LOGO | r.TEXT | r.BACKGROUND
)  # fmt: skip


def _before_condition(c: Clause, wish: int | None, act: int | None) -> bool:
    """ "2, if we can lose the cup", "move it before we print": the wish does not hang on the condition."""
    at = c.first(r.CONDITION) or 0
    return (wish is not None and wish < at + 2) or (act or 99) < at


def _requests(c: Clause) -> bool:
    """ "could the label be bigger": a question that wants it done, by us."""
    units, start = c.units, c.start
    after = units[start + 1].does if start + 1 < len(units) else 0
    if any(w in _TOOLS for w in c.words[start + 1 : start + 4]):
        return False
    if c.words[start + 1 : start + 2] == ["it"] and c.words[start + 2 : start + 3] in _CAPABLE:
        return False  # "can it do video?"
    if after & r.SELF:
        return False  # "can I remove a draft myself?"
    if after & r.PROPER and not after & r.NOUNS:
        return False  # "could Hal repair it": somebody else is asked
    if not c.asks and after & r.BASE and not after & r.NOUNS:
        return False  # "can give you a hand"
    if units[start].text in ("would", "will", "may", "might", "shall") and not after & r.YOU:
        return False
    if c.office() and not c.any(r.UPSCALE | r.OUTPAINT):
        return False
    named = after & (r.DET | r.POSSESSIVE | r.NAMED | r.DRAFT) and not after & r.PRONOUN
    return bool(named or c.any(r.EDITING | r.ADJECTIVES | r.LOOKS | r.STYLE | r.PLACE, start + 1))


_CAPABLE = [["do"], ["handle"], ["make"], ["generate"]]


def _wished(c: Clause, wish: int) -> tuple[str, int]:
    """ "we'd love to see it darker"; not "can we discuss"."""
    units, after = c.units, wish + 1
    while (
        after < len(units) and units[after].does & (r.FILLER | r.PREP) and not units[after].does & r.EDITING
    ):
        after += 1
    does = units[after].does if after < len(units) else 0
    if does & r.OFFICE_ACT and not does & (r.EDITING | r.NAMED) and not c.any(r.UPSCALE | r.OUTPAINT):
        return "", 0
    return "wish", c.start if units[wish].text in _POLITE or units[wish].does & r.CONTRAST else wish


def _needed(c: Clause, need: int) -> bool:
    """ "the label should be bigger"; not "I have to fix it", "the plumber has to replace the tap"."""
    units = c.units
    who, verb = (units[need - 1].does if need else 0), c.act(need + 1)
    if units[need].does & r.NEGATION and not c.any(r.ADJECTIVES | r.LOOKS | r.LIGHT | r.COLOUR, need + 1):
        return False
    if verb is None:
        return True
    if who & r.OTHER or (who & r.SELF and not who & r.WE):
        return False
    working = units[verb].does & (r.REMOVE | r.REPLACE | r.CHANGE | r.REPAIR | r.ADD)
    return not (who & r.THING and working and region.phrase(c, verb + 1))


def held_back(c: Clause) -> bool:
    """ "don't touch the hand", "keep the sky", "no need to change it"."""
    if not c.does & (r.NEGATION | r.KEEP):
        return False
    units, wish = c.units, c.first(r.WISH)
    for no in (i for i, u in enumerate(units) if u.does & r.NEGATION):
        unit = units[no]
        if unit.does & (r.WISH | r.REMOVE | r.NEED) or c.language == "ja":
            continue
        for i in range(no + 1, min(no + 4, len(units))):
            does = units[i].does
            verb = does & (r.EDITING | r.SEE | r.UNDO | r.REDRAW | r.OFFICE_ACT) and (
                c.acts(i) or does & (r.ING | r.UNDO | r.REDRAW)
            )
            if (
                verb
                and (c.language == "en" or i - no <= 2)
                and not unit.text.startswith(("isn", "aren", "not enough", "can't", "cant", "cannot"))
                and not (unit.text.startswith("doesn") and does & r.SEE)
            ):
                return True
    faulty = r.FAULT | r.DISLIKE
    if c.language != "en" and c.does & r.NEGATION and c.does & r.EDITING and not c.does & faulty:
        return True
    if any(
        u.text == "no" and units[i + 1].does & r.ING and units[i + 1].does & (r.EDITING | r.SEE)
        for i, u in enumerate(units[:-1])
    ):
        return True  # "no cropping before the printer confirms"
    if c.language == "ja":
        return True
    keep = c.first(r.KEEP)
    if keep is not None and keep and c.words[keep - 1] == "to":
        return False
    if (
        keep is None
        or (c.acts(c.start) and c.start < keep)
        or (wish is not None and wish < keep - 2 and units[wish].text not in _POLITE)
    ):
        return False
    need = c.first(r.NEED)
    if wish is not None and wish < keep <= wish + 2 and not c.any(r.COMPARED):
        return True
    return not (need is not None and need < keep) and (
        c.language != "en"
        or (c.act(keep + 1) is None and not (units[keep].text in ("keep", "keep it") and c.any(r.COMPARED)))
    )


def _coined(c: Clause) -> bool:
    """ "expel the tennis player from the image": an order in a verb nobody listed, or in its -ing form."""
    if (
        c.start + 2 >= len(c.units)
        or c.asks
        or c.does & (r.SELF | r.OTHER | r.AUX | r.NEED | r.PAST | r.FUTURE)
        or not c.opens
    ):
        return False
    first = c.units[c.start]
    if first.does & ~r.PROPER and not first.does & r.ING & (first.does if first.does & r.EDITING else 0):
        return False
    found = region.phrase(c, c.start + 1)
    follows = c.units[c.start + 1].does & (r.DET | r.PRONOUN | r.PARTICLE | r.PREP) or first.does & r.ING
    return bool(
        follows
        and first.text.isalpha()
        and found
        and found[2] & (r.NAMED | r.MEASURED)
        and not found[2] & r.WEAK
        and found[0] <= c.start + 2
    )


def _japanese_mood(c: Clause) -> tuple[str, int]:
    if c.does & r.WISH or c.does & r.EDITING & ~r.MAKE:
        return ("wish", 0) if c.does & r.WISH or not c.does & r.SELF else ("", 0)
    if c.does & r.HUE and c.does & r.NAMED and c.words[-1] in ("に", "で"):
        return "wish", 0  # "傘を黄色に"
    return (
        ("state", 0)
        if c.does & (r.FAULT | r.LIT | r.LIGHT | r.LOOKS | r.DEGREE) and not c.does & r.SELF
        else ("", 0)
    )
