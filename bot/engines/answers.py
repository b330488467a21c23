"""What a provider sent, made into a picture; or a sentence about what came instead."""

from __future__ import annotations

from collections.abc import Mapping

from bot.engines.engine import Drawing
from bot.errors import Refused, Rejected
from bot.imaging.picture import opened


def drawing(
    data: bytes,
    model: str,
    *,
    usd: float = 0.0,
    seed: int | None = None,
    request: Mapping[str, object] | None = None,
    estimated: bool = False,
) -> Drawing:
    """The answer as a picture (RGB or RGBA, 8 bits), its bytes kept untouched. Raises Rejected when it is none."""
    if not data:
        raise Rejected("was nothing at all", usd)
    try:
        picture = opened(data, "its answer")
    except Refused:
        raise Rejected("was no picture", usd) from None
    return Drawing(picture, model, usd, original=data, seed=seed, request=request, estimated=estimated)
