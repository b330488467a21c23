"""The engine without a key: honest sketches, and the edits that can be done well without a model."""

from __future__ import annotations

import asyncio
import hashlib
import random
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PIL import Image, ImageChops, ImageFilter

from bot import colours
from bot.engines.engine import OPEN, Abilities, Drawing, Mask, Subject, Till
from bot.errors import Declined
from bot.imaging import composite, fill, lettering, locate, recolour, relight
from bot.imaging.locate import Found
from bot.imaging.sketch import layouts, motifs
from bot.imaging.sketch.canvas import PARTS, Canvas
from bot.imaging.sketch.scene import Scene
from bot.model import Kind, Wanted, Wish

MODEL = "sketch-1"
_ADD = re.compile(
    r"\b(add|put|write|set|place|schreib|setz|añad|pon|escrib|ajoute|mets|écri|acrescent|adicion|coloc|escrev)",
    re.I,
)
"""Words that put lettering where there is none."""
WITH_A_KEY = (
    "Gemini, OpenAI or FLUX can, once an admin adds a key (GEMINI_API_KEY, OPENAI_API_KEY, BFL_API_KEY)."
)
PALETTES = (  # background, accent, second: each set reads in the order of how loud it is
    ("#FFF6E0", "#F28C28", "#14213D"),
    ("#14213D", "#D4A017", "#FFF6E0"),
    ("#FFFFFF", "#D7263D", "#FFCBA4"),
    ("#F28C28", "#14213D", "#FFFFFF"),
    ("#E8F3EE", "#0F7C80", "#14532D"),
    ("#6F3FA0", "#FFD400", "#FFFFFF"),
    ("#0F7C80", "#FFF6E0", "#FF7F61"),
    ("#F9C6D6", "#8B1A2B", "#FFFFFF"),
)


class Local:
    """Draws sketches; recolours, relights, repaints backgrounds, fills small holes, sets words."""

    name = "local"
    abilities = Abilities(
        edits=frozenset(
            {
                Kind.RECOLOUR,
                Kind.RELIGHT,
                Kind.BACKGROUND,
                Kind.REMOVE,
                Kind.OUTPAINT,
                Kind.UPSCALE,
                Kind.TEXT,
                Kind.LOGO,
            }
        ),
        mask=Mask.HARD,
        references=1,
        seed=True,
        scenes=True,
        context=1.25,  # what a hole is filled from
    )

    def __init__(self, font: Path | None = None) -> None:
        self.font = font

    async def draw(
        self,
        wanted: Wanted,
        *,
        n: int,
        size: tuple[int, int],
        wish: str,
        references: Sequence[Image.Image],
        seed: int,
        like: Subject | None = None,
        till: Till = OPEN,
    ) -> list[Drawing]:
        """Sketches in layouts that really differ, one after another so that other work gets its turn."""
        reference = references[0] if references else None
        drawings = []
        for scene in scenes(wanted, n=n, size=size, wish=wish, seed=seed, like=like, font=self.font):
            canvas = await asyncio.to_thread(layouts.render, scene, reference, self.font)
            drawings.append(_drawing(canvas, scene, _missing(wanted.headline or wanted.title, self.font)))
        return drawings

    async def locate(self, subject: Subject, wish: Wish, till: Till = OPEN) -> Found | None:
        """Where a part of one of its own sketches stands, with the room its words may take."""
        if not subject.scene or subject.labels is None or wish.kind not in (Kind.TEXT, Kind.REMOVE):
            return None
        room = await asyncio.to_thread(_room, subject, wish, self.font)
        return Found(room, wish.region or "the wording", 0.95, whole=True) if room else None

    async def edit(
        self,
        subject: Subject,
        mask: Image.Image,
        wish: Wish,
        references: Sequence[Image.Image],
        *,
        seed: int = 0,
        till: Till = OPEN,
    ) -> Drawing:
        """One change, outside the mask not one pixel. Raises Declined for what cannot be done well without a model."""
        return await asyncio.to_thread(self._edit, subject, mask, wish, references, seed)

    async def close(self) -> None:
        """It holds nothing."""

    def _edit(
        self, subject: Subject, mask: Image.Image, wish: Wish, references: Sequence[Image.Image], seed: int
    ) -> Drawing:
        if subject.scene and (redrawn := _in_scene(subject, wish, references, self.font)):
            return redrawn
        picture, longest = subject.picture, max(subject.frame or subject.picture.size)
        match wish.kind:
            case Kind.RECOLOUR if wish.colour:
                changed = recolour.recolour(picture, mask, wish.colour)
            case Kind.RECOLOUR:
                if wish.amount is None:
                    raise Declined(
                        "Say which colour it should be, for example “make it #0057B8” or “make it navy”."
                    )
                changed = recolour.faded(picture, mask, wish.amount)
            case Kind.BACKGROUND if wish.colour:
                changed = Image.new(
                    picture.mode, picture.size, wish.colour
                )  # opaque, where it was see-through too
            case Kind.BACKGROUND if "blur" in wish.words.lower():
                changed = picture.convert("RGB").filter(ImageFilter.GaussianBlur(longest / 60))
            case Kind.BACKGROUND:
                raise Declined(
                    "I can give the background a colour or blur it; a new setting needs a model that draws. "
                    + WITH_A_KEY
                )
            case Kind.RELIGHT:
                changed = relight.relight(picture, 0.35 * (wish.amount or 1.0))
            case Kind.REMOVE:
                if fill.too_large(mask, longest):
                    raise Declined(
                        "That is too large to take out without a model: what I put there would look wrong. "
                        "Mark a smaller part. " + WITH_A_KEY
                    )
                changed = fill.fill(picture, mask, longest, seed)
            case Kind.LOGO:
                logo = next((r for r in references if composite.see_through(r)), None)
                if logo is None:
                    raise Declined(
                        "I have no logo to set, and a logo is never drawn by a model. Attach it to the brief as a PNG "
                        "with a see-through ground; then say where it goes, or mark the spot."
                    )
                changed = composite.placed(picture, logo, mask)
            case Kind.TEXT if wish.quoted and _ADD.search(wish.words):
                changed = lettering.layer(picture, mask, _settable(wish.quoted, self.font), self.font)
            case Kind.TEXT:
                raise Declined(
                    "I can set words anew on my own sketches, not in a picture where they are painted in. Take them "
                    "out with “remove ...”, then say where to add which words, or react with 🔁 for a new round."
                )
            case _:
                raise Declined(
                    "I cannot repaint a part without a model that draws. I can recolour, relight, remove small things, "
                    "set the background, extend and enlarge. " + WITH_A_KEY
                )
        changed = composite.patch(picture, changed, mask)
        varies = seed if wish.kind is Kind.REMOVE else None
        return Drawing(changed, MODEL, labels=subject.labels, parts=subject.parts, seed=varies)


