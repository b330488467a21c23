"""Four layouts that really differ: where the words stand, what carries the picture, how the colour is spread."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PIL import Image

from bot.colours import contrast
from bot.imaging import lettering
from bot.imaging.sketch import motifs
from bot.imaging.sketch.canvas import Box, Canvas
from bot.imaging.sketch.scene import Scene

BADGE = "SKETCH · not AI-generated"
Layout = Callable[[Canvas, Scene, Image.Image | None], None]


def render(scene: Scene, reference: Image.Image | None = None, font: Path | None = None) -> Canvas:
    """Draw the scene, its words in the brand's ``font`` if there is one. The same scene gives the same pixels."""
    canvas = Canvas(scene.width, scene.height, scene.background, font)
    LAYOUTS[scene.layout](canvas, scene, reference)
    _badge(canvas)
    return canvas


def ink(ground: str) -> str:
    """Near-black or white, whichever reads better on ``ground``."""
    return max(("#17181C", "#FFFFFF"), key=lambda c: contrast(c, ground))


def _poster(canvas: Canvas, scene: Scene, reference: Image.Image | None) -> None:
    """Words above, a picture that rises from the lower edge."""
    w, h = canvas.size
    if w > 1.6 * h:
        words, picture = _box(canvas, 0.05, 0.12, 0.56, 0.7), _box(canvas, 0.6, 0.0, 1.0, 1.0)
        brand = _box(canvas, 0.05, 0.76, 0.5, 0.9)
    else:
        words, picture = _box(canvas, 0.07, 0.08, 0.93, 0.4), _box(canvas, 0.0, 0.44, 1.0, 1.0)
        brand = _box(canvas, 0.07, 0.4, 0.93, 0.45)
    if reference is not None:
        canvas.photo("subject", reference, picture)
    else:
        if "accent" not in scene.without:
            rise = (picture[0], picture[1] + (picture[3] - picture[1]) // 4, picture[2], picture[3])
            canvas.shape(
                "accent",
                scene.accent,
                rise,
                lambda pen, i, b: pen.ellipse((-b[2] // 8, 0, b[2] + b[2] // 8, b[3] * 2), fill=i),
            )
        if "subject" not in scene.without:
            motifs.draw(canvas, scene.motif, _inset(picture, 0.12), scene.second, ink(scene.second))
    _words(canvas, scene, words, brand, scene.background, align="left", valign="top")


def _split(canvas: Canvas, scene: Scene, reference: Image.Image | None) -> None:
    """Two halves: colour with words, and the picture."""
    w, h = canvas.size
    across = w >= h
    panel = _box(canvas, 0.5, 0, 1, 1) if across else _box(canvas, 0, 0, 1, 0.54)
    words = _box(canvas, 0.06, 0.14, 0.45, 0.74) if across else _box(canvas, 0.08, 0.6, 0.92, 0.84)
    brand = _box(canvas, 0.06, 0.8, 0.45, 0.87) if across else _box(canvas, 0.08, 0.86, 0.92, 0.91)
    if reference is not None:
        canvas.photo("subject", reference, panel)
    else:
        if "accent" not in scene.without:
            canvas.rectangle("accent", scene.second, panel)
        if "subject" not in scene.without:
            motifs.draw(canvas, scene.motif, _inset(panel, 0.16), scene.accent, scene.background)
    _words(canvas, scene, words, brand, scene.background, align="left", valign="middle")


def _framed(canvas: Canvas, scene: Scene, reference: Image.Image | None) -> None:
    """A frame, everything on one axis, quiet."""
    w, h = canvas.size
    rim = max(4, min(w, h) // 36)
    if "accent" not in scene.without:
        canvas.rectangle("accent", scene.accent, (rim, rim, w - rim, h - rim))
        canvas.rectangle("background", scene.background, (2 * rim, 2 * rim, w - 2 * rim, h - 2 * rim))
    wide = w > 2.2 * h
    picture = _box(canvas, 0.06, 0.16, 0.26, 0.84) if wide else _box(canvas, 0.25, 0.12, 0.75, 0.5)
    words = _box(canvas, 0.3, 0.2, 0.92, 0.66) if wide else _box(canvas, 0.12, 0.55, 0.88, 0.8)
    brand = _box(canvas, 0.3, 0.7, 0.92, 0.82) if wide else _box(canvas, 0.2, 0.83, 0.8, 0.88)
    if reference is not None:
        canvas.photo("subject", reference, picture)
    elif "subject" not in scene.without:
        side = min(picture[2] - picture[0], picture[3] - picture[1])
        cx, cy = (picture[0] + picture[2]) // 2, (picture[1] + picture[3]) // 2
        canvas.ellipse(
            "subject", scene.second, (cx - side // 2, cy - side // 2, cx + side // 2, cy + side // 2)
        )
        motifs.draw(
            canvas,
            scene.motif,
            _inset((cx - side // 2, cy - side // 2, cx + side // 2, cy + side // 2), 0.2),
            scene.accent,
            ink(scene.second),
        )
    _words(canvas, scene, words, brand, scene.background, align="centre", valign="middle")


def _loud(canvas: Canvas, scene: Scene, reference: Image.Image | None) -> None:
    """The words are the picture: as large as they go, a slanted band, a small motif."""
    w, h = canvas.size
    wide = w > 1.9 * h
    picture = _box(canvas, 0.72, 0.06, 0.97, 0.94) if wide else _box(canvas, 0.54, 0.66, 0.96, 0.95)
    words = _box(canvas, 0.03, 0.08, 0.68, 0.76) if wide else _box(canvas, 0.05, 0.05, 0.95, 0.6)
    brand = _box(canvas, 0.03, 0.8, 0.5, 0.93) if wide else _box(canvas, 0.05, 0.88, 0.5, 0.94)
    if "accent" not in scene.without:
        points = (
            [(0, 0.82), (1, 0.56), (1, 1), (0, 1)] if not wide else [(0.74, 0), (1, 0), (1, 1), (0.62, 1)]
        )
        canvas.polygon("accent", scene.accent, points, (0, 0, w, h))
    if reference is not None:
        canvas.photo("subject", reference, picture)
    elif "subject" not in scene.without:
        motifs.draw(canvas, scene.motif, picture, scene.second, ink(scene.accent))
    ground = scene.background if wide else scene.accent
    _words(canvas, scene, words, brand, scene.background, align="left", valign="top", brand_ground=ground)


LAYOUTS: dict[str, Layout] = {"poster": _poster, "split": _split, "framed": _framed, "loud": _loud}


def _words(
    canvas: Canvas,
    scene: Scene,
    headline: Box,
    brand: Box,
    ground: str,
    *,
    align: str,
    valign: str,
    brand_ground: str | None = None,
) -> None:
    canvas.slots |= {"headline": headline, "brand": brand}
    if "headline" not in scene.without:
        canvas.text(
            "headline",
            scene.headline,
            headline,
            scene.headline_ink or ink(ground),
            bold=True,
            align=align,
            valign=valign,
            most=canvas.size[1] // 4,
        )
    if "brand" not in scene.without:
        colour = scene.brand_ink or ink(brand_ground or ground)
        canvas.text("brand", scene.brand, brand, colour, align=align, valign="middle")


def _badge(canvas: Canvas) -> None:
    """Every sketch says that it is one."""
    w, h = canvas.size
    size = max(11, min(w, h) // 46)
    face = lettering.font(size, bold=True)
    wide, high = round(face.getlength(BADGE) + size * 1.6), round(size * 2)
    box = (w - wide - size, h - high - size, w - size, h - size)
    canvas.shape("badge", "#17181C", box, lambda pen, i, b: pen.rounded_rectangle(b, b[3] / 2, fill=i))
    canvas.text(
        "badge",
        BADGE,
        (box[0] + size * 4 // 5, box[1], box[2], box[3]),
        "#FFFFFF",
        bold=True,
        valign="middle",
        most=size,
        file=lettering.font_file(bold=True),
    )


def _box(canvas: Canvas, x0: float, y0: float, x1: float, y1: float) -> Box:
    w, h = canvas.size
    return round(x0 * w), round(y0 * h), round(x1 * w), round(y1 * h)


def _inset(box: Box, share: float) -> Box:
    dx, dy = round((box[2] - box[0]) * share), round((box[3] - box[1]) * share)
    return box[0] + dx, box[1] + dy, box[2] - dx, box[3] - dy
