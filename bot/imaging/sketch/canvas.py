"""A canvas that remembers which pixel belongs to which named part."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageOps

from bot.imaging import lettering

PARTS = ("background", "accent", "subject", "headline", "brand", "badge")
Box = tuple[int, int, int, int]
Pen = ImageDraw.ImageDraw


class Canvas:
    """An RGB picture and, pixel for pixel, the label (1 = PARTS[0]) of the part it shows; ``slots`` are the
    boxes that words were given, ``inks`` their colours."""

    def __init__(self, width: int, height: int, background: str, font: Path | None = None) -> None:
        self.font = font
        self.picture = Image.new("RGB", (width, height), background)
        self.labels = Image.new("L", (width, height), 1)
        self.slots: dict[str, Box] = {}
        self.inks: dict[str, str] = {}

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.picture.size

    def shape(self, part: str, colour: str, box: Box, draw: Callable[[Pen, int, Box], None]) -> None:
        """Let ``draw(pen, ink, box)`` fill a shape inside ``box``; it is drawn twice as large and reduced."""
        x0, y0, x1, y1 = box
        if x1 <= x0 or y1 <= y0:
            return
        mask = Image.new("L", ((x1 - x0) * 2, (y1 - y0) * 2), 0)
        draw(ImageDraw.Draw(mask), 255, (0, 0, mask.width - 1, mask.height - 1))
        mask = mask.reduce(2)
        self.picture.paste(colour, (x0, y0), mask)
        self.labels.paste(PARTS.index(part) + 1, (x0, y0), mask.point(lambda v: 255 if v > 127 else 0))

    def rectangle(self, part: str, colour: str, box: Box) -> None:
        """A filled rectangle, end exclusive."""
        self.picture.paste(colour, box)
        self.labels.paste(PARTS.index(part) + 1, box)

    def ellipse(self, part: str, colour: str, box: Box) -> None:
        """A filled ellipse."""
        self.shape(part, colour, box, lambda pen, ink, b: pen.ellipse(b, fill=ink))

    def polygon(self, part: str, colour: str, points: Sequence[tuple[float, float]], box: Box) -> None:
        """A filled polygon; points are shares (0..1) of the box."""

        def draw(pen: Pen, ink: int, b: Box) -> None:
            pen.polygon([(x * b[2], y * b[3]) for x, y in points], fill=ink)

        self.shape(part, colour, box, draw)

    def text(self, part: str, text: str, box: Box, colour: str, **how: object) -> None:
        """Words as large as the box allows; see ``lettering.write`` for ``how``."""
        self.slots[part], self.inks[part] = box, colour
        if not text or box[2] - box[0] < 12 or box[3] - box[1] < 10:
            return
        mask = Image.new("RGB", self.picture.size, "black")
        how.setdefault("file", self.font)
        lettering.write(self.picture, text, box, colour, **how)  # type: ignore[arg-type]
        lettering.write(mask, text, box, "white", **how)  # type: ignore[arg-type]
        self.labels.paste(
            PARTS.index(part) + 1, (0, 0), mask.getchannel(0).point(lambda v: 255 if v > 40 else 0)
        )

    def photo(self, part: str, picture: Image.Image, box: Box) -> None:
        """A picture cut to fill the box."""
        size = (box[2] - box[0], box[3] - box[1])
        self.picture.paste(ImageOps.fit(picture.convert("RGB"), size, Image.Resampling.LANCZOS), box[:2])
        self.labels.paste(PARTS.index(part) + 1, box)
