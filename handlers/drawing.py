"""Drawing a round: sketches in one go, a provider's pictures one by one, each shown or kept back as it comes."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from PIL import Image, ImageOps

from bot import prompts
from bot.commands import AskBudget, GiveUp, Picture, Start, TakeDraft, TakeDrafts
from bot.engines import routing
from bot.engines.engine import Drawing, Engine, Subject
from bot.errors import (
    Blocked,
    Busy,
    CalledOff,
    Declined,
    Lost,
    Misconfigured,
    OverBudget,
    ProofthreadError,
    Refused,
    Rejected,
    Unknown,
)
from bot.imaging import curate
from bot.imaging.curate import Print
from bot.jobs import Draw
from bot.model import Brief, Round
from bot.review.edits import is_open
from bot.wording import plural
from handlers import pictures
from handlers.accounts import Account, Accounted, model_of, settle
from handlers.desk import Desk

log = logging.getLogger(__name__)
SHORT = 8.0
"""Seconds: a pause that a provider asks for is waited out up to this long; for longer ones the next engine is asked."""
WAITS = 5
"""How often an engine that asks for a moment's pause is asked before the next one is."""
FORGIVEN = 2
"""How often one with a fault of its own is."""
KEPT_BACK = {
    "near-copy": "nearly the same",
    "spare": "much like these",
    "flat": "empty",
    "blurred": "blurred",
    "tiny": "too small",
    "shape": "in another shape",
    "colours": "off the colours",
}
SEEDS = 100
"""Seeds of one round, so that no two rounds share any."""


async def draw(desk: Desk, job: Draw) -> None:
    """Draw a round and hand the drafts over; a round that has its drafts is left alone."""
    brief = await desk.store.brief(job.brief)
    if brief is None or brief.rounds[job.round - 1].state != "drawing":
        await settle(desk, job.brief, piece(job.brief, job.round), "draw")
        return
    if not is_open(brief):
        await settle(desk, job.brief, piece(job.brief, job.round), "draw")
        await desk.perform(TakeDrafts(job.brief, job.round))
        return
    state, wanted = brief.rounds[job.round - 1], brief.wanted
    try:
        engines = routing.for_round(desk.engines, desk.catalogue, f"{wanted.text}\n{state.wish}")
        begun = await desk.perform(Start(job.brief, round=job.round, usual=await usual(desk, engines[0])))
        if begun is None or begun.brief.rounds[job.round - 1].state != "drawing":
            return  # taken back in the meantime
        base = brief.version(state.base) if state.base else None
        order = _Order(
            begun.brief,
            begun.brief.rounds[job.round - 1],
            await pictures.references(desk, wanted.references),
            await pictures.subject(desk, base) if base else None,
        )
        if engines[0].name == routing.SKETCH:
            done = await _sketched(desk, engines[0], order)
            await desk.perform(TakeDrafts(job.brief, job.round, tuple(done)))
        else:
            note = await _Shelf(desk, engines, order).filled()
            await desk.perform(TakeDrafts(job.brief, job.round, note=note))
    except OverBudget as why:
        await over(desk, why, job.brief, round=job.round)
    except (Declined, Refused) as why:
        await desk.perform(GiveUp(job.brief, str(why), round=job.round))


def piece(brief: str, round: int) -> str:
    """The beginning of the keys of a round's calls."""
    return f"{brief}:round:{round}"


async def over(desk: Desk, why: OverBudget, brief: str, **what: int) -> None:
    """A brief's own budget may be lifted by who asked for it; the month's only by an admin. ``what``: the number of
    the round, change or deliverable that waits."""
    if why.scope == "brief":
        await desk.perform(AskBudget(brief, why.spent, why.needs, why.limit, **what))
    else:
        await desk.perform(GiveUp(brief, str(why), **what))


@dataclass(frozen=True, slots=True)
class _Order:
    brief: Brief
    round: Round
    references: Sequence[Image.Image]
    like: Subject | None

    @property
    def size(self) -> tuple[int, int]:
        return self.brief.wanted.placement.width, self.brief.wanted.placement.height

    @property
    def wish(self) -> str:
        """What the thread has asked for so far; of a chosen draft only the one thing that should change."""
        if self.like is not None:
            return self.round.wish
        rounds = self.brief.rounds[: self.round.number]
        return prompts.so_far([r.wish for r in rounds if r.base is None])


