"""A layered file flattens to the picture that was approved, whatever was changed in between."""

from __future__ import annotations

import io
import random

import numpy as np
import pytest
from PIL import Image, ImageCms
from psd_tools import PSDImage

from bot.imaging.layered import changes, psd


def noise(seed: int, size: tuple[int, int] = (120, 90)) -> Image.Image:
    dice = np.random.default_rng(seed)
    return Image.fromarray(dice.integers(0, 255, (size[1], size[0], 3), dtype=np.uint8))


def flat(data: bytes) -> Image.Image:
    return PSDImage.open(io.BytesIO(data)).composite(force=True)


@pytest.mark.parametrize("seed", range(5))
def test_flattened_it_is_the_last_state_bit_for_bit(seed: int) -> None:
    dice = random.Random(seed)
    states = [("2 as drawn", noise(seed))]
    for n in range(6):
        after = states[-1][1].copy()
        left, top = dice.randrange(100), dice.randrange(70)
        after.paste(noise(100 + n, (dice.randint(1, 60), dice.randint(1, 60))), (left, top))
        states.append((f"2{n}", after))
    layers = changes(states)
    data = psd(states[-1][1].size, layers)
    assert flat(data).convert("RGB").tobytes() == states[-1][1].tobytes()
    with Image.open(io.BytesIO(data)) as merged:  # what a viewer shows that knows no layers
        assert merged.convert("RGB").tobytes() == states[-1][1].tobytes()
    assert [layer.name for layer in layers] == [name for name, _ in states]
    # Without its last layer it is the state before: a designer may switch a change off.
    assert flat(psd(states[-1][1].size, layers[:-1])).convert("RGB").tobytes() == states[-2][1].tobytes()


def test_each_change_is_as_small_as_it_is() -> None:
    before, after = noise(1), noise(1)
    after.paste((1, 2, 3), (10, 20, 40, 30))
    base, change = changes([("2", before), ("2b", after)])
    assert base.picture.size == (120, 90)
    assert (change.left, change.top, change.picture.size) == (10, 20, (30, 10))


def test_a_change_that_changed_nothing_is_no_layer_and_what_had_another_size_is_left_out() -> None:
    small, large = noise(1, (50, 50)), noise(2)
    layers = changes([("1", small), ("1b", large), ("1c", large.copy())])
    assert [layer.name for layer in layers] == ["1b"]


def test_see_through_pictures_are_kept_whole_and_only_the_last_is_switched_on() -> None:
    clear = noise(3).convert("RGBA")
    clear.putalpha(Image.linear_gradient("L").resize(clear.size))
    layers = changes([("1", noise(1)), ("1b", clear)])
    assert [layer.shown for layer in layers] == [False, True]
    data = psd(clear.size, layers)
    _, last = PSDImage.open(io.BytesIO(data))
    assert last.visible and last.topil().convert("RGB").tobytes() == clear.convert("RGB").tobytes()
    assert flat(data).getchannel("A").tobytes() == clear.getchannel("A").tobytes()


def test_the_colour_profile_goes_along_and_long_names_are_cut() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = psd((120, 90), changes([("“ü” 🎉 标题 Ж → " + "x" * 900, noise(1))]), profile)
    with Image.open(io.BytesIO(data)) as opened:
        assert opened.info["icc_profile"] == profile
    (layer,) = PSDImage.open(io.BytesIO(data))
    assert layer.name.startswith("“ü” 🎉 标题 Ж → xxx") and len(layer.name) <= 200
