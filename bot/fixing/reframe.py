"""A larger canvas or more pixels: changes of the frame, in which the picture itself stays as it is."""

from __future__ import annotations

from PIL import Image

from bot.engines.engine import Drawing
from bot.errors import Declined
from bot.imaging import extend
from bot.imaging.picture import LONGEST_SIDE, MOST_PIXELS
from bot.imaging.register import register
from bot.model import Kind, Wish


def reframed(picture: Image.Image, wish: Wish) -> tuple[Drawing, str, float]:
    """The picture in its new frame, what is new in it, and how much of it that is (0..1).

    Raises Declined where no shape is named, or one that is too long or too large.
    """
    return _enlarged(picture, wish) if wish.kind is Kind.UPSCALE else _extended(picture, wish)


def around_kept(picture: Image.Image, wider: Image.Image) -> Image.Image:
    """The mask (L) of an extended canvas: all of it but the picture in its middle."""
    at = ((wider.width - picture.width) // 2, (wider.height - picture.height) // 2)
    mask = Image.new("L", wider.size, 255)
    mask.paste(0, (*at, at[0] + picture.width, at[1] + picture.height))
    return mask


def same_picture(picture: Image.Image, larger: Image.Image) -> bool:
    """Is ``larger`` the same picture in more pixels? Neither moved, nor redrawn."""
    if (
        larger.width < 1.5 * picture.width
        or abs(larger.width / larger.height - picture.width / picture.height) > 0.02
    ):
        return False
    base, answer = picture.convert("RGB"), larger.convert("RGB").resize(picture.size, Image.Resampling.BOX)
    match = register(base, answer, Image.new("L", picture.size, 0))
    return match is None or (match.shift == (0, 0) and match.spread <= 1 and match.alike >= 0.7)


def _enlarged(picture: Image.Image, wish: Wish) -> tuple[Drawing, str, float]:
    factor = min(4.0, max(2.0, wish.amount or 2.0))
    _check(picture.width * factor, picture.height * factor, f"Enlarged {factor:g} times")
    said = "Enlarged, not redrawn: more pixels, no new detail."
    return Drawing(extend.enlarge(picture, factor), "lanczos", said=said), "the whole picture", 1.0


def _extended(picture: Image.Image, wish: Wish) -> tuple[Drawing, str, float]:
    ratio = _ratio(wish.ratio) if wish.ratio else None
    if ratio is None:
        raise Declined("Say the shape it should have, for example “make it 16:9”.")
    if not 1 / 8 <= ratio <= 8:
        raise Declined(f"{wish.ratio} is too long a shape. Ratios from 1:8 to 8:1 work.")
    _check(
        max(picture.width, picture.height * ratio),
        max(picture.height, picture.width / ratio),
        f"As {wish.ratio}",
    )
    if abs(ratio - picture.width / picture.height) < 0.01:
        raise Declined(f"It is {wish.ratio} already.")
    wider, at = extend.extend(picture, ratio)
    kept = wider.crop((*at, at[0] + picture.width, at[1] + picture.height))
    if kept.tobytes() != picture.tobytes():
        raise Declined("The picture changed while its canvas was extended, so it was thrown away.")
    share = 1 - picture.width * picture.height / (wider.width * wider.height)
    said = "The margin is a placeholder in the picture's own colours; a model can paint it properly."
    return Drawing(wider, "mirror", said=said), "the margin", share


def _check(width: float, height: float, how: str) -> None:
    if max(width, height) > LONGEST_SIDE:
        raise Declined(f"{how} this would be over {LONGEST_SIDE} pixels wide or high.")
    if width * height > MOST_PIXELS:
        raise Declined(f"{how} this would be over {MOST_PIXELS // 1_000_000} megapixels.")


def _ratio(said: str) -> float | None:
    wide, _, high = said.replace("x", ":").partition(":")
    return int(wide) / int(high) if wide.isdigit() and high.isdigit() and int(high) else None
