"""Named outputs and their sizes: square, story, linkedin header."""

import tomllib
from functools import cache
from importlib.resources import files

from bot.model import Placement


@cache
def placements() -> tuple[tuple[Placement, tuple[str, ...]], ...]:
    """All named placements with the words that pick them; the first is the default."""
    table = tomllib.loads(files("bot.data").joinpath("placements.toml").read_text("utf-8"))
    return tuple(
        (Placement(p["name"], p["width"], p["height"]), tuple(p["said"])) for p in table["placement"]
    )