def scenes(
    wanted: Wanted,
    *,
    n: int,
    size: tuple[int, int],
    wish: str,
    seed: int,
    like: Subject | None = None,
    font: Path | None = None,
) -> list[Scene]:
    """``n`` scenes for the words: each layout once, before any comes again; ``like`` keeps that one's layout."""
    dice = random.Random(hashlib.sha256(f"{wanted.text}\n{wish}\n{seed}".encode()).digest())
    asked = colours.found(wish) or wanted.colours
    palettes = [_around(asked, i) for i in range(n)] if asked else _spread(dice, n)
    names = list(layouts.LAYOUTS)
    start = seed % len(names)
    headline = _settable(wanted.headline or wanted.title, font)
    motif = motifs.pick(f"{wanted.title} {wanted.brand or ''} {wish}")
    if like is not None and like.scene:
        kept = Scene.load(like.scene)
        return [replace(kept, background=b, accent=a, second=s, turn=seed) for b, a, s in palettes]
    return [
        Scene(
            layout=names[(start + i) % len(names)],
            width=size[0],
            height=size[1],
            headline=headline,
            brand=_settable(wanted.brand or "", font),
            background=background,
            accent=accent,
            second=second,
            motif=motif,
            turn=seed,
            reference=wanted.references[0] if wanted.references else None,
        )
        for i, (background, accent, second) in enumerate(palettes)
    ]


def _spread(dice: random.Random, n: int) -> list[tuple[str, str, str]]:
    chosen = list(PALETTES)
    dice.shuffle(chosen)
    return [chosen[i % len(chosen)] for i in range(n)]


def _around(asked: tuple[str, ...], i: int) -> tuple[str, str, str]:
    """A palette of the colours asked for; where there are too few, what reads best with them."""
    first = asked[i % len(asked)]
    light, dark = "#FFFFFF", "#17181C"
    other = next((c for c in asked if c != first), light if colours.contrast(first, light) > 3 else dark)
    third = next((c for c in asked if c not in (first, other)), dark if other == light else light)
    return ((first, other, third), (third, first, other), (other, first, third), (first, third, other))[i % 4]


