"""Broken pictures and near-copies are kept back, good ones are not."""

from __future__ import annotations

import numpy as np
import pytest
from misbehaving import photos
from PIL import Image, ImageEnhance, ImageFilter

from bot.imaging import curate

PHOTOS = photos()
SIZE = (600, 400)


def framed(picture: Image.Image) -> Image.Image:
    return picture.resize(SIZE)


@pytest.mark.parametrize("number", range(len(PHOTOS)))
def test_a_good_picture_has_no_fault(number: int) -> None:
    assert curate.fault(framed(PHOTOS[number]), SIZE) is None


def test_broken_pictures_are_told_by_what_is_wrong() -> None:
    good = framed(PHOTOS[0])
    noise = np.random.default_rng(1).normal(128, 1, (400, 600, 3)).astype(np.uint8)
    broken = {
        "tiny": good.resize((120, 80)),
        "shape": good.resize((600, 600)),
        "flat": Image.fromarray(noise),
        "blurred": good.filter(ImageFilter.GaussianBlur(40)),
    }
    assert {curate.fault(picture, SIZE): why for why, picture in broken.items()} == {w: w for w in broken}


def test_colours_that_were_asked_for_must_be_there() -> None:
    blue = Image.blend(framed(PHOTOS[1]), Image.new("RGB", SIZE, "#0057B8"), 0.7)
    assert curate.fault(blue, SIZE, ("#0057B8",)) is None
    assert curate.fault(blue, SIZE, ("#FFD400",)) == "colours"


def test_a_near_copy_is_one_and_another_picture_is_none() -> None:
    prints = [curate.fingerprint(framed(p)) for p in PHOTOS]
    for picture, own in zip(PHOTOS, prints, strict=True):
        copy = ImageEnhance.Brightness(framed(picture)).enhance(1.06)
        assert curate.twin(curate.fingerprint(copy), [own])
        assert not curate.twin(curate.fingerprint(copy), [p for p in prints if p is not own])
        assert not curate.twin(
            curate.fingerprint(framed(picture).transpose(Image.Transpose.FLIP_LEFT_RIGHT)), [own]
        )


def test_what_differs_most_is_shown_first_and_copies_last() -> None:
    a, b, c = (curate.fingerprint(framed(p)) for p in PHOTOS)
    assert curate.chosen([a, a, b, c], [a], 3) in ([2, 3, 0], [3, 2, 0])
    assert len(curate.chosen([a], [], 4)) == 1
