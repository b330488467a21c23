"""What a provider sent, made into a picture, a clip or layers; or a sentence about what came instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PIL import Image

from bot.engines.adapter import Piece
from bot.engines.engine import Drawing
from bot.errors import Refused, Rejected
from bot.imaging.layered import Layer, psd
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


def footage(data: bytes) -> str:
    """The media type of a clip. Raises Rejected when it is none."""
    if data[4:8] == b"ftyp":
        return "video/mp4"
    if data[:4] == b"\x1a\x45\xdf\xa3":
        return "video/webm"
    raise Rejected("was no clip")


def layered(parts: Sequence[bytes], pieces: Sequence[Piece], whole: Image.Image) -> bytes:
    """Layers (PNG, lowest first) as a PSD of the lowest one's size, with the ``whole`` on top, switched off. Raises
    Rejected where one is no picture."""
    if not parts:
        raise Rejected("was no layer")
    layers: list[Layer] = []
    size = drawing(parts[0], "").picture.size
    for number, (part, piece) in enumerate(zip(parts, pieces, strict=True)):
        picture = drawing(part, "").picture
        left, top, right, bottom = piece.box or (0, 0, *picture.size)
        fits = 0 < right - left <= 2 * size[0] and 0 < bottom - top <= 2 * size[1]
        if not fits or abs(left) > 2 * size[0] or abs(top) > 2 * size[1]:
            raise Rejected("had a layer of an impossible size")
        if picture.size != (right - left, bottom - top):
            picture = picture.resize((right - left, bottom - top), Image.Resampling.LANCZOS)
        name = piece.name or ("base" if number == 0 else f"layer {number}")
        layers.append(Layer(name, picture, left, top))
    compared = whole if whole.size == size else whole.resize(size, Image.Resampling.LANCZOS)
    return psd(size, [*layers, Layer("as approved, to compare", compared, shown=False)])
