"""Bytes people give become a picture that is safe to work on, or a sentence saying why not."""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

from bot.errors import Refused

MOST_PIXELS = 50_000_000
LONGEST_SIDE = 8192
MOST_BYTES = 40 * 1024 * 1024
_KINDS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")


def opened(data: bytes, name: str = "that file") -> Image.Image:
    """The first frame, upright, RGB or RGBA, 8 bits. Raises Refused in words for the person who sent it.

    A decompression bomb is refused from its header, before a pixel is decoded.
    """
    if len(data) > MOST_BYTES:
        raise Refused(
            f"{name} weighs {len(data) // 1048576} MB; I can take pictures up to {MOST_BYTES // 1048576} MB."
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            picture = Image.open(io.BytesIO(data), formats=_KINDS)
            width, height = picture.size
            if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
                raise Refused(
                    f"{name} is {width} x {height} pixels; I can take up to {LONGEST_SIDE} on a side and "
                    f"{MOST_PIXELS // 1_000_000} megapixels. Send a smaller copy."
                )
            picture.load()
            if min(width, height) < 8:
                raise Refused(
                    f"{name} is only {width} x {height} pixels. Send one with at least 8 on each side."
                )
            return plain(ImageOps.exif_transpose(picture))
    except Refused:
        raise
    except UnidentifiedImageError:
        raise Refused(f"{name} is not a picture I can read. Send a PNG, JPEG or WebP.") from None
    except Exception as error:  # decoders raise whatever they like on a file made to break them
        raise Refused(
            f"{name} is damaged: it starts like a picture but cannot be read to its end."
        ) from error


def plain(picture: Image.Image) -> Image.Image:
    """RGB or RGBA, 8 bits; deeper greys are scaled, not cut off."""
    if picture.mode.startswith("I"):
        picture = picture.convert("I").point(lambda v: v / 257).convert("L")
    has_alpha = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
    return picture.convert("RGBA" if has_alpha else "RGB")


def png(picture: Image.Image) -> bytes:
    """The picture as PNG: lossless, quick to write (level 1 costs a quarter of the default's time)."""
    out = io.BytesIO()
    picture.save(out, "PNG", compress_level=1)
    return out.getvalue()


def preview(picture: Image.Image, longest: int = 1600) -> bytes:
    """A PNG for the thread, no side longer than ``longest``."""
    if max(picture.size) > longest:
        picture = picture.copy()
        picture.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    return png(picture)
