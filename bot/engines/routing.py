"""Which engine is asked, and which next: by what is wanted, what each can do, and what people named."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.engines.catalogue import DRAFT, FINAL, Catalogue
from bot.engines.engine import Engine, Mask
from bot.errors import Declined, Refused
from bot.model import Kind, Wish

SKETCH = "local"
_EXACT = frozenset({Kind.RECOLOUR, Kind.TEXT, Kind.LOGO})
"""Kinds that are computed, never drawn: an exact colour, letters and logos as layers."""
_BY = r"\b(?:with|using|use|via|try|by|in|mit|con|avec|com|usando|usa|utilise|nimm)\s+(?:the\s+)?"
_ORDER = {Mask.HARD: 0, Mask.SOFT: 1, Mask.NONE: 2}


def for_round(engines: Mapping[str, Engine], catalogue: Catalogue, words: str = "") -> list[Engine]:
    """Who draws a round, best first. Raises Declined when people named one that is not set up."""
    if wanted := named(engines, catalogue, words):
        drawing = [e for e in wanted if e.abilities.draws]
        if drawing:
            return drawing
    fast = _tier(engines, catalogue, DRAFT)
    drawing = [e for e in fast if e.abilities.draws] or [
        e for e in _tier(engines, catalogue, FINAL) if e.abilities.draws
    ]
    return drawing or [engines[SKETCH]]


def for_edit(engines: Mapping[str, Engine], catalogue: Catalogue, wish: Wish) -> list[Engine]:
    """Who makes a change, best first: one that keeps to a mask before one that takes it as advice."""
    sketch = engines[SKETCH]
    if wish.kind in _EXACT or _computed(wish):
        return [sketch]
    able = [e for e in named(engines, catalogue, wish.words) if wish.kind in e.abilities.edits]
    if not able:
        final = [e for e in _tier(engines, catalogue, FINAL) if wish.kind in e.abilities.edits]
        able = sorted(final, key=lambda e: _ORDER[e.abilities.mask])
    if wish.kind is Kind.UPSCALE:
        able = [e for id_, e in engines.items() if id_ != SKETCH and wish.kind in e.abilities.edits]
    # What it can do without a model comes last: a small hole, a lighter light, a placeholder around the edge.
    return [*able, sketch]


def named(engines: Mapping[str, Engine], catalogue: Catalogue, words: str) -> list[Engine]:
    """The engines that people named ("try 2 with flux"); the longest name that fits counts.

    Raises Declined where it is known and not set up, in words that say what is missing.
    """
    found = [
        (len(name), model.id)
        for model in catalogue.models.values()
        for name in (model.name.lower(), *model.said)
        if re.search(_BY + re.escape(name) + r"(?![\w.])", words.lower())
    ]
    if not found:
        return []
    longest = max(length for length, _ in found)
    ids = [id_ for length, id_ in found if length == longest]
    # "flux" is a family: whoever else of the same provider can do it helps out.
    providers = {catalogue.models[id_].provider for id_ in ids}
    family = [
        m.id for m in catalogue.models.values() if m.provider in providers and m.tier and m.id not in ids
    ]
    ready = [engines[id_] for id_ in (*ids, *family) if id_ in engines]
    if not ready:
        model = catalogue.models[ids[0]]
        provider = catalogue.providers[model.provider]
        needs = f" ({provider.key})" if provider.key else ""
        raise Declined(
            f"{model.name} is not set up here. An admin can add a key{needs}; until then, leave it out."
        )
    return ready


def locator(engines: Mapping[str, Engine]) -> Engine | None:
    """Who finds things in a picture."""
    return next((e for e in engines.values() if e.abilities.locates), None)


def _tier(engines: Mapping[str, Engine], catalogue: Catalogue, tier: str) -> list[Engine]:
    return [engines[m.id] for m in catalogue.models.values() if tier in m.tier and m.id in engines]


def _computed(wish: Wish) -> bool:
    """Is this done exactly without a model?"""
    if wish.kind is Kind.BACKGROUND:
        return bool(wish.colour) or "blur" in wish.words.lower()
    return wish.kind is Kind.RELIGHT and wish.amount is not None and wish.direction is None


def chosen(engines: Mapping[str, Engine], catalogue: Catalogue, name: str, wish: Wish) -> Engine:
    """The engine that somebody typed: a model, or a provider, whose best one for the wish it is. Raises Refused."""
    if name in engines:
        return engines[name]
    able = [e for e in engines.values() if e.name == name]
    if not able:
        known = catalogue.providers.get(name)
        if known is not None:
            raise Refused(f"{known.name} is not set up here: {known.key or 'its address'} is not set.")
        listed = ", ".join(dict.fromkeys(e.name for e in engines.values()))
        raise Refused(f"There is no engine “{name}”. There are: {listed}.")
    able.sort(key=lambda e: (wish.kind not in e.abilities.edits, _ORDER[e.abilities.mask]))
    return able[0]
