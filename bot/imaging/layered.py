"""A layered file (PSD): a picture with every change as a layer of its own, or taken apart by a model.

Photoshop, Affinity, GIMP, Krita and Photopea open it. Written with psd-tools, which is kept and tested against Adobe's
own files.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from PIL import Image
from psd_tools import PSDImage
from psd_tools.constants import Resource
from psd_tools.psd.image_resources import ImageResource

from bot.wording import cut

PSD = "image/vnd.adobe.photoshop"


@dataclass(frozen=True, slots=True)
class Layer:
    """A picture at its place. ``left`` and ``top`` in pixels of the whole; ``shown`` False: there, and switched off."""

    name: str
    picture: Image.Image
    left: int = 0
    top: int = 0
    shown: bool = True


def changes(states: Sequence[tuple[str, Image.Image]]) -> list[Layer]:
    """The states of a picture (name, picture), oldest first, as layers: the first whole, then of each what differs
    from the one before. Flattened they are the last one, pixel for pixel (8 bits a channel).

    What came before the picture's size changed is left out. Pictures that are see-through somewhere are kept whole and
    switched off but for the last: a half-transparent pixel laid over another is neither of them.
    """
    last = states[-1][1]
    start = max((i + 1 for i, (_, p) in enumerate(states) if p.size != last.size), default=0)
    kept = [(name, picture.convert("RGBA")) for name, picture in states[start:]]
    if any(picture.getchannel("A").getextrema() != (255, 255) for _, picture in kept):
        return [Layer(name, picture, shown=picture is kept[-1][1]) for name, picture in kept]
    layers = [Layer(*kept[0])]
    for (_, before), (name, after) in pairwise(kept):
        differs = (np.asarray(before) != np.asarray(after)).any(axis=2)
        mask = Image.fromarray(differs.astype(np.uint8) * 255)
        box = mask.getbbox()
        if box is None:
            continue
        part = after.crop(box)
        part.putalpha(mask.crop(box))
        layers.append(Layer(name, part, box[0], box[1]))
    return layers


def psd(size: tuple[int, int], layers: Sequence[Layer], profile: bytes | None = None) -> bytes:
    """The layers, lowest first, as a PSD of ``size`` (pixels); ``profile``: the ICC profile of all of them."""
    file = PSDImage.new("RGB", size)
    for layer in layers:
        made = file.create_pixel_layer(layer.picture.convert("RGBA"), left=layer.left, top=layer.top)
        made.name, made.visible = cut(layer.name, 200), layer.shown  # set so, any letters are kept
    if profile is not None:
        file.image_resources[Resource.ICC_PROFILE] = ImageResource(key=Resource.ICC_PROFILE, data=profile)
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()
