"""What a model that sees says of where things are: boxes only, in thousandths of the picture."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from PIL import Image

from bot.imaging.locate import Found, box_mask
from bot.imaging.window import Box, Size

GROWN = 0.06
"""Part of a box's longer side by which it is made larger all round: models draw them tight."""
_FENCE = re.compile(r"^\s*```(?:json)?\s*|\s*```\s*$")


def read(text: str, size: Size) -> list[Box]:
    """The boxes of an answer in Gemini's documented form, [{"box_2d": [ymin, xmin, ymax, xmax], "label": ...}] with
    whole numbers 0..1000 and y first, in pixels; what is no box is left out.

    >>> read('```json\\n[{"box_2d": [100, 200, 300, 600], "label": "hand"}]\\n```', (1000, 500))
    [(200, 50, 600, 150)]
    """
    try:
        rows = json.loads(_FENCE.sub("", text))
    except ValueError:
        return []
    found = []
    for row in rows if isinstance(rows, list) else []:
        edges = row.get("box_2d") if isinstance(row, dict) else None
        if not (
            isinstance(edges, list) and len(edges) == 4 and all(isinstance(e, int | float) for e in edges)
        ):
            continue
        top, left, bottom, right = (min(1000.0, max(0.0, float(e))) for e in edges)
        box = (
            round(left * size[0] / 1000),
            round(top * size[1] / 1000),
            round(right * size[0] / 1000),
            round(bottom * size[1] / 1000),
        )
        if box[2] > box[0] and box[3] > box[1]:
            found.append(box)
    return found


def region(boxes: Sequence[Box], size: Size, name: str) -> Found | None:
    """The region of one box, grown; of several, all of them, and then a person should look which was meant."""
    if not boxes:
        return None
    mask = Image.new("L", size, 0)
    for left, top, right, bottom in boxes:
        by = round(GROWN * max(right - left, bottom - top))
        mask.paste(255, mask=box_mask(size, (left - by, top - by, right + by, bottom + by)))
    return Found(mask, name, 0.8 if len(boxes) == 1 else 0.5)
