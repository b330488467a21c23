"""What a sketch shows, as a value: drawn again with one thing changed, nothing else moves."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Scene:
    """A sketch's parameters. Colours are #RRGGBB; ``motif`` names the illustration; sizes in pixels.

    ``reference`` is the sha256 of a picture to place as the subject; ``without`` names parts left out; the inks of
    the words are None where they are whichever reads better on their ground.
    """

    layout: str
    width: int
    height: int
    headline: str
    brand: str
    background: str
    accent: str
    second: str
    motif: str
    turn: int = 0
    reference: str | None = None
    without: tuple[str, ...] = ()
    headline_ink: str | None = None
    brand_ink: str | None = None

    def dump(self) -> str:
        """As JSON, to be kept with the version."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def load(cls, text: str) -> Scene:
        """Back from ``dump``."""
        values = json.loads(text)
        return cls(**{**values, "without": tuple(values["without"])})
