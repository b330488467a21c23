"""One path for every edit and every engine: find, show a window, fit the answer back, prove, or say why not."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from PIL import Image

from bot.engines.engine import Drawing, Engine, Subject
from bot.errors import Blocked, Busy, CalledOff, Declined, Lost, OverBudget, Rejected
from bot.fixing.fit import Fit, fit
from bot.fixing.reframe import around_kept, reframed, same_picture
from bot.fixing.where import where
from bot.imaging import composite, recolour
from bot.imaging.locate import Box, Found
from bot.imaging.window import Size, Window, around
from bot.model import Kind, Wish

TRIES = 2
WIDER = 1.6
"""How much more of the picture an engine is shown when it is asked again."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """A change that was made and proved. ``mask`` is None when the frame itself changed; ``share`` is the region's part
    of the picture and ``changed_inside`` the part of the region that differs (0..1); ``shift``, ``seam``: see ``Fit``;
    ``delta_e``: how far a colour that was asked for was missed (OKLab).

    ``drawing.picture`` is the engine's answer as it came; ``drawing.usd`` what all tries have cost.
    """

    picture: Image.Image
    drawing: Drawing
    mask: Image.Image | None
    region: str
    share: float
    changed_inside: float
    changed_outside: int
    shift: tuple[int, int] = (0, 0)
    seam: float = 0.0
    tries: int = 1
    delta_e: float | None = None


class Unsure(Exception):
    """This may be the region, or not: a person should look."""

    def __init__(self, found: Found) -> None:
        super().__init__(found.name)
        self.found = found


async def fix(
    subject: Subject,
    wish: Wish,
    engine: Engine,
    *,
    box: Box | None = None,
    mask: Image.Image | None = None,
    references: Sequence[Image.Image] = (),
    seed: int = 0,
    least_sure: float = 0.0,
    locator: Engine | None = None,
) -> Fixed:
    """Make the change. A given ``mask`` is kept to; a given ``box`` holds the mask inside it; another ``seed`` gives
    another answer, where an engine can. The ``locator`` sees what no words of place or colour tell.

    Raises Declined, in words for the person, when the region cannot be found, the engine cannot do it, or the
    proof fails twice; its ``usd`` says what that has cost. Raises Unsure, before anything is asked of the engine,
    where the region is less sure than ``least_sure``.
    """
    if subject.picture.mode not in ("RGB", "RGBA"):
        subject = replace(subject, picture=await asyncio.to_thread(subject.picture.convert, "RGB"))
    if wish.kind not in engine.abilities.edits:
        whole = Image.new("L", subject.picture.size, 255)
        await engine.edit(subject, whole, wish, references)  # it knows best how to say what it cannot do
        raise Declined(f"{engine.name} does not do that.")
    if wish.kind in (Kind.OUTPAINT, Kind.UPSCALE):
        if box is not None or mask is not None:
            raise Declined("Extending and enlarging change the whole frame; leave the marked area out.")
        drawing, region, share = await asyncio.to_thread(reframed, subject.picture, wish)
        if engine.abilities.scenes:  # computed, not drawn
            return Fixed(drawing.picture, drawing, None, region, share, 1.0, 0)
        if wish.kind is Kind.UPSCALE:
            return await _enlarged(subject, drawing.picture.size, wish, engine, seed)
        margin = Found(await asyncio.to_thread(around_kept, subject.picture, drawing.picture), region, 1.0)
        made = await _repainted(Subject(drawing.picture), margin, wish, engine, references, seed)
        return replace(made, mask=None)  # the frame is another
    found = await where(subject, wish, engine, box=box, mask=mask, locator=locator)
    if not (found.whole and engine.abilities.scenes):
        subject = replace(subject, scene=None)  # a part of a part cannot be drawn from the whole's parameters
    if found.confidence < least_sure:
        raise Unsure(found)
    return await _repainted(subject, found, wish, engine, references, seed)


async def _repainted(
    subject: Subject, found: Found, wish: Wish, engine: Engine, references: Sequence[Image.Image], seed: int
) -> Fixed:
    """Ask for the region, fit the answer back and prove it; once more with more context where that fails."""
    spent = 0.0
    for tried in range(TRIES):
        window, seen, part = await asyncio.to_thread(_shown, subject, found, engine, WIDER**tried)
        try:
            drawing = await engine.edit(seen, part, wish, references, seed=seed + tried)
            spent += drawing.usd
            drawing = replace(drawing, usd=spent)
            fixed = await asyncio.to_thread(_proved, subject, drawing, found, window, wish)
        except Rejected as why:
            spent += why.usd
            reason = str(why)
            continue
        except Busy as busy:
            raise Busy(str(busy), busy.after, spent + busy.usd) from busy
        except (Blocked, CalledOff, Lost, OverBudget) as why:
            why.usd += spent
            raise
        except Declined as why:
            raise Declined(str(why), spent + why.usd) from why
        return replace(fixed, tries=tried + 1)
    raise Declined(
        f"I tried {'twice' if TRIES == 2 else f'{TRIES} times'}, and what came back {reason}, so I threw it away. "
        "Nothing was changed. Mark a larger area, say it in other words, or ask for a new round with 🔁.",
        spent,
    )


async def _enlarged(subject: Subject, size: Size, wish: Wish, engine: Engine, seed: int) -> Fixed:
    """More pixels by a model: the same picture, seen from where it was."""
    whole = Image.new("L", subject.picture.size, 255)
    try:
        drawing = await engine.edit(Subject(subject.picture), whole, wish, (), seed=seed)
    except Rejected as why:
        raise Declined(f"What came back {why}. Nothing was changed.", why.usd) from why
    picture = await asyncio.to_thread(drawing.picture.resize, size, Image.Resampling.LANCZOS)
    if not await asyncio.to_thread(same_picture, subject.picture, drawing.picture):
        raise Declined(
            "What came back is another picture, so I threw it away. “Enlarge it” without naming a model adds pixels "
            "and changes nothing.",
            drawing.usd,
        )
    return Fixed(picture, drawing, None, "the whole picture", 1.0, 1.0, 0)


def _shown(
    subject: Subject, found: Found, engine: Engine, wider: float
) -> tuple[Window, Subject, Image.Image]:
    """What the engine sees, and the mask at that size; of one of its own scenes, all of it."""
    size, box = subject.picture.size, found.mask.getbbox()
    if subject.scene or box is None:
        return Window((0, 0, *size), size), subject, found.mask
    window = around(box, size, engine.abilities.context * wider, engine.abilities.sizes)
    if window.box == (0, 0, *size) == (0, 0, *window.size):
        return window, subject, found.mask
    # What is known of the parts is of no use at another size, and no engine asks for it in a window.
    return window, Subject(window.sent(subject.picture), frame=size), window.sent(found.mask)


def _proved(subject: Subject, drawing: Drawing, found: Found, window: Window, wish: Wish) -> Fixed:
    before = subject.picture
    if subject.scene:
        if drawing.picture.size != before.size:
            raise Rejected("has another frame")
        after = composite.patch(before, drawing.picture, found.mask)
        fitted = Fit(after, (0, 0), 0.0)
    else:
        fitted = fit(window.cut(before), drawing.picture, window.cut(found.mask), wish.kind, window.size)
        after = before.copy()
        after.paste(fitted.picture, window.box[:2])
    proof = composite.prove(before, after, found.mask)
    if proof.outside:
        raise Declined(
            "The edit changed pixels outside its area, so it was thrown away. Nothing was changed."
        )
    if proof.inside == 0:
        raise Declined("That would change nothing: it already looks like this.")
    if drawing.labels is None and wish.kind in (
        Kind.RECOLOUR,
        Kind.RELIGHT,
    ):  # what is where stays where it is
        drawing = replace(drawing, labels=subject.labels, parts=subject.parts)
    return Fixed(
        after,
        drawing,
        found.mask,
        found.name,
        proof.share,
        proof.inside,
        proof.outside,
        fitted.shift,
        round(fitted.seam, 2),
        delta_e=_missed(after, found, wish),
    )


def _missed(after: Image.Image, found: Found, wish: Wish) -> float | None:
    box = found.mask.getbbox()
    if wish.kind is not Kind.RECOLOUR or not wish.colour or box is None:
        return None
    return round(recolour.away(after.crop(box), found.mask.crop(box), wish.colour), 4)
