"""Praise, dislike, a bare choice, or words that sign off."""

from __future__ import annotations

import re

from bot.model import Kind
from bot.replies import roles as r
from bot.replies.clause import Clause
from bot.replies.lexicon import group
from bot.replies.setting import Setting

_HEDGED = re.compile(
    r"[?？]|n't\b|\b(?:not?|never|cannot|nicht|kein\w*|pas|não|hold|almost|nearly|yet|ready|will|would|could|should|may|"
    r"might|was|were|been|had|mistake|already|finally|ne|rien|nada|nichts|before|after|until|unless|if|once|when|pending|tomorrow|later|soon|needs?|tweaks?|please|can|review)\b"
)
_AGREES = group("agrees")
_FEELING = group("feeling")
_CALLED = group("called")
MOST_WORDS = 6


def signs_off(c: Clause) -> bool:
    """Only short, plain words sign off: "2 approved", "let's go with 3". Anything hedged is not an approval."""
    return (
        bool(c.does & r.FIRM)
        and sum(len(w.split()) for w in c.words) <= MOST_WORDS
        and not c.asks
        and not _HEDGED.search(" ".join(c.words))
    )


def verdict(c: Clause, s: Setting) -> tuple[Kind, float, bool] | None:
    """The kind, how sure, and whether it signs off."""
    does = c.does
    short = len(c.units) <= 8
    if (
        does & r.CONDITION
        or (does & r.OFFICE and not (does & r.FIRM and s.one))
        or (c.reason and not c.drafts)
        or does & r.SARCASM
    ):
        return None
    if c.asks or (s.office and not s.named and not (does & r.FIRM and s.one)):
        return None
    if not s.named and not s.alone and all(u.text in _AGREES or u.does & r.COMMA for u in c.units):
        return None  # "yeah, ..." agrees with somebody
    pointed = (
        s.named
        or (s.pointed and s.alone)
        or (s.one and short)
        or (short and s.alone and bool(does & (r.PRONOUN | r.WHOLE)))
    )
    if does & r.FIRM:
        # Sign-off words in a sentence that does not sign off ("2 will be approved tomorrow") are neither.
        if signs_off(c) and not does & r.OTHER:
            return Kind.APPROVE, 0.85, True
        if s.named and does & r.NEGATION and does & (r.SELF | r.WE):
            return Kind.REJECT, 0.65, False  # "I can't approve 2 like this"
        plain = not _HEDGED.search(" ".join(c.words)) and (
            s.named or (s.one and c.start == 0) or (short and not _CALLED.isdisjoint(c.words))
        )
        return (Kind.APPROVE, 0.7, False) if plain else None
    if not s.named and does & (r.SELF | r.WE) and does & r.PAST:
        return None
    if (
        does & r.PRAISE
        and all(u.text in _AGREES for u in c.units if u.does & r.PRAISE)
        and len(c.units) > (5 if s.named else 2)
    ):
        return None  # "yeah, that broke it for everybody"
    other = c.units[c.start].does & r.OTHER
    negated = does & r.NEGATION
    if does & r.DISLIKE:
        if (
            does & r.SELF
            and not s.named
            and not any(w in _FEELING or " " in w for u in c.units if u.does & r.DISLIKE for w in (u.text,))
        ):
            return None  # "I'm bad at this"
        if pointed or (short and s.alone and not does & (r.NAMED | r.SELF & 0)):
            if other and not s.named:
                return None
            if does & (r.SELF | r.OTHER) and does & r.FUTURE and not s.named:
                return None
            return Kind.REJECT, 0.7, False
        return None
    if does & r.PRAISE:
        if negated and any(u.does & r.PRAISE and u.text in ("choose", "pick", "decide") for u in c.units):
            return (Kind.APPROVE, 0.65, False) if s.named else None
        if negated and c.language != "ja":
            return (Kind.REJECT, 0.65, False) if pointed and not does & r.SMALLTALK else None
        if does & r.SMALLTALK and not s.named:
            return None
        if s.pointed and not s.named and not short and not s.alone:
            return None
        if (
            not pointed
            and not _CALLED.isdisjoint(c.words)
            and does & r.DET
            and short
            and not does & (r.SELF & 0 | r.OTHER | r.YOU | r.FUTURE)
        ):
            return (
                Kind.APPROVE,
                0.65,
                False,
            )  # "the pink one is lovely": a draft, though nobody can tell which
        if c.rest:
            return None
        if (
            not s.named
            and len(c.units) > 5
            and not does & (r.PRONOUN | r.WHOLE)
            and not (s.pointed and s.alone)
        ):
            return None
        if pointed and not other and (s.named or not does & (r.FUTURE | r.YOU)):
            if not s.named and does & (r.NOUNS & ~r.NAMED & ~r.WHOLE & ~r.ROUND) and not s.one:
                return None
            return Kind.APPROVE, 0.75, False
        return None
    if (
        s.named
        and c.start
        and c.does & r.AUX
        and "looks like" in c.words
        and not does & (r.SELF | r.WE | r.NAMED & 0)
    ):
        return Kind.REJECT, 0.65, False  # "3 looks like a bank ad"
    told = next((i for i, u in enumerate(c.units) if u.text == "for"), None)
    if (
        s.named
        and told is not None
        and told <= 4
        and all(u.does & (r.DRAFT | r.FILLER | r.CONJ | r.DET) for u in c.units[:told])
        and short
    ):
        return Kind.APPROVE, 0.65, False  # "3 for me", "2 for the poster"
    if (
        s.named
        and "not" in c.words
        and all(u.does & (r.DRAFT | r.FILLER | r.NEGATION | r.COMMA | r.DET) for u in c.units)
    ):
        return Kind.REJECT, 0.7, False  # "not 2"
    if s.named and all(
        (not u.does and not u.text[0].isalnum())
        or u.does
        & (r.DRAFT | r.FILLER | r.CONJ | r.COMMA | r.DET | r.WISH | r.NUMBER | r.PREP | r.WHOLE | r.PRONOUN)
        for u in c.units
    ):
        return Kind.APPROVE, 0.65, False  # a bare choice: a draft, and nothing that could mean anything else
    return None
