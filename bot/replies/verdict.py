"""Praise, dislike, a bare choice, or words that sign off."""

from __future__ import annotations

import re

from bot.model import Kind
from bot.replies import roles as r
from bot.replies.clause import Clause
from bot.replies.lexicon import group
from bot.replies.setting import Setting

Judged = tuple[Kind, float, bool]
"""The kind, how sure, and whether it signs off."""

_HEDGED = re.compile(
    r"[?？]|n't\b|\b(?:not?|never|cannot|nicht|kein\w*|pas|não|hold|almost|nearly|yet|ready|will|would|could|should|may|"
    r"might|was|were|been|had|mistake|already|finally|ne|rien|nada|nichts|before|after|until|unless|if|once|when|pending|"
    r"tomorrow|later|soon|needs?|tweaks?|please|can|review)\b"
)
_CALLED = group("called")
_AGREES = group("agrees")
_FEELING = group("feeling")
_TAKES = group("takes")
_GRUNTS = group("grunts")
MOST_WORDS = 6
"""Words of a sentence that signs off."""
_CHOICE = r.DRAFT | r.FILLER | r.CONJ | r.COMMA | r.DET | r.WISH | r.NUMBER | r.PREP | r.WHOLE | r.PRONOUN
_ABOUT_IT = _CHOICE | r.AUX | r.DEGREE | r.ROUND | r.WE | r.SELF | r.YOU | r.PARTICLE | r.FUTURE


def signs_off(c: Clause) -> bool:
    """Only short, plain words sign off: "2 approved", "let's go with 3". Anything hedged is not an approval, and
    neither is one of something else ("I approve of this weather")."""
    return (
        bool(c.does & r.FIRM)
        and sum(len(w.split()) for w in c.words) <= MOST_WORDS
        and not c.asks
        and not _HEDGED.search(" ".join(c.words))
        and _foreign(c, r.FIRM | r.PRAISE) == 0
    )


def verdict(c: Clause, s: Setting) -> Judged | None:
    """What a clause thinks of the drafts, when it wants no work."""
    firm_here = c.does & r.FIRM and s.one
    if c.asks or c.does & (r.CONDITION | r.SARCASM) or (c.reason and not c.drafts):
        return None
    if (c.does & r.OFFICE and not firm_here) or (s.office and not s.named and not firm_here):
        return None
    if not s.named and not s.alone and all(u.text in _AGREES or u.does & r.COMMA for u in c.units):
        return None  # "yeah, ..." agrees with somebody
    if c.does & r.FIRM:
        return _firm(c, s)
    if not s.named and c.does & (r.SELF | r.WE) and c.does & r.PAST:
        return None
    if not s.named and (s.long or (not s.alone and not s.short)):
        return None
    short = len(c.units) <= 8
    pointed = (
        s.named
        or (s.pointed and s.alone)
        or (s.one and short)
        or (short and s.alone and bool(c.does & (r.PRONOUN | r.WHOLE)))
    )
    if c.does & r.DISLIKE:
        return _disliked(c, s, pointed=pointed, short=short)
    if c.does & r.PRAISE:
        return _liked(c, s, pointed=pointed, short=short)
    return _picked(c, s, short=short) if s.named else None


def _foreign(c: Clause, also: int) -> int:
    """Words that say neither a verdict nor which draft: the fewer, the more the clause is about the drafts."""
    return sum(
        1
        for u in c.units
        if not u.does & (_ABOUT_IT | also) and (u.does & ~r.PROPER or u.text[0].isalnum() or u.text[0] == "#")
    )


def _firm(c: Clause, s: Setting) -> Judged | None:
    """Sign-off words; in a sentence that does not sign off ("2 will be approved tomorrow") they are neither."""
    if signs_off(c) and not c.does & r.OTHER and (s.alone or s.pointed):
        return Kind.APPROVE, 0.85, True
    if s.named and c.does & r.NEGATION and c.does & (r.SELF | r.WE):
        return Kind.REJECT, 0.65, False  # "I can't approve 2 like this"
    short = len(c.units) <= 8
    if _foreign(c, r.FIRM | r.PRAISE) > (2 if s.named else 1):
        return None
    plain = not _HEDGED.search(" ".join(c.words)) and (
        s.named or (s.one and c.start == 0) or (short and not _CALLED.isdisjoint(c.words))
    )
    return (Kind.APPROVE, 0.7, False) if plain else None


