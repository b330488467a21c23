"""A larger canvas around an untouched picture, or the same picture in more pixels."""

from __future__ import annotations

from PIL import Image, ImageFilter, ImageOps


def extend(picture: Image.Image, ratio: float) -> tuple[Image.Image, tuple[int, int]]:
    """The new ratio with the picture untouched in its middle (mode kept), and where its corner went (x, y).

    The margin is the picture mirrored and blurred: a placeholder that keeps palette and light.
    """
    width, height = picture.size
    if ratio > width / height:
        size = (round(height * ratio), height)
    else:
        size = (width, round(width / ratio))
    at = ((size[0] - width) // 2, (size[1] - height) // 2)
    cover = ImageOps.fit(ImageOps.mirror(picture), size, Image.Resampling.LANCZOS)
    canvas = cover.filter(ImageFilter.GaussianBlur(max(size) / 40))
    canvas.paste(picture, at)
    return canvas, at


def enlarge(picture: Image.Image, factor: float) -> Image.Image:
    """More pixels, no more detail: Lanczos and a little sharpening."""
    size = (round(picture.width * factor), round(picture.height * factor))
    return picture.resize(size, Image.Resampling.LANCZOS).filter(ImageFilter.UnsharpMask(1.2, 60, 2))
