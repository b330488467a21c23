"""What a language model may say about an unclear reply, and what of it is believed."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot import colours
from bot.model import Kind, Wish

BUDGET = 2.0
"""Seconds a model has; after that the bot goes by its own reading."""
MOST = 6


class _Said(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    kind: str = Field(json_schema_extra={"enum": [k.value for k in Kind]})
    drafts: list[int] = Field(max_length=8)
    region: str | None = Field(max_length=120)
    colour: str | None = Field(pattern="^#[0-9A-Fa-f]{6}$")
    confidence: Annotated[float, Field(ge=0, le=1)]


class _Answer(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    wishes: list[_Said] = Field(max_length=MOST)


SCHEMA: dict[str, object] = _Answer.model_json_schema()
"""What the model is asked to fill in, and nothing else."""


def checked(answer: object, own: tuple[Wish, ...], drafts: tuple[int, ...]) -> tuple[Wish, ...] | None:
    """The model's wishes where they hold water, None where they do not.

    Every draft must exist, every region must be words of the reply, and what the bot has read itself (drafts
    that were named, ratios, quoted words) stays: where the words name drafts, the model may say which of them a
    wish is about and no other. A model never signs off: its approvals are votes.
    """
    try:
        said = _Answer.model_validate(answer)
        kinds = [Kind(w.kind) for w in said.wishes]
    except (ValidationError, ValueError):
        return None
    words = own[0].words
    named = {n for w in own for n in w.targets}
    agreed = own[0].targets if all(w.targets == own[0].targets for w in own) else None
    wishes: list[Wish] = []
    for wish, kind in zip(said.wishes, kinds, strict=True):
        if any(n not in drafts for n in wish.drafts):
            return None
        if wish.region and wish.region.lower() not in words.lower():
            return None
        if agreed is None and not (wish.drafts and named.issuperset(wish.drafts)):
            return None
        mine = next(
            (w for w in own if w.kind is kind and (agreed or set(w.targets) & set(wish.drafts))),
            next((w for w in own if w.kind is kind), replace(own[0], region=None, colour=None, firm=False)),
        )
        wishes.append(
            replace(
                mine,
                kind=kind,
                targets=agreed or tuple(dict.fromkeys(wish.drafts)),
                region=wish.region or mine.region,
                colour=colours.full(wish.colour[1:]) if wish.colour else mine.colour,
                firm=False,
                confidence=wish.confidence,
            )
        )
    return tuple(wishes) or (Wish(Kind.CHATTER, words),)
