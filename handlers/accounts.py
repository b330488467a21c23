"""An engine that costs money, with its book kept: each paid call is made once, whatever happens to us in between."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace

from PIL import Image

from bot.commands import Charge
from bot.engines import answers
from bot.engines.engine import OPEN, Asked, Drawing, Engine, Subject, Till
from bot.errors import Blocked, CalledOff, Lost, Misconfigured, OverBudget, ProofthreadError, Rejected
from bot.imaging.locate import Found
from bot.model import Brief, Wanted, Wish
from bot.review.edits import is_open
from handlers.desk import Desk
from storage.calls import BLOCKED, DONE, FAILED, LOST, SPENT, Call

log = logging.getLogger(__name__)
GONE = (
    "I was interrupted while it was being made, and nobody knows whether it was charged, so I did not ask for it again "
    "by myself. Ask once more if you still want it."
)


class Accounted:
    """An engine for one piece of work (``key``) of one brief; calls are told apart by model and seed. ``alive``: is
    the work still wanted?"""

    def __init__(
        self, desk: Desk, engine: Engine, brief: str, key: str, model: str, alive: Callable[[Brief], bool]
    ) -> None:
        self.name, self.abilities = engine.name, engine.abilities
        self._desk, self._engine, self._brief = desk, engine, brief
        self._key, self._model, self._alive = key, model, alive
        self._found: Found | None = None
        self._looked = False

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
        """One picture, asked for once."""

        async def asked(till: Till) -> Drawing:
            (drawing,) = await self._engine.draw(
                wanted, n=1, size=size, wish=wish, references=references, seed=seed, like=like, till=till
            )
            return drawing

        return [await self._once("draw", seed, asked)]

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
        """One change, asked for once."""
        return await self._once(
            wish.kind.value,
            seed,
            lambda till: self._engine.edit(subject, mask, wish, references, seed=seed, till=till),
        )

    async def locate(self, subject: Subject, wish: Wish) -> Found | None:
        """Where a thing is; booked as the catalogue says. A locator that cannot be used tells as little as none."""
        if self._looked:
            return self._found
        try:
            found = await self._engine.locate(subject, wish)
        except Misconfigured as why:
            log.warning("%s: %s", self._model, why, extra={"action": "engine_misconfigured"})
            return None
        model = self._desk.catalogue.models.get(self._model)
        if self.abilities.locates and model is not None:
            await self._book("locate", f"{self._key}:{self._model}:locate", model.price(subject.picture.size))
        if self.abilities.locates:
            self._found, self._looked = found, True  # once for each piece of work
        return found

    async def close(self) -> None:
        """The engine is not this one's to close."""

    async def _once(self, op: str, seed: int, asked: Callable[[Till], Awaitable[Drawing]]) -> Drawing:
        desk, key = self._desk, f"{self._key}:{self._model}:{seed}"
        if (known := await desk.calls.known(key)) is not None and known.state == DONE:
            await self._book(op, key, known.usd)
            return await self._again(known)
        till = _Booking(desk, self._brief, key, self._alive)
        try:
            drawing = await asked(till)
        except OverBudget:
            raise
        except ProofthreadError as why:
            usd = getattr(why, "usd", 0.0)
            if till.booked:
                await desk.calls.end(key, _state(why), desk.now(), usd)
            await self._book(op, key, usd)
            raise
        original = await self._stored(drawing.original or b"")
        result = {
            "sha": original,
            "model": drawing.model,
            "seed": drawing.seed,
            "estimated": drawing.estimated,
            "request": drawing.request,
        }
        await desk.calls.end(key, DONE, desk.now(), drawing.usd, result=json.dumps(result))
        await self._book(op, key, drawing.usd)
        return drawing

    async def _stored(self, data: bytes) -> str:
        """The answer is paid: a store that stumbles is asked again before it is given up."""
        for wait in (0.2, 1.0, 4.0):
            try:
                return await self._desk.files.keep(data)
            except Exception as error:  # whatever the store's library raises
                log.warning("An answer could not be stored: %r", error, extra={"action": "not_stored"})
                await asyncio.sleep(wait)
        return await self._desk.files.keep(data)

    async def _book(self, op: str, key: str, usd: float) -> None:
        """What it has cost, in the log, once for each call."""
        if usd:
            await self._desk.perform(Charge(self._brief, op, self.name, self._model, usd), f"call:{key}")

    async def _again(self, call: Call) -> Drawing:
        """The answer that came before we were interrupted."""
        kept: Mapping[str, object] = json.loads(call.result or "{}")
        data = await self._desk.files.read(str(kept["sha"]))
        drawing = await asyncio.to_thread(answers.drawing, data, str(kept["model"]), usd=call.usd)
        seed, request = kept.get("seed"), kept.get("request")
        return replace(
            drawing,
            seed=seed if isinstance(seed, int) else None,
            request=request if isinstance(request, dict) else None,
            estimated=bool(kept.get("estimated")),
        )


async def settle(desk: Desk, brief: str, piece: str, op: str) -> None:
    """What was underway when we were interrupted, and is not wanted any more: it may have been charged."""
    for call in await desk.calls.left(f"{piece}:"):
        await desk.calls.end(call.key, LOST, desk.now(), call.usd)
        if call.usd:
            await desk.perform(Charge(brief, op, call.engine, call.model, call.usd), f"call:{call.key}")


def _state(why: ProofthreadError) -> str:
    match why:
        case Lost():
            return LOST
        case Blocked():
            return BLOCKED
    return SPENT if getattr(why, "usd", 0.0) else FAILED


class _Booking:
    """The till of one call. ``booked``: it stands in the book, and not as lost already."""

    def __init__(self, desk: Desk, brief: str, key: str, alive: Callable[[Brief], bool]) -> None:
        self._desk, self._brief, self._key, self._alive = desk, brief, key, alive
        self.booked = False

    async def begin(self, asked: Asked) -> str | None:
        """See ``Till``."""
        desk = self._desk
        if not await self.wanted():
            raise CalledOff("It was called off.")
        brief = await desk.store.brief(self._brief)
        budget = (
            desk.budget if brief is None or brief.budget is None else replace(desk.budget, brief=brief.budget)
        )
        call = await desk.calls.begin(self._key, self._brief, asked, desk.now(), budget)
        if call.new:
            self.booked = True
            return None
        match call.state:
            case "blocked":
                raise Blocked("It was asked for before, and the provider's safety rules forbid it.", call.usd)
            case "spent":
                raise Rejected("was no picture", call.usd)
            case "lost":
                raise Lost(GONE, call.usd)
        self.booked = True
        if call.ticket is None:
            raise Lost(GONE, call.usd)
        return call.ticket

    async def ticket(self, ticket: str) -> None:
        """See ``Till``."""
        await self._desk.calls.ticket(self._key, ticket)

    async def wanted(self) -> bool:
        """See ``Till``."""
        brief = await self._desk.store.brief(self._brief)
        return brief is not None and is_open(brief) and self._alive(brief)
