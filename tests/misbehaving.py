"""Engines that misbehave as providers do, over real photographs: what an edit has to stand."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib import cbook
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from bot.engines import answers
from bot.engines.engine import OPEN, Abilities, Drawing, Subject, Till
from bot.imaging import boxes
from bot.imaging.locate import Found
from bot.imaging.picture import opened
from bot.imaging.register import moved
from bot.imaging.window import Sizes
from bot.model import Kind, Wanted, Wish


def portrait() -> Image.Image:
    """A real photograph in the public domain, as matplotlib ships it."""
    return opened(Path(str(cbook.get_sample_data("grace_hopper.jpg", asfileobj=False))).read_bytes())


def photos() -> list[Image.Image]:
    """Three real photographs: two as scikit-learn ships them (CC BY), and the portrait."""
    from sklearn.datasets import load_sample_images  # heavy, and only for these

    return [*(Image.fromarray(array) for array in load_sample_images().images), portrait()]


def pairs(count: int, seed: int = 0) -> Iterator[tuple[Image.Image, Image.Image]]:
    """Parts of the photographs, each with a mask of its own: boxes, discs and strokes of all sizes."""
    dice, originals = random.Random(seed), photos()
    for number in range(count):
        photo = originals[number % len(originals)]
        wide, high = dice.randint(300, photo.width), dice.randint(300, photo.height)
        x, y = dice.randint(0, photo.width - wide), dice.randint(0, photo.height - high)
        picture = photo.crop((x, y, x + wide, y + high))
        mask = Image.new("L", picture.size, 0)
        pen = ImageDraw.Draw(mask)
        side = dice.randint(30, min(wide, high) // 2)
        left, top = dice.randint(0, wide - side), dice.randint(0, high - side)
        box = (left, top, left + side, top + dice.randint(24, side))
        match number % 3:
            case 0:
                pen.rectangle(box, fill=255)
            case 1:
                pen.ellipse(box, fill=255)
            case _:
                pen.line((box[0], box[1], box[2], box[3]), fill=255, width=max(20, side // 3))
        yield picture, mask


def painted(subject: Subject, mask: Image.Image) -> Image.Image:
    """An honest answer: what is in the mask is turned upside down, and fades into what is around it."""
    box = mask.getbbox() or (0, 0, *mask.size)
    turned = subject.picture.copy()
    turned.paste(subject.picture.crop(box).transpose(Image.Transpose.FLIP_TOP_BOTTOM), box[:2])
    soft = mask.filter(ImageFilter.BoxBlur(max(2, min(box[2] - box[0], box[3] - box[1]) // 5)))
    inward = ImageChops.darker(soft.point(lambda v: max(0, 2 * v - 255)), mask)
    return Image.composite(turned, subject.picture, inward).convert("RGB")


def _bytes(picture: Image.Image, kind: str = "PNG", **how: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **how)
    return out.getvalue()


def _noisy(picture: Image.Image) -> Image.Image:
    pixels = np.asarray(picture, np.int16)
    dice = np.random.default_rng(pixels.size)
    return Image.fromarray(np.clip(pixels + dice.integers(-12, 13, pixels.shape), 0, 255).astype(np.uint8))


def _deep(picture: Image.Image) -> Image.Image:
    return Image.fromarray(np.asarray(picture.convert("L")).astype(np.uint16) * 257)


def _see_through(picture: Image.Image, mask: Image.Image) -> Image.Image:
    clear = picture.convert("RGBA")
    clear.putalpha(mask.point(lambda v: 0 if v else 255))
    return clear


Answer = Callable[[Image.Image, Image.Image], bytes]
HONEST: dict[str, Answer] = {
    "keeps to it": lambda a, m: _bytes(a),
    "redraws everything": lambda a, m: _bytes(_noisy(a)),
    "shifts by 3 px": lambda a, m: _bytes(moved(a, (3, -3))),
    "another size": lambda a, m: _bytes(a.resize((a.width * 2, a.height * 2), Image.Resampling.LANCZOS)),
    "a JPEG": lambda a, m: _bytes(a, "JPEG", quality=85),
    "CMYK": lambda a, m: _bytes(a.convert("CMYK"), "TIFF"),
    "an alpha channel": lambda a, m: _bytes(a.convert("RGBA")),
}
"""Answers that hold an edit, however clumsily."""
USELESS: dict[str, Answer] = {
    "shifts by a tenth": lambda a, m: _bytes(moved(a, (a.width // 10, 0))),
    "zooms": lambda a, m: _bytes(
        a.resize((a.width + a.width // 20, a.height + a.height // 20)).crop((0, 0, *a.size))
    ),
    "another ratio": lambda a, m: _bytes(a.resize((a.width, a.height + a.height // 8))),
    "a solid colour": lambda a, m: _bytes(Image.new("RGB", a.size, "#7f8c8d")),
    "a solid patch": lambda a, m: _bytes(Image.composite(Image.new("RGB", a.size, "#7f8c8d"), a, m)),
    "a hole": lambda a, m: _bytes(_see_through(a, m)),
    "an HTML page": lambda a, m: b"<!doctype html><title>502 Bad Gateway</title>",
    "nothing": lambda a, m: b"",
    "half a PNG": lambda a, m: _bytes(a)[: len(_bytes(a)) // 2],
}
"""Answers that hold none."""
GREY: dict[str, Answer] = {"16 bits of grey": lambda a, m: _bytes(_deep(a))}
"""An answer that has lost its colours: good only where there were none."""
ANSWERS = HONEST | USELESS | GREY


LIMITED = Abilities(
    edits=frozenset({Kind.INPAINT, Kind.REMOVE}), sizes=Sizes(multiple=16, least=262_144, most=4_000_000)
)
"""As a provider's: multiples of 16, a quarter of a megapixel at least."""


@dataclass(slots=True)
class Misbehaving:
    """An engine with one bad habit."""

    answer: Answer
    name: str = "double"
    asked: int = 0
    abilities: Abilities = LIMITED
    sees: str = ""

    async def draw(
        self,
        wanted: Wanted,
        *,
        n: int,
        size: tuple[int, int],
        wish: str,
        references: Sequence[Image.Image],
        seed: int,
        like: Subject | None = None,
    ) -> list[Drawing]:
        raise NotImplementedError

    async def locate(self, subject: Subject, wish: Wish, till: Till = OPEN) -> Found | None:
        return boxes.region(
            boxes.read(self.sees, subject.picture.size), subject.picture.size, wish.region or "it"
        )

    async def edit(
        self,
        subject: Subject,
        mask: Image.Image,
        wish: Wish,
        references: Sequence[Image.Image],
        *,
        seed: int = 0,
    ) -> Drawing:
        self.asked += 1
        assert subject.picture.size == mask.size
        assert not any(side % self.abilities.sizes.multiple for side in mask.size)
        return answers.drawing(self.answer(painted(subject, mask), mask), "double-1", usd=0.01)
