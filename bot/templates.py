"""Kinds of work that the brief form offers: social ad, flyer, menu."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Template:
    """``placement``: where it usually runs (a name or a ratio); ``words``: what a model is told of it."""

    id: str
    name: str
    placement: str
    words: str


@cache
def templates() -> dict[str, Template]:
    """All of them by id; the first is none."""
    table = tomllib.loads(files("bot.data").joinpath("templates.toml").read_text("utf-8"))
    return {t["id"]: Template(**t) for t in table["template"]}