def _disliked(c: Clause, s: Setting, *, pointed: bool, short: bool) -> Judged | None:
    own = [u.text for u in c.units if u.does & r.DISLIKE]
    if c.does & r.SELF and not s.named and not any(w in _FEELING or " " in w for w in own):
        return None  # "I'm bad at this"
    if c.does & r.SELF and "never" in c.words:
        return None  # "I never said 4 was bad"
    if not s.named and not s.one and all(w in _GRUNTS for w in own):
        return None
    if not s.named and c.does & (r.SELF | r.OTHER) and c.does & r.FUTURE:
        return None
    if not s.named and (c.units[c.start].does & r.OTHER or _foreign(c, r.DISLIKE) > (2 if s.one else 0)):
        return None  # "hate mondays"
    if pointed or (short and s.alone and not c.does & r.NAMED):
        return Kind.REJECT, 0.7, False
    return None


def _liked(c: Clause, s: Setting, *, pointed: bool, short: bool) -> Judged | None:
    own = [u.text for u in c.units if u.does & r.PRAISE]
    if all(w in _AGREES for w in own) and len(c.units) > (5 if s.named else 2):
        return None  # "yeah, that broke it for everybody"
    if c.does & r.NEGATION and c.language != "ja":
        if any(w in ("choose", "pick", "decide") for w in own):
            return (Kind.APPROVE, 0.65, False) if s.named else None
        return (Kind.REJECT, 0.65, False) if s.named and not c.does & r.SMALLTALK else None
    if c.rest or (c.does & r.SMALLTALK and not s.named):
        return None
    if s.pointed and not s.named and not short and not s.alone:
        return None
    if not s.named and not s.one and _foreign(c, r.PRAISE | r.HUE | r.ADJECTIVES) > 1:
        return None
    called = not _CALLED.isdisjoint(c.words) and c.does & r.DET
    if not pointed and called and short and not c.does & (r.OTHER | r.YOU | r.FUTURE):
        return Kind.APPROVE, 0.65, False  # "the pink one is lovely": a draft, though nobody can tell which
    if (
        not s.named
        and len(c.units) > 5
        and not c.does & (r.PRONOUN | r.WHOLE)
        and not (s.pointed and s.alone)
    ):
        return None
    if "too" in c.words and s.named:
        return None  # "too strong"
    if (
        not pointed
        or (c.units[c.start].does & r.OTHER and not s.named)
        or (not s.named and c.does & (r.FUTURE | r.YOU))
    ):
        return None
    if not s.named and not s.one and c.does & (r.NOUNS & ~r.NAMED & ~r.WHOLE & ~r.ROUND):
        return None
    return Kind.APPROVE, 0.75, False


def _picked(c: Clause, s: Setting, *, short: bool) -> Judged | None:
    """A draft is named, and nothing that could mean anything else."""
    if c.start and c.does & r.AUX and "looks like" in c.words and not c.does & (r.SELF | r.WE):
        return Kind.REJECT, 0.65, False  # "3 looks like a bank ad"
    told = next((i for i, u in enumerate(c.units) if u.text == "for"), None)
    if (
        told is not None
        and told <= 4
        and short
        and all(u.does & (r.DRAFT | r.FILLER | r.CONJ | r.DET) for u in c.units[:told])
    ):
        return Kind.APPROVE, 0.65, False  # "3 for me", "2 for the poster"
    if c.words[-1] in ("out", "no") and c.does & r.AUX and _foreign(c, r.PREP) == 0:
        return Kind.REJECT, 0.7, False  # "3 and 4 are out"
    if "not" in c.words and all(
        u.does & (r.DRAFT | r.FILLER | r.NEGATION | r.COMMA | r.DET) for u in c.units
    ):
        return Kind.REJECT, 0.7, False  # "not 2"
    if all(
        (not u.does and not u.text[0].isalnum()) or u.does & _CHOICE or (s.alone and u.text in _TAKES)
        for u in c.units
    ):
        return Kind.APPROVE, 0.65, False
    return None
