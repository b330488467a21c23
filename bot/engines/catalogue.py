"""Models as data: what can be asked of each, what it costs, and until when it answers."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from bot.engines.engine import Abilities, Mask
from bot.errors import Misconfigured
from bot.imaging.window import Size, Sizes
from bot.model import Kind

WARN = timedelta(days=60)
"""How long before a model retires its operator is told."""
DRAFT, FINAL = "draft", "final"


@dataclass(frozen=True, slots=True)
class Provider:
    """Who answers, and where. ``hosts``: domains (with all below them) from which its result links may come,
    ``key_hosts`` those to which the key may go besides ``base``; ``at_once``: calls in flight."""

    id: str
    name: str
    key: str | None = None
    base: str | None = None
    hosts: tuple[str, ...] = ()
    key_hosts: tuple[str, ...] = ()
    at_once: int = 2


@dataclass(frozen=True, slots=True)
class Model:
    """One entry of the catalogue. ``said``: what people call it; ``tokens``: USD for a million, by kind; ``seconds`` a
    picture usually takes, ``patience`` after which it is given up; ``layers``: it takes a picture apart, for
    ``usd_layers``; ``clips``: the seconds of the clips it makes, for ``usd_second`` each."""

    id: str
    provider: str
    name: str
    said: tuple[str, ...] = ()
    tier: tuple[str, ...] = ()
    draws: bool = True
    edits: frozenset[Kind] = frozenset()
    mask: Mask = Mask.NONE
    references: int = 0
    seed: bool = False
    locates: bool = False
    reads: bool = False
    layers: bool = False
    clips: tuple[int, ...] = ()
    sizes: Sizes = field(default_factory=Sizes)
    quality: str | None = None
    usd: float = 0.0
    usd_megapixel: float = 0.0
    usd_reference: float = 0.0
    usd_second: float = 0.0
    usd_layers: float = 0.0
    tokens: Mapping[str, float] = field(default_factory=dict)
    seconds: float = 20.0
    patience: float = 300.0
    retires: date | None = None
    source: str = ""
    as_of: date | None = None

    def price(self, size: Size, references: int = 0) -> float:
        """What one picture of ``size`` (pixels) should cost, in USD: an estimate."""
        return round(
            self.usd + self.usd_megapixel * size[0] * size[1] / 1e6 + self.usd_reference * references, 6
        )

    def abilities(self) -> Abilities:
        """The same as the edit pipeline and the router see it."""
        return Abilities(
            draws=self.draws,
            edits=self.edits,
            mask=self.mask,
            references=self.references,
            seed=self.seed,
            sizes=self.sizes,
            locates=self.locates,
            reads=self.reads,
            at_a_time=1,
            clips=self.clips,
            separates=self.layers,
        )

    def retired(self, today: date) -> bool:
        """Has the provider stopped answering for it?"""
        return self.retires is not None and today >= self.retires

    def ending(self, today: date) -> bool:
        """Does it retire soon?"""
        return self.retires is not None and not self.retired(today) and self.retires - today <= WARN


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Providers and models, in the order in which they are asked."""

    providers: Mapping[str, Provider]
    models: Mapping[str, Model]

    def of(self, provider: str) -> list[Model]:
        """A provider's models."""
        return [m for m in self.models.values() if m.provider == provider]


def read(own: Path | None = None, prefer: Sequence[str] = ()) -> Catalogue:
    """The catalogue with the operator's own file over it; the models named in ``prefer`` (ids, or providers for all of
    theirs) are asked first. Raises Misconfigured where the file or a name is wrong."""
    table = tomllib.loads(files("bot.data").joinpath("engines.toml").read_text("utf-8"))
    if own is not None:
        table = _over(table, own)
    where = str(own) if own else "engines.toml"
    providers = {
        id_: _made(Provider, {"id": id_, **entry}, where) for id_, entry in table["provider"].items()
    }
    models = {}
    for entry in table["model"]:
        model = _model(entry, where)
        if model.provider not in providers:
            raise Misconfigured(
                f"{where}: {model.id} names the provider {model.provider!r}, which is not listed."
            )
        models[model.id] = model
    for name in prefer:
        if name not in models and name not in providers:
            raise Misconfigured(f"PROOFTHREAD_PREFER names {name}, which is no model and no provider.")

    def turn(model: Model) -> int:
        turns = [i for i, name in enumerate(prefer) if name in (model.id, model.provider)]
        return turns[0] if turns else len(prefer)

    return Catalogue(providers, {m.id: m for m in sorted(models.values(), key=turn)})


def _over(table: dict[str, Any], own: Path) -> dict[str, Any]:
    try:
        more = tomllib.loads(own.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Misconfigured(f"PROOFTHREAD_ENGINES: {own} cannot be read: {error}.") from error
    providers, models = more.get("provider", {}), more.get("model", [])
    if not isinstance(providers, dict) or not isinstance(models, list):
        raise Misconfigured(f"PROOFTHREAD_ENGINES: {own} must hold [provider.NAME] and [[model]] tables.")
    listed = {m["id"]: m for m in table["model"]}
    for entry in models:
        if not isinstance(entry, dict) or "id" not in entry:
            raise Misconfigured(f"PROOFTHREAD_ENGINES: a [[model]] in {own} has no id.")
        listed[entry["id"]] = {**listed.get(entry["id"], {}), **entry}
    for id_, entry in providers.items():
        table["provider"][id_] = {**table["provider"].get(id_, {}), **entry}
    return {"provider": table["provider"], "model": list(listed.values())}


T = TypeVar("T", Provider, Model)
_SIZES = {"multiple", "least", "most", "longest"}


def _model(entry: Mapping[str, Any], where: str) -> Model:
    given = dict(entry)
    try:
        sizes = {name: given.pop(name) for name in _SIZES & given.keys()}
        ratios = tuple(_ratio(r) for r in given.pop("ratios", ()))
        given["sizes"] = Sizes(**sizes, ratios=ratios)
        given["edits"] = frozenset(Kind(kind) for kind in given.get("edits", ()))
        given["mask"] = Mask(given.get("mask", "none"))
        given["said"], given["tier"] = tuple(given.get("said", ())), tuple(given.get("tier", ()))
    except (ValueError, TypeError, AttributeError) as error:
        raise Misconfigured(f"{where}: {entry.get('id')}: {error}.") from error
    return _made(Model, given, where)


def _made(kind: type[T], given: Mapping[str, Any], where: str) -> T:
    known = {f.name for f in fields(kind)}
    if odd := sorted(set(given) - known):
        raise Misconfigured(
            f"{where}: {given.get('id')} has {', '.join(odd)}, which nothing here understands."
        )
    try:
        return TypeAdapter(kind).validate_python(dict(given))
    except ValidationError as error:
        first = error.errors()[0]
        at = ".".join(map(str, first["loc"]))
        raise Misconfigured(f"{where}: {given.get('id')}: {at}: {first['msg']}.") from error


def _ratio(said: str) -> float:
    wide, _, high = said.partition(":")
    return float(wide) / float(high)
