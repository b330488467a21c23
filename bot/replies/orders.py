"""Short orders that mean one thing wherever they are said: "back to 2b", "redo", "history 2", "grid on 2"."""

from __future__ import annotations

import re
from functools import cache

from bot.model import Kind, Wish
from bot.replies.lexicon import orders

KINDS = {"back": Kind.UNDO, "redo": Kind.REGENERATE, "history": Kind.QUESTION, "cells": Kind.QUESTION}
"""What kind of wish an order is; its name is the wish's topic."""
_DRAFT = r"(?:draft |version |number |nr\.? |#)?(\d{1,2})([b-z][a-z]?)?"
_AROUND = re.compile(
    r"^(?:please|pls|ok|okay|hey)[\s,]+|[\s,]*(?:please|pls|thanks|bitte|por favor|merci)?[\s.!?。]*$"
)


def order(said: str, n_drafts: int) -> Wish | None:
    """The order, if the message is one and nothing else."""
    if len(said) > 60:
        return None
    words = _AROUND.sub("", " ".join(said.lower().split()))
    if not words[:1].isdigit() and words.split(" ", 1)[0] not in _openings():
        return None
    for name, phrases in _patterns().items():
        if found := phrases.fullmatch(words):
            numbers = [g for g in found.groups() if g]
            draft = int(numbers[0]) if numbers else None
            if draft is not None and not 1 <= draft <= n_drafts:
                return None
            version = "".join(numbers) if len(numbers) > 1 else None
            targets = (draft,) if draft else ()
            return Wish(KINDS[name], said, targets, version=version, topic=name, confidence=0.95)
    return None


@cache
def _openings() -> frozenset[str]:
    """The words that orders begin with."""
    return frozenset(phrase.split(" ", 1)[0] for phrases in orders().values() for phrase in phrases)


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    return {
        name: re.compile("|".join(re.escape(p).replace(r"\#", _DRAFT) for p in phrases))
        for name, phrases in orders().items()
    }