def _settable(text: str, font: Path | None) -> str:
    """The words without the letters the font lacks; a clear stand-in where nothing is left."""
    gaps = lettering.missing(text, bold=True, file=font)
    if not gaps:
        return text
    kept = " ".join("".join(c for c in text if c not in gaps).split())
    return kept if sum(c.isalnum() for c in kept) > len(gaps) else "[headline]"


def _missing(text: str, font: Path | None) -> str:
    gaps = lettering.missing(text, bold=True, file=font)
    if not gaps:
        return ""
    way = "A brand font that has them (PROOFTHREAD_FONT) will set them."
    return f"My sketch font has no letters for {gaps[:12]}, so they are left out here. {way}"


def _drawing(canvas: Canvas, scene: Scene, said: str = "") -> Drawing:
    layout = (layouts.LAYOUTS[scene.layout].__doc__ or "").strip().rstrip(".").lower()
    what = "the picture you gave" if scene.reference else f"a plain drawing ({scene.motif})"
    alt = f"Sketch. {layout.capitalize()}. “{scene.headline}” on {scene.background}, with {what} in {scene.accent}."
    return Drawing(
        canvas.picture, MODEL, labels=canvas.labels, parts=PARTS, scene=scene.dump(), said=said, alt=alt
    )


def _room(subject: Subject, wish: Wish, font: Path | None) -> Image.Image | None:
    part = locate.named_part((wish.region or "").lower(), PARTS)
    if part is None and wish.kind is Kind.TEXT:
        part = "headline"
    if part is None or subject.labels is None:
        return None
    slot = layouts.render(Scene.load(subject.scene or ""), font=font).slots.get(part)
    if slot is None:
        return composite.grown(locate.part_mask(subject.labels, PARTS, part), 2)
    room = locate.box_mask(subject.picture.size, slot)
    for other in set(PARTS) - {"background", "accent", part}:
        room = ImageChops.subtract(room, composite.grown(locate.part_mask(subject.labels, PARTS, other), 2))
    return room


def _in_scene(
    subject: Subject, wish: Wish, references: Sequence[Image.Image], font: Path | None
) -> Drawing | None:
    """A change of one of the sketch's own parts is drawn from its parameters; None when it is another thing."""
    scene = Scene.load(subject.scene or "")
    part = locate.named_part((wish.region or "").lower(), PARTS)
    said = ""
    match wish.kind:
        case Kind.BACKGROUND if wish.colour:
            scene, said = _on_ground(scene, wish.colour, font)
        case Kind.RECOLOUR if wish.colour and part == "background":
            scene, said = _on_ground(scene, wish.colour, font)
        case Kind.RECOLOUR if wish.colour and part == "accent":
            scene = replace(scene, accent=wish.colour)
        case Kind.RECOLOUR if wish.colour and part == "headline":
            scene = replace(scene, headline_ink=wish.colour)
        case Kind.RECOLOUR if wish.colour and part == "brand":
            scene = replace(scene, brand_ink=wish.colour)
        case Kind.TEXT if wish.quoted:
            words = _settable(wish.quoted, font)
            scene = replace(scene, brand=words) if part == "brand" else replace(scene, headline=words)
            said = _missing(wish.quoted, font)
        case Kind.REMOVE if part in ("headline", "brand", "accent") or (
            part == "subject" and not scene.reference
        ):
            scene = replace(scene, without=(*scene.without, part))
        case Kind.REMOVE if part == "badge":
            raise Declined(
                "The badge stays: it says that this is a sketch. Pictures drawn by a model have none."
            )
        case _:
            return None
    return _drawing(layouts.render(scene, references[0] if references else None, font), scene, said)


def _on_ground(scene: Scene, colour: str, font: Path | None) -> tuple[Scene, str]:
    """The scene on another ground, its words in the inks they had; and a warning where they get hard to read."""
    inks = layouts.render(scene, None, font).inks
    changed = replace(
        scene, background=colour, headline_ink=inks.get("headline"), brand_ink=inks.get("brand")
    )
    read = colours.contrast(inks.get("headline", colour), colour)
    if "headline" not in inks or read >= 3:
        return changed, ""
    better = "white" if colours.contrast("#FFFFFF", colour) > colours.contrast("#000000", colour) else "black"
    return changed, f"The headline is hard to read on this now. “Make the headline {better}” mends it."
