"""An edit changes what it names and not one pixel more, on a real photograph."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path

import numpy as np
import pytest
from matplotlib import cbook
from PIL import Image, ImageDraw

from bot.engines.engine import Drawing, Subject
from bot.engines.local import Local
from bot.errors import Declined, Refused
from bot.fixing.fix import Fixed, fix
from bot.imaging import composite, fill, grid, locate, oklab, recolour
from bot.imaging.picture import opened, png
from bot.model import Kind, Wish


@pytest.fixture(scope="module")
def photo() -> Image.Image:
    """A real photograph in the public domain, as matplotlib ships it."""
    return opened(Path(str(cbook.get_sample_data("grace_hopper.jpg", asfileobj=False))).read_bytes())


def fixed(picture: Image.Image, wish: Wish, **where: object) -> Fixed:
    return asyncio.run(fix(Subject(picture), wish, Local(), **where))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wish", "box"),
    [
        (Wish(Kind.RECOLOUR, colour="#0057B8"), (200, 430, 420, 590)),
        (Wish(Kind.RECOLOUR, colour="#0057B8", region="top left corner"), None),
        (Wish(Kind.RELIGHT, amount=2.0), (10, 10, 100, 100)),
        (Wish(Kind.RELIGHT, amount=-2.0, region="left third"), None),
        (Wish(Kind.REMOVE), (100, 520, 130, 550)),
        (Wish(Kind.BACKGROUND, colour="#FFD400"), (0, 0, 90, 200)),
        (Wish(Kind.BACKGROUND, words="blur the background"), (0, 0, 90, 200)),
    ],
)
def test_not_one_pixel_outside_the_mask_changes(
    photo: Image.Image, wish: Wish, box: locate.Box | None
) -> None:
    result = fixed(photo, wish, box=box)
    assert result.mask is not None
    before, after = np.asarray(photo), np.asarray(result.picture)
    outside = np.asarray(result.mask) == 0
    assert (before[outside] == after[outside]).all() and (before[~outside] != after[~outside]).any()
    assert result.changed_outside == 0 and 0 < result.share < 1
    if box:
        inside = np.zeros(outside.shape, bool)
        inside[box[1] : box[3], box[0] : box[2]] = True
        assert not (~outside & ~inside).any()


def test_a_flat_region_becomes_exactly_the_colour() -> None:
    flat = Image.new("RGB", (64, 64), "#8899aa")
    out = np.asarray(recolour.recolour(flat, Image.new("L", flat.size, 255), "#0057B8"))
    assert (out == (0x00, 0x57, 0xB8)).all()


def test_a_photographed_region_comes_near_the_colour_and_keeps_its_shading(photo: Image.Image) -> None:
    mask = locate.box_mask(photo.size, (180, 440, 420, 600))
    where = np.asarray(mask) > 0
    after = oklab.lab(np.asarray(recolour.recolour(photo, mask, "#0057B8"))[where])
    goal = oklab.lab(np.array([[0x00, 0x57, 0xB8]], np.uint8))[0]
    assert np.linalg.norm(np.median(after, axis=0) - goal) <= 0.01
    before = oklab.lab(np.asarray(photo)[where])
    assert np.corrcoef(before[:, 0], after[:, 0])[0, 1] > 0.9


def test_oklab_goes_there_and_back() -> None:
    every = np.random.default_rng(1).integers(0, 256, (5000, 3), np.uint8)
    assert (oklab.rgb(oklab.lab(every)) == every).all()


def test_a_hole_in_a_texture_is_filled_from_around_it() -> None:
    _, x = np.mgrid[0:160, 0:160]
    stripes = Image.fromarray(np.stack([((x // 6) % 2 * 90 + 80).astype(np.uint8)] * 3, -1))
    mask = locate.box_mask(stripes.size, (70, 70, 96, 96))
    out = np.asarray(fill.fill(stripes, mask, 160), float)
    hole = np.asarray(mask) > 0
    assert np.abs(out[hole] - np.asarray(stripes, float)[hole]).mean() < 25


def test_what_looks_wrong_when_filled_is_declined(photo: Image.Image) -> None:
    with pytest.raises(Declined, match="too large"):
        fixed(photo, Wish(Kind.REMOVE), box=(50, 50, 450, 450))


def test_the_hand_needs_a_model_and_says_which(photo: Image.Image) -> None:
    with pytest.raises(Declined, match="GEMINI_API_KEY"):
        fixed(photo, Wish(Kind.INPAINT, region="the hand"), box=(1, 1, 60, 60))


def test_what_cannot_be_found_says_how_to_point_at_it(photo: Image.Image) -> None:
    with pytest.raises(Declined, match="top right corner"):
        fixed(photo, Wish(Kind.RECOLOUR, colour="#0057B8", region="the cup"))


def test_extending_leaves_the_picture_inside_untouched(photo: Image.Image) -> None:
    result = fixed(photo, Wish(Kind.OUTPAINT, ratio="16:9"))
    x = (result.picture.width - photo.width) // 2
    kept = result.picture.crop((x, 0, x + photo.width, photo.height))
    assert (
        kept.tobytes() == photo.tobytes()
        and abs(result.picture.width / result.picture.height - 16 / 9) < 0.01
    )


@pytest.mark.parametrize("ratio", ["0:5", "20:1", "1:99"])
def test_a_shape_beyond_reason_is_declined(photo: Image.Image, ratio: str) -> None:
    with pytest.raises(Declined):
        fixed(photo, Wish(Kind.OUTPAINT, ratio=ratio))


@pytest.mark.parametrize("mode", ["L", "RGBA", "P", "CMYK", "I;16", "1", "LA"])
def test_pictures_of_every_kind_are_edited_without_a_crash(mode: str) -> None:
    picture = Image.effect_noise((120, 90), 60)
    made = (
        Image.fromarray(np.asarray(picture).astype(np.uint16) * 257)
        if mode == "I;16"
        else picture.convert("RGB").convert(mode)
    )
    data = io.BytesIO()
    made.save(data, "TIFF" if mode == "CMYK" else "PNG")
    result = fixed(opened(data.getvalue()), Wish(Kind.RELIGHT, amount=-1.0), box=(10, 10, 60, 60))
    assert result.changed_outside == 0


def test_deep_greys_are_scaled_and_not_cut_off() -> None:
    deep = Image.fromarray(np.full((20, 20), 32768, np.uint16))
    data = io.BytesIO()
    deep.save(data, "PNG")
    assert abs(int(np.asarray(opened(data.getvalue())).mean()) - 127) <= 1


def test_a_background_colour_shows_where_it_was_see_through() -> None:
    clear = Image.new("RGBA", (60, 60), (0, 0, 0, 0))
    ImageDraw.Draw(clear).ellipse((20, 20, 40, 40), fill=(200, 30, 30, 255))
    result = fixed(clear, Wish(Kind.BACKGROUND, colour="#FFD400"), box=(0, 0, 60, 15))
    assert result.picture.getpixel((5, 5)) == (0xFF, 0xD4, 0x00, 255)


def test_a_flat_box_is_recoloured_whole() -> None:
    result = fixed(
        Image.new("RGB", (400, 300), "#808080"), Wish(Kind.RECOLOUR, colour="#0057B8"), box=(10, 10, 200, 200)
    )
    assert result.picture.getpixel((100, 100)) == (0x00, 0x57, 0xB8)


def test_the_thing_in_the_box_is_meant_and_not_what_is_behind_it() -> None:
    scene = Image.new("RGB", (200, 200), "#d8d2c4")
    ImageDraw.Draw(scene).ellipse((60, 60, 140, 140), fill="#b03030")
    result = fixed(scene, Wish(Kind.RECOLOUR, colour="#0057B8"), box=(40, 40, 160, 160))
    assert result.picture.getpixel((100, 100)) == (0x00, 0x57, 0xB8)
    assert result.picture.getpixel((45, 45)) == (0xD8, 0xD2, 0xC4)


class Careless(Local):
    """Redraws everything, as many a provider does."""

    async def edit(
        self, subject: Subject, mask: Image.Image, wish: Wish, references: object, *, seed: int = 0
    ) -> Drawing:
        noise = np.random.default_rng(0).integers(-12, 13, np.asarray(subject.picture).shape)
        return Drawing(
            Image.fromarray(np.clip(np.asarray(subject.picture, int) + noise, 0, 255).astype(np.uint8)), "x"
        )


class OtherShape(Local):
    async def edit(
        self, subject: Subject, mask: Image.Image, wish: Wish, references: object, *, seed: int = 0
    ) -> Drawing:
        return Drawing(subject.picture.resize((subject.picture.width, subject.picture.height * 2)), "x")


class Idle(Local):
    async def edit(
        self, subject: Subject, mask: Image.Image, wish: Wish, references: object, *, seed: int = 0
    ) -> Drawing:
        return Drawing(subject.picture, "x")


def test_an_engine_that_redraws_everything_changes_nothing_outside(photo: Image.Image) -> None:
    result = asyncio.run(fix(Subject(photo), Wish(Kind.RELIGHT), Careless(), box=(10, 10, 200, 200)))
    assert result.mask is not None
    assert composite.prove(photo, result.picture, result.mask).outside == 0


@pytest.mark.parametrize(("engine", "says"), [(OtherShape(), "another frame"), (Idle(), "change nothing")])
def test_an_answer_that_is_no_edit_is_thrown_away(photo: Image.Image, engine: Local, says: str) -> None:
    with pytest.raises(Declined, match=says):
        asyncio.run(fix(Subject(photo), Wish(Kind.RELIGHT), engine, box=(10, 10, 200, 200)))


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"hello, this is text", "not a picture"),
        (b"", "not a picture"),
        (png(Image.effect_noise((200, 200), 50))[:900], "damaged"),
        (png(Image.new("RGB", (4, 4))), "only 4 x 4"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 200, "not a picture|damaged"),
        (png(Image.new("1", (9000, 20))), "9000 x 20"),
    ],
)
def test_what_is_no_picture_is_refused_in_words(data: bytes, says: str) -> None:
    with pytest.raises(Refused, match=says):
        opened(data, "cat.png")


def test_a_bomb_is_refused_from_its_header() -> None:
    header = bytearray(png(Image.new("1", (8, 8))))
    header[16:24] = (30000).to_bytes(4, "big") * 2
    with pytest.raises(Refused):
        opened(bytes(header), "bomb.png")


def test_the_grid_shows_every_draft_with_its_number() -> None:
    pictures = [Image.new("RGB", (90, 160), c) for c in ("red", "green", "blue", "white")]
    for n in (1, 2, 3, 4):
        sheet = grid.grid(pictures[:n], list(range(5, 5 + n)))
        assert max(sheet.size) <= 1600 and sheet.mode == "RGB"


def test_words_are_set_as_a_layer_where_they_are_put(photo: Image.Image) -> None:
    wish = Wish(
        Kind.TEXT, words='add "Fresh at 7" in the top right corner', region="Fresh at 7", quoted="Fresh at 7"
    )
    result = fixed(photo, wish)
    assert result.mask is not None and result.changed_outside == 0
    assert result.mask.getbbox() == (photo.width - photo.width // 3 - 1, 0, photo.width, photo.height // 3)
    assert 0.02 < result.changed_inside < 0.5
    with pytest.raises(Declined, match="painted in"):
        fixed(photo, Wish(Kind.TEXT, words='the sign should say "Open"', quoted="Open"), box=(0, 0, 99, 99))


@pytest.mark.parametrize(
    ("words", "share"), [("make everything but the top half darker", 0.5), ("make B2-C3 darker", 4 / 56)]
)
def test_places_are_named_in_many_ways(photo: Image.Image, words: str, share: float) -> None:
    result = fixed(photo, Wish(Kind.RELIGHT, words=words, region="the top half", amount=-2.0))
    assert result.share == pytest.approx(share, abs=0.01)


def test_a_logo_is_set_as_it_is_and_without_one_nothing_is_made_up(photo: Image.Image) -> None:
    logo = Image.new("RGBA", (300, 100), (0, 0, 0, 0))
    ImageDraw.Draw(logo).rectangle((20, 20, 279, 79), fill=(215, 38, 61, 255))
    wish = Wish(Kind.LOGO, words="put our logo in the top left corner", region="our logo")
    result = fixed(photo, wish, references=[photo, logo])
    assert result.changed_outside == 0 and result.mask is not None
    changed = np.argwhere((np.asarray(result.picture) == (215, 38, 61)).all(axis=2))
    high, wide = np.ptp(changed, axis=0)
    assert len(changed) > 1000 and wide / high == pytest.approx(260 / 60, rel=0.1)
    with pytest.raises(Declined, match="Attach it to the brief"):
        fixed(photo, wish, references=[photo])
