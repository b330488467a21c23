"""Whatever an engine sends back: what is shown differs nowhere outside the mask, or nothing is shown."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest
from misbehaving import HONEST, LIMITED, USELESS, Misbehaving, pairs, photos
from PIL import Image, ImageDraw

from bot.engines.engine import Abilities, Drawing, Subject
from bot.errors import Busy, Declined
from bot.fixing.fix import Fixed, Unsure, fix
from bot.imaging import composite, locate
from bot.model import Kind, Wish

REPAIR = Wish(Kind.INPAINT, region="it")
PAIRS = list(pairs(12, seed=1))


def fixed(picture: Image.Image, engine: Misbehaving, **where: object) -> Fixed:
    return asyncio.run(fix(Subject(picture), REPAIR, engine, **where))  # type: ignore[arg-type]


def outside(before: Image.Image, after: Image.Image, mask: Image.Image) -> int:
    """Pixels that differ, in any channel, where the mask is not set."""
    differs = (np.asarray(before) != np.asarray(after)).any(axis=2)
    return int((differs & (np.asarray(mask) == 0)).sum())


@pytest.mark.parametrize("habit", HONEST)
def test_an_edit_in_a_clumsy_answer_is_used_and_nothing_else_of_it(habit: str) -> None:
    shown = 0
    for picture, mask in PAIRS:
        try:
            result = fixed(picture, Misbehaving(HONEST[habit]), mask=mask)
        except Declined:
            continue
        shown += 1
        assert outside(picture, result.picture, mask) == result.changed_outside == 0
        assert result.picture.mode == picture.mode and result.changed_inside > 0.3
    assert shown >= len(PAIRS) - 2


@pytest.mark.parametrize("habit", USELESS)
def test_an_answer_without_an_edit_in_it_is_asked_for_once_more_and_then_declined(habit: str) -> None:
    for picture, mask in PAIRS[:6]:
        engine = Misbehaving(USELESS[habit])
        with pytest.raises(Declined, match="Nothing was changed") as declined:
            fixed(picture, engine, mask=mask)
        assert engine.asked == 2
        assert declined.value.usd == pytest.approx(0.02)


def test_a_shifted_answer_is_moved_back_before_it_is_used() -> None:
    picture, mask = PAIRS[0]
    straight = fixed(picture, Misbehaving(HONEST["keeps to it"]), mask=mask)
    shifted = fixed(picture, Misbehaving(HONEST["shifts by 3 px"]), mask=mask)
    assert straight.shift == (0, 0) != shifted.shift
    core = np.asarray(mask.resize((99, 99)).resize(mask.size)) == 255
    away = np.abs(np.asarray(straight.picture, int) - np.asarray(shifted.picture, int))[core]
    assert np.median(away) <= 2


def test_a_picture_without_fine_structure_that_has_moved_is_caught_as_well() -> None:
    y, x = np.mgrid[0:320, 0:400]
    waves = 60 + 25 * np.sin(x / 40) * np.cos(y / 55) + np.random.default_rng(1).normal(0, 0.6, x.shape)
    dim = Image.fromarray(np.stack([waves * part for part in (0.5, 0.9, 1.0)], axis=2).astype(np.uint8))
    mask = locate.box_mask(dim.size, (170, 130, 230, 190))
    with pytest.raises(Declined, match="has moved the picture"):
        fixed(dim, Misbehaving(USELESS["shifts by a tenth"]), mask=mask)
    assert fixed(dim, Misbehaving(HONEST["redraws everything"]), mask=mask).changed_outside == 0


def test_a_second_try_is_shown_more_of_the_picture_and_may_succeed() -> None:
    picture, mask = photos()[0], Image.new("L", photos()[0].size, 0)
    ImageDraw.Draw(mask).rectangle((250, 150, 330, 220), fill=255)
    shares: list[float] = []

    def once_bad(answer: Image.Image, part: Image.Image) -> bytes:
        shares.append(sum(part.histogram()[1:]) / (part.width * part.height))
        return b"" if len(shares) == 1 else HONEST["keeps to it"](answer, part)

    result = fixed(picture, Misbehaving(once_bad), mask=mask)
    assert result.tries == 2 and result.drawing.usd == pytest.approx(0.02)
    assert shares[1] < shares[0]


def test_ten_edits_in_a_row_leave_everything_outside_all_masks_as_it_was() -> None:
    first = photos()[1].convert("RGBA")
    first.putalpha(Image.linear_gradient("L").resize(first.size))
    picture, union = first, Image.new("L", first.size, 0)
    made = 0
    for number in range(14):
        mask = locate.box_mask(
            first.size, (20 + 40 * number, 30 + 20 * number, 90 + 40 * number, 95 + 20 * number)
        )
        try:
            picture = fixed(picture, Misbehaving(HONEST["redraws everything"]), mask=mask).picture
        except Declined:
            continue
        made += 1
        union.paste(mask, mask=mask)
        if made == 10:
            break
    assert made == 10 and outside(first, picture, union) == 0 and picture.mode == "RGBA"


def test_the_colour_profile_stays_with_the_picture() -> None:
    picture, mask = PAIRS[0]
    picture = picture.copy()
    picture.info["icc_profile"] = b"a profile"
    assert (
        fixed(picture, Misbehaving(HONEST["a JPEG"]), mask=mask).picture.info["icc_profile"] == b"a profile"
    )


def test_the_engine_gets_shapes_it_knows_and_its_answer_fits_all_the_same() -> None:
    from bot.imaging.window import Sizes

    only = Abilities(
        edits=LIMITED.edits, sizes=Sizes(multiple=16, least=262_144, most=500_000, ratios=(1.0, 16 / 9))
    )
    for picture, mask in PAIRS[:6]:
        engine = Misbehaving(HONEST["keeps to it"], abilities=only)
        try:
            result = fixed(picture, engine, mask=mask)
        except Declined:
            continue
        assert outside(picture, result.picture, mask) == 0


@pytest.mark.parametrize("width", [16, 24, 36, 40, 44, 56, 90])
def test_a_stroke_of_any_width_is_changed_in_its_middle(width: int) -> None:
    base, answer = Image.new("RGB", (300, 300), "red"), Image.new("RGB", (300, 300), "blue")
    mask = Image.new("L", base.size, 0)
    ImageDraw.Draw(mask).line((60, 60, 240, 240), fill=255, width=width)
    after = np.asarray(composite.patch(base, answer, mask, 12))
    assert (after[150, 150] == (0, 0, 255)).all() and outside(base, Image.fromarray(after), mask) == 0


def test_answers_that_were_no_good_are_charged_though_the_last_came_to_nothing() -> None:
    class Drops(Misbehaving):
        async def edit(self, *args: object, **how: int) -> Drawing:
            if self.asked:
                raise Busy("overloaded")
            return await Misbehaving.edit(self, *args, **how)  # type: ignore[arg-type]

    picture, mask = PAIRS[0]
    with pytest.raises(Busy) as busy:
        fixed(picture, Drops(USELESS["a solid colour"]), mask=mask)
    assert busy.value.usd == pytest.approx(0.01)


SEEN = '[{"box_2d": [300, 400, 500, 600], "label": "hand"}]'


@pytest.mark.parametrize(
    ("sees", "outcome"),
    [
        (SEEN, "made"),
        (f"```json\n{SEEN}\n```", "made"),
        (SEEN[:-1] + ', {"box_2d": [10, 10, 90, 90], "label": "hand"}]', "asked"),
        ("[]", "declined"),
        ("I see a hand.", "declined"),
        ('[{"box_2d": [1, 2, 3]}, {"box_2d": "x"}, 7, {"box_2d": [500, 500, 400, 400]}]', "declined"),
        ("null", "declined"),
    ],
)
def test_what_a_locator_sees_is_used_asked_about_or_not_found(sees: str, outcome: str) -> None:
    picture, engine = photos()[0], Misbehaving(HONEST["keeps to it"], sees=sees)
    found = fix(
        Subject(picture), Wish(Kind.INPAINT, region="the hand"), engine, locator=engine, least_sure=0.7
    )
    if outcome == "made":
        result = asyncio.run(found)
        assert result.mask is not None and result.changed_outside == 0
        left, top, right, bottom = result.mask.getbbox() or (0, 0, 0, 0)
        assert left < 256 < 384 < right and top < 128 < 214 < bottom
    else:
        with pytest.raises(Unsure if outcome == "asked" else Declined):
            asyncio.run(found)
        assert engine.asked == 0


def test_a_small_empty_patch_is_caught_though_its_rim_has_colours() -> None:
    for picture, mask in list(pairs(61))[60:]:
        with pytest.raises(Declined, match="empty patch"):
            fixed(picture, Misbehaving(USELESS["a solid patch"]), mask=mask)
