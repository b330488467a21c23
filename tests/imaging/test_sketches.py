"""Sketches: four really different layouts, honest, with the words set in real letters."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from PIL import Image, ImageFilter

from bot import briefing, colours
from bot.engines.engine import Drawing, Subject
from bot.engines.local import Local
from bot.errors import Declined
from bot.fixing.fix import fix
from bot.imaging import lettering, locate
from bot.imaging.sketch.canvas import PARTS
from bot.model import Kind, Wanted, Wish

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def wanted(text: str) -> Wanted:
    return briefing.read(text, now=NOW)


def drawn(want: Wanted, n: int = 4, **more: object) -> list[Drawing]:
    size = (want.placement.width, want.placement.height)
    return asyncio.run(Local().draw(want, n=n, size=size, wish="", references=(), seed=0, **more))  # type: ignore[arg-type]


def small(drawing: Drawing) -> np.ndarray:
    return np.asarray(drawing.picture.resize((32, 32)), float)


@pytest.mark.parametrize(
    "text", ["a cat", "a cat, 9:16", "web banner for cats", "linkedin header about rain", "cats 200x1500"]
)
def test_four_layouts_really_differ(text: str) -> None:
    drafts = drawn(wanted(text))
    for i, one in enumerate(drafts):
        for other in drafts[i + 1 :]:
            assert np.abs(small(one) - small(other)).mean() > 12


def test_every_sketch_says_that_it_is_one() -> None:
    for d in drawn(wanted("a cat")):
        assert d.labels is not None
        assert locate.part_mask(d.labels, PARTS, "badge").getbbox() is not None


def test_the_same_brief_gives_the_same_pixels_and_a_new_round_others() -> None:
    want = wanted("a cat")
    assert [d.picture.tobytes() for d in drawn(want)] == [d.picture.tobytes() for d in drawn(want)]
    again = asyncio.run(Local().draw(want, n=4, size=(400, 400), wish="warmer", references=(), seed=1))
    assert again[0].scene != drawn(want)[0].scene


def test_the_colours_asked_for_are_used() -> None:
    for d in drawn(wanted("a cat, #FFD400 and navy")):
        assert d.scene is not None and "#FFD400" in d.scene and "#14213D" in d.scene


def test_letters_the_font_lacks_are_said_and_not_drawn_as_boxes() -> None:
    assert lettering.missing("Straße für 3 € café") == ""
    (d, *_) = drawn(wanted('a cat, headline "春のセール 50%"'))
    assert "no letters for 春" in d.said


def test_a_reference_picture_is_placed() -> None:
    photo = Image.effect_noise((300, 200), 80).convert("RGB")
    want = replace(wanted("a cat"), references=("0" * 64,))
    drafts = asyncio.run(Local().draw(want, n=4, size=(600, 600), wish="", references=[photo], seed=0))
    for d in drafts:
        assert d.labels is not None
        where = np.asarray(locate.part_mask(d.labels, PARTS, "subject")) > 0
        assert where.mean() > 0.03 and np.asarray(d.picture)[where].std() > 40


@pytest.mark.parametrize(
    "wish",
    [
        Wish(Kind.BACKGROUND, colour="#FFD401"),
        Wish(Kind.RECOLOUR, region="the accent", colour="#123457"),
        Wish(Kind.TEXT, quoted="Warm bread all day long"),
        Wish(Kind.REMOVE, region="the headline"),
        Wish(Kind.REMOVE, region="the subject"),
    ],
)
def test_a_change_of_a_part_leaves_the_rest_bit_identical(wish: Wish) -> None:
    for d in drawn(wanted("Summer sale for Park Avenue Bakery, 4:5")):
        before = Subject(d.picture, d.labels, d.parts, d.scene)
        result = asyncio.run(fix(before, wish, Local()))
        assert result.mask is not None and result.changed_outside == 0 and result.share < 0.8
        outside = np.asarray(result.mask) == 0
        assert (np.asarray(d.picture)[outside] == np.asarray(result.picture)[outside]).all()


def test_a_background_becomes_exactly_the_colour_up_to_the_letters() -> None:
    (d, *_) = drawn(wanted("Summer sale for Park Avenue Bakery"))
    result = asyncio.run(
        fix(Subject(d.picture, d.labels, d.parts, d.scene), Wish(Kind.BACKGROUND, colour="#FFD401"), Local())
    )
    assert d.labels is not None
    ground = np.asarray(locate.part_mask(d.labels, d.parts, "background").resize(d.picture.size)) > 0
    exact = (np.asarray(result.picture) == (0xFF, 0xD4, 0x01)).all(axis=2)
    assert exact[ground].mean() > 0.98


def test_the_badge_stays() -> None:
    (d, *_) = drawn(wanted("a cat"))
    with pytest.raises(Declined, match="badge stays"):
        asyncio.run(
            fix(
                Subject(d.picture, d.labels, d.parts, d.scene), Wish(Kind.REMOVE, region="the badge"), Local()
            )
        )


def test_more_like_one_keeps_its_layout() -> None:
    first = drawn(wanted("a cat"))[1]
    like = Subject(first.picture, first.labels, first.parts, first.scene)
    for d in drawn(wanted("a cat"), like=like):
        assert d.scene is not None and '"layout": "split"' in d.scene


def test_a_brand_font_replaces_ours() -> None:
    serif = lettering.font_file().parent / "DejaVuSerif-Bold.ttf"
    want = wanted("a cat")
    ours = asyncio.run(Local().draw(want, n=1, size=(400, 400), wish="", references=(), seed=0))[0]
    theirs = asyncio.run(Local(serif).draw(want, n=1, size=(400, 400), wish="", references=(), seed=0))[0]
    assert ours.scene == theirs.scene and ours.picture.tobytes() != theirs.picture.tobytes()


def test_words_keep_their_ink_on_another_ground_and_the_bot_says_where_they_get_hard_to_read() -> None:
    for first in drawn(wanted('Winter sale for Lumen, headline "Glow on"')):
        assert first.labels is not None
        subject = Subject(first.picture, first.labels, first.parts, first.scene)
        dark = asyncio.run(fix(subject, Wish(Kind.BACKGROUND, colour="#101828"), Local()))
        before, after = np.asarray(first.picture), np.asarray(dark.picture)
        letters = (
            np.asarray(
                locate.part_mask(first.labels, first.parts, "headline").filter(ImageFilter.MinFilter(5))
            )
            > 0
        )
        assert (before[letters] == after[letters]).all()
        assert ("hard to read" in dark.drawing.said) == (
            colours.contrast(ink_of(before, letters), "#101828") < 3
        )
        light = Wish(Kind.RECOLOUR, colour="#FFFFFF", region="the headline")
        drawing = dark.drawing
        again = Subject(dark.picture, drawing.labels, drawing.parts, drawing.scene)
        if "hard to read" in drawing.said:
            mended = asyncio.run(fix(again, light, Local()))
            assert np.asarray(mended.picture)[letters].mean() > 250


def ink_of(picture: np.ndarray, letters: np.ndarray) -> str:
    red, green, blue = np.median(picture[letters], axis=0).astype(int)
    return f"#{red:02X}{green:02X}{blue:02X}"


def test_a_spot_on_a_sketch_is_changed_there_and_a_later_edit_brings_nothing_else() -> None:
    (first, *_) = drawn(wanted('Winter sale for Lumen, headline "Glow on"'))
    subject = Subject(first.picture, first.labels, first.parts, first.scene)
    spot = locate.box_mask(first.picture.size, (10, 10, 200, 150))
    one = asyncio.run(fix(subject, Wish(Kind.BACKGROUND, colour="#0000FF"), Local(), mask=spot))
    drawing = one.drawing
    again = Subject(one.picture, drawing.labels, drawing.parts, drawing.scene)
    dark = asyncio.run(fix(again, Wish(Kind.RELIGHT, words="darker", amount=-2.0), Local()))
    blue = (np.asarray(dark.picture, int)[..., 2] > 150) & (np.asarray(dark.picture, int)[..., 0] < 60)
    assert not (blue & (np.asarray(spot) == 0)).any()