async def _sketched(desk: Desk, engine: Engine, order: _Order) -> list[Picture]:
    """Sketches know one another: each layout comes once before any comes again."""
    started = time.perf_counter()
    drawings = await engine.draw(
        order.brief.wanted,
        n=order.round.count,
        size=order.size,
        wish=order.round.wish,
        references=order.references,
        seed=order.round.number - 1,
        like=order.like,
    )
    each = (time.perf_counter() - started) / max(1, len(drawings))
    return [await pictures.kept(desk, engine.name, drawing, each) for drawing in drawings]


async def usual(desk: Desk, engine: Engine) -> float:
    """Seconds a picture usually takes: of its own last calls, else as the catalogue says; 0 for sketches."""
    model = model_of(engine)
    if model not in desk.catalogue.models:
        return 0.0
    return await desk.calls.seconds(model) or desk.catalogue.models[model].seconds


@dataclass(slots=True)
class _Shelf:
    """The pictures of a round as they come. The first half of the places is filled at once; the rest by what differs
    most when all are here, so that people choose among few that differ."""

    desk: Desk
    engines: Sequence[Engine]
    order: _Order
    prints: list[Print] = field(default_factory=list)
    waiting: list[tuple[Picture, Print]] = field(default_factory=list)
    kept_back: Counter[str] = field(default_factory=Counter)
    troubles: list[ProofthreadError] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)
    shown: int = 0

    async def filled(self) -> str:
        """Draw, show, keep back; gives what people should know. Raises what kept everything from coming."""
        count = self.order.round.count
        total = count if self.order.like else max(count, math.ceil(self.desk.drawn * count / 4))
        at_once = count if total == count else count // 2
        await self._taken()
        pieces = [asyncio.create_task(self._one(number)) for number in range(total)]
        try:
            for drawn in asyncio.as_completed(pieces):
                if (arrived := await drawn) is not None:
                    await self._sorted(*arrived, at_once=at_once)
        finally:
            await asyncio.gather(*pieces, return_exceptions=True)  # none is left running, and none unpaid for
        picked = curate.chosen([p for _, p in self.waiting], self.prints, count - self.shown)
        for index in picked:
            await self._take(self.waiting[index][0], shown=True)
            self.prints.append(self.waiting[index][1])
        for index, (picture, print_) in enumerate(self.waiting):
            if index not in picked:
                why = "near-copy" if curate.twin(print_, self.prints) else "spare"
                self.kept_back[why] += 1
                await self._take(picture, shown=False)
        if not self.shown:
            raise self._worst()
        return self._note(count)

    async def _taken(self) -> None:
        """What has come before we were interrupted."""
        number = self.order.round.number
        for draft in (d for d in self.order.brief.drafts if d.round == number):
            picture = (await pictures.subject(self.desk, draft.versions[0])).picture
            self.prints.append(await asyncio.to_thread(curate.fingerprint, picture))
            self.shown += 1

    async def _one(self, number: int) -> tuple[Picture, Image.Image] | None:
        """One picture, by the first engine that makes it; what went wrong is kept for later."""
        try:
            return await self._drawn(number)
        except (Busy, Declined, Misconfigured, Refused) as why:
            self.troubles.append(why)
        return None

    async def _drawn(self, number: int) -> tuple[Picture, Image.Image]:
        """By the first engine that can. A second one is asked only where the first has cost nothing."""
        desk = self.desk
        last: ProofthreadError | None = None
        for engine in [e for e in self.engines if model_of(e) not in desk.gone] or self.engines:
            started = time.perf_counter()
            try:
                drawing = await self._by(engine, number)
            except (Blocked, CalledOff, Lost, OverBudget):
                raise
            except Unknown as why:
                log.warning("%s: %s", model_of(engine), why, extra={"action": "model_unknown"})
                self.unknown |= {model_of(engine)} - desk.gone
                desk.gone.add(model_of(engine))
                last = why
            except (Busy, Declined, Misconfigured) as why:
                if getattr(why, "usd", 0.0):
                    raise  # paid already: nobody else is paid for the same
                log.warning("%s: %s", model_of(engine), why, extra={"action": "engine_declined"})
                last = why
            else:
                framed = await asyncio.to_thread(_framed, drawing, self.order.size)
                kept = await pictures.kept(desk, engine.name, framed, time.perf_counter() - started)
                return replace(kept, booked=True), framed.picture
        raise last or Declined("No engine is set up that draws.")

    async def _by(self, engine: Engine, number: int) -> Drawing:
        """By one engine; short pauses that it asks for are waited out, and a fault of its own is forgiven once."""
        order, tries = self.order, 0
        key = piece(order.brief.id, order.round.number)
        book = Account(self.desk, order.brief.id, key, engine.name, model_of(engine), _alive(order))
        account = Accounted(book, engine)
        while True:
            try:
                (drawing,) = await account.draw(
                    order.brief.wanted,
                    n=1,
                    size=order.size,
                    wish=order.wish,
                    references=order.references,
                    seed=SEEDS * (order.round.number - 1) + number,
                    like=order.like,
                )
            except Busy as busy:
                tries += 1
                if tries >= (FORGIVEN if busy.after is None else WAITS) or (busy.after or 0.0) > SHORT:
                    raise
                await asyncio.sleep(1.0 if busy.after is None else busy.after)
            else:
                return drawing

    async def _sorted(self, picture: Picture, image: Image.Image, *, at_once: int) -> None:
        number = self.order.round.number
        known = await self.desk.store.brief(self.order.brief.id)
        spare = known.rounds[number - 1].spare if known else ()
        taken = [d.versions[0] for d in known.drafts if d.round == number] if known else []
        if picture.sha256 in {v.sha256 for v in (*spare, *taken)}:
            return
        why = await asyncio.to_thread(curate.fault, image, self.order.size, self.order.brief.wanted.colours)
        if why is not None:
            self.kept_back[why] += 1
            await self._take(picture, shown=False)
            return
        print_ = await asyncio.to_thread(curate.fingerprint, image)
        if self.shown < at_once and not curate.twin(print_, self.prints):
            self.prints.append(print_)
            await self._take(picture, shown=True)
        else:
            self.waiting.append((picture, print_))

    async def _take(self, picture: Picture, *, shown: bool) -> None:
        self.shown += shown
        await self.desk.perform(TakeDraft(self.order.brief.id, self.order.round.number, picture, shown))

    def _worst(self) -> ProofthreadError:
        """What to say when nothing came: what a person can act on first, then what time may mend."""
        for kind in (OverBudget, Blocked, Lost, Busy, Rejected, Declined):
            for trouble in self.troubles:
                if isinstance(trouble, Rejected) and kind is Rejected:
                    return Declined(f"What came back {trouble}.", trouble.usd)
                if isinstance(trouble, kind):
                    return trouble
        if self.kept_back:
            return Declined("Everything that was drawn came out broken (empty, blurred or in another shape).")
        return Declined(
            "The engines that are set up cannot be used at the moment; whoever runs this bot can see why with "
            "`python -m bot doctor`."
        )

    def _note(self, count: int) -> str:
        said = []
        if self.kept_back:
            why = ", ".join(f"{n} {KEPT_BACK[kind]}" for kind, n in self.kept_back.items())
            back = sum(self.kept_back.values())
            said.append(f"{self.shown + back} drawn, {back} kept back: {why}.")
        if self.unknown:
            models = ", ".join(sorted(self.unknown))
            said.append(
                f"{models} is not known to its provider any more, so the next of its kind drew instead."
            )
        if self.shown < count and self.troubles:
            missing = plural(count - self.shown, "draft")
            said.append(f"{missing} could not be drawn: {self._worst()}")
        elif lost := [t for t in self.troubles if isinstance(t, Lost)]:
            said.append(f"{plural(len(lost), 'more draft')} did not come and may have been charged.")
        return " ".join(said)


def _alive(order: _Order) -> Callable[[Brief], bool]:
    number = order.round.number
    return lambda brief: is_open(brief) and brief.rounds[number - 1].state == "drawing"


def _framed(drawing: Drawing, size: tuple[int, int]) -> Drawing:
    """The picture at the placement's own size; a slightly other shape is cropped, a wholly other one left to be sorted
    out."""
    picture = drawing.picture
    stretched = abs(math.log(picture.width * size[1] / (picture.height * size[0])))
    if picture.size == size or stretched > curate.STRETCHED or min(picture.size) < curate.LEAST_SIDE:
        return drawing
    return replace(drawing, picture=ImageOps.fit(picture, size, Image.Resampling.LANCZOS))
