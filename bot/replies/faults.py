"""Plain statements: which of them name something to be put right, or leave out the verb of a wish."""

from bot.replies import roles as r
from bot.replies.clause import Clause
from bot.replies.heard import Heard
from bot.replies.lexicon import group
from bot.replies.setting import Setting

_AMOUNTS = group("amounts")
_OURS = frozenset({"our", "my", "your"})

_FRESH = group("fresh")

_WITH = group("with")

_OLD = group("old")

SAYING = group("saying")


def faulty(c: Clause, s: Setting, h: Heard, beside: int, sized: bool) -> bool:
    """Does a plain statement name something to be put right, or leave out the verb of a wish?"""
    head = h.head
    known = head & (r.NAMED | r.MEASURED) and not (head & r.WEAK and not s.named)
    aux = c.first(r.AUX, c.start)
    plain = " ".join(c.words)
    too = (
        "too" in c.words
        or "too " in plain
        or "overly" in c.words
        or (" enough" in plain and c.does & r.NEGATION)
    )
    praised = c.does & r.PRAISE and not c.does & r.FAULT and not too
    if c.does & (r.OTHER | r.YOU | r.FUTURE) and not s.named:
        return False
    if (
        c.does & r.FAULT
        and (known or (head & r.WHOLE and s.named) or (h.part is None and s.named and s.short))
        and not (c.does & r.PRAISE and aux is None)
    ):
        return True
    if (
        aux is not None
        and head & (r.LIGHT | r.COLOUR)
        and not head & r.THING
        and not praised
        and c.words[aux] in ("has", "have", "there's", "there is", "there are")
        and s.drafts
        and not c.does & (r.NEGATION | r.SELF)
    ):
        return True
    if too and (beside or head & (r.TEXT | r.LOGO | r.THING | r.LIGHT | r.COLOUR)) and not c.does & r.SELF:
        return True
    if (
        c.does & r.QUOTED
        and (s.named or s.one)
        and any(w in SAYING for w in c.words)
        and not c.does & (r.OTHER | r.SELF)
    ):
        return True
    if (
        head & (r.BACKGROUND | r.LOGO | r.TEXT)
        and aux is None
        and (s.drafts or s.short)
        and not _FRESH.isdisjoint(c.words)
        and not c.does & (r.SELF | r.OTHER)
    ):
        return True
    if (
        head & (r.TEXT | r.LOGO)
        and (s.named or (s.one and s.short))
        and (c.does & (r.NEGATION | r.QUOTED) or any(w in _OLD for w in c.words))
        and not praised
    ):
        return True
    if c.words[c.start] in _WITH and s.pointed and known and aux is None:
        return True  # "2 but with the window shut"
    if (
        beside & (r.UPSCALE | r.RELIGHT | r.OUTPAINT | r.LIT)
        and (s.drafts or known or (c.does & r.PRONOUN and s.short))
        and (too or not beside & r.LIT or beside & ~r.LIT)
        and not praised
        and not (c.does & r.SELF and not s.drafts)
    ):
        return True
    if aux is None and not c.does & (r.SELF | r.OTHER | r.YOU):  # no verb: a wish in short
        if (c.does & (r.COMPARED | r.DEGREE | r.CONTRAST) and beside and not praised) or (
            head & r.BACKGROUND and c.does & r.HUE and not praised
        ):
            return True
        if known and not praised and (c.does & (r.COMPARED | r.CONTRAST) or _AMOUNTS & set(c.words)):
            return True
        if (s.one or s.drafts) and beside & (r.TONED | r.LIT) and len(c.units) <= 5 and not praised:
            return True
        if (
            head & r.BACKGROUND
            and s.short
            and c.does & (r.PLACE | r.HUE | r.STATE | r.BEHIND)
            and not praised
        ):
            return True
        if (
            known
            and s.short
            and beside & (r.HUE | r.SHAPE | r.RECOLOUR)
            and not praised
            and not c.does & (r.SELF | r.OTHER)
        ):
            return True
        if (
            (beside & (r.HUE | r.SHAPE | r.LOOKS | r.PLACE | r.STYLE) or sized)
            and s.drafts
            and not praised
            and len(c.units) <= 9
        ):
            return True
        return bool(
            known
            and s.drafts
            and not praised
            and len(c.units) <= 9
            and (
                (head & r.BACKGROUND and c.does & (r.ADJECTIVES | r.HUE))
                or (s.named and head & (r.TEXT | r.LOGO))
            )
        )
    # A part of a draft that is named, and something said of it that is no praise: a fault, in other words.
    return (
        s.named
        and head & r.THING != 0
        and not head & r.WEAK
        and not praised
        and not c.reason
        and c.opens
        and not c.does & (r.SMALLTALK | r.WE | r.SELF | r.NEED | r.KEEP | r.PRAISE)
        and _OURS.isdisjoint(c.words)
    )
