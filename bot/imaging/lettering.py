"""Words set in a real font: fitted to a box, and checked for letters the font does not have."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, ImageStat

from bot.colours import contrast

Box = tuple[int, int, int, int]


@cache
def font_file(*, bold: bool = False) -> Path:
    """DejaVu Sans as matplotlib ships it: Latin, Greek, Cyrillic, é ß €."""
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return Path(str(files("matplotlib").joinpath("mpl-data", "fonts", "ttf", name)))


@lru_cache(maxsize=256)
def font(size: int, *, bold: bool = False, file: Path | None = None) -> ImageFont.FreeTypeFont:
    """The font at ``size`` pixels: DejaVu Sans, or the brand's own ``file``."""
    return ImageFont.truetype(str(file or font_file(bold=bold)), max(6, size))


@lru_cache(maxsize=4096)
def _has(letter: str, *, bold: bool, file: Path | None) -> bool:
    face = font(32, bold=bold, file=file)
    tofu = bytes(face.getmask("\U0010fffe"))
    return letter.isspace() or bytes(face.getmask(letter)) != tofu


def missing(text: str, *, bold: bool = False, file: Path | None = None) -> str:
    """The letters of ``text`` that the font cannot draw, each once, in order.

    >>> missing("Straße für 3 € café"), missing("春 sale")
    ('', '春')
    """
    return "".join(dict.fromkeys(c for c in text if not _has(c, bold=bold, file=file)))


def wrapped(text: str, face: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """Lines no wider than ``width`` where words allow; a word that is too long stands alone."""
    lines: list[str] = []
    for word in text.split():
        trial = f"{lines[-1]} {word}" if lines else word
        if lines and face.getlength(trial) <= width:
            lines[-1] = trial
        else:
            lines.append(word)
    return lines


def fitted(
    text: str, box: Box, *, bold: bool = False, most: int = 400, file: Path | None = None
) -> tuple[ImageFont.FreeTypeFont, list[str]]:
    """The largest size at which ``text`` fits the box, and its lines."""
    width, height = box[2] - box[0], box[3] - box[1]
    low, high = 8, max(9, min(most, height))
    while low < high:
        size = (low + high + 1) // 2
        face = font(size, bold=bold, file=file)
        lines = wrapped(text, face, width)
        tall = len(lines) * round(size * 1.16)
        if tall <= height and all(face.getlength(line) <= width for line in lines):
            low = size
        else:
            high = size - 1
    face = font(low, bold=bold, file=file)
    return face, wrapped(text, face, width)


def write(
    picture: Image.Image,
    text: str,
    box: Box,
    colour: str,
    *,
    bold: bool = False,
    align: str = "left",
    valign: str = "top",
    most: int = 400,
    file: Path | None = None,
) -> Box:
    """Set ``text`` as large as the box allows; gives the box that was really inked (padded by 2)."""
    face, lines = fitted(text, box, bold=bold, most=most, file=file)
    size = round(face.size)
    leading = round(size * 1.16)
    y = box[1]
    if valign == "middle":
        y += (box[3] - box[1] - leading * len(lines)) // 2
    elif valign == "bottom":
        y = box[3] - leading * len(lines)
    pen = ImageDraw.Draw(picture)
    left, top, right, bottom = picture.width, picture.height, 0, 0
    for line in lines:
        wide = face.getlength(line)
        x = {"left": box[0], "centre": (box[0] + box[2] - wide) / 2, "right": box[2] - wide}[align]
        pen.text((x, y), line, font=face, fill=colour)
        inked = pen.textbbox((x, y), line, font=face)
        left, top = min(left, int(inked[0]) - 2), min(top, int(inked[1]) - 2)
        right, bottom = max(right, int(inked[2]) + 3), max(bottom, int(inked[3]) + 3)
        y += leading
    return max(0, left), max(0, top), min(picture.width, right), min(picture.height, bottom)


def layer(picture: Image.Image, mask: Image.Image, text: str, file: Path | None = None) -> Image.Image:
    """The picture (RGB) with words set in the mask's box, near-black or white, whichever stands out more there."""
    out, box = picture.convert("RGB"), mask.getbbox() or (0, 0, *picture.size)
    red, green, blue = (round(v) for v in ImageStat.Stat(out.crop(box)).median)
    ground = f"#{red:02X}{green:02X}{blue:02X}"
    ink = max(("#17181C", "#FFFFFF"), key=lambda c: contrast(c, ground))
    side = max(2, min(box[2] - box[0], box[3] - box[1]) // 16)
    inner = (box[0] + side, box[1] + side, box[2] - side, box[3] - side)
    write(out, text, inner, ink, bold=True, align="left", valign="middle", file=file)
    return out
