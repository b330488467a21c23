"""What costs money, with its book kept: each paid call is made once, whatever happens to us in between."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from PIL import Image

from bot.commands import Charge
from bot.engines import answers
from bot.engines.engine import OPEN, Asked, Drawing, Engine, Reader, Subject, Till
from bot.errors import Blocked, CalledOff, Lost, Misconfigured, OverBudget, ProofthreadError, Rejected
from bot.imaging.locate import Found
from bot.imaging.picture import png
from bot.model import Brief, Wanted, Wish
from handlers import pictures
from handlers.desk import Desk
from storage.calls import BEGUN, BLOCKED, DONE, FAILED, LOST, SPENT

log = logging.getLogger(__name__)
Answer = TypeVar("Answer")
GONE = (
    "I was interrupted while it was being made, and nobody knows whether it was charged, so I did not ask for it again "
    "by myself. Ask once more if you still want it."
)


@dataclass(frozen=True, slots=True)
class Way(Generic[Answer]):
    """How an answer is kept, so that it is never asked for twice. ``kept`` gives what it has cost (USD) and what is
    known of it; ``again`` makes the answer of that."""

    kept: Callable[[Answer], Awaitable[tuple[float, Mapping[str, object]]]]
    again: Callable[[Mapping[str, Any], float], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Account:
    """The book of one model for one piece of work (the beginning of its calls' keys) of a brief. ``alive``: is the
    work still wanted?"""

    desk: Desk
    brief: str
    piece: str
    engine: str
    model: str
    alive: Callable[[Brief], bool]

    async def once(
        self, op: str, tag: str, asked: Callable[[Till], Awaitable[Answer]], way: Way[Answer]
    ) -> Answer:
        """Ask, unless it was asked before; calls of one piece of work are told apart by ``tag``."""
        desk, key = self.desk, f"{self.piece}:{self.model}:{tag}"
        if (known := await desk.calls.known(key)) is not None and known.state == DONE:
            await self._book(op, key, known.usd)
            return await way.again(json.loads(known.result or "{}"), known.usd)
        till = _Booking(desk, self.brief, key, self.alive)
        try:
            answer = await asked(till)
        except OverBudget:
            raise
        except ProofthreadError as why:
            usd = getattr(why, "usd", 0.0)
            if till.booked:
                await desk.calls.end(key, _state(why), desk.now(), usd)
            await self._book(op, key, usd)
            raise
        usd, result = await way.kept(answer)
        await desk.calls.end(key, DONE, desk.now(), usd, result=json.dumps(result))
        await self._book(op, key, usd)
        return answer

    async def _book(self, op: str, key: str, usd: float) -> None:
        """What it has cost, in the log, once for each call."""
        if usd:
            await self.desk.perform(Charge(self.brief, op, self.engine, self.model, usd), f"call:{key}")


class Accounted:
    """An engine with its book kept: pictures are told apart by their seed; a thing is looked for once."""

    def __init__(self, account: Account, engine: Engine) -> None:
        self.name, self.abilities = engine.name, engine.abilities
        self._account, self._engine = account, engine
        self._pictures = Way(self._kept, self._again)
        self._places = Way(self._placed, self._place_again)

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

        return [await self._account.once("draw", str(seed), asked, self._pictures)]

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
        return await self._account.once(
            wish.kind.value,
            str(seed),
            lambda till: self._engine.edit(subject, mask, wish, references, seed=seed, till=till),
            self._pictures,
        )

    async def locate(self, subject: Subject, wish: Wish, till: Till = OPEN) -> Found | None:
        """Where a thing is. A locator that cannot be used, or was lost on the way, tells as little as none."""
        if not self.abilities.locates:
            return None
        try:
            return await self._account.once(
                "locate",
                "locate",
                lambda till: self._engine.locate(subject, wish, till),
                self._places,
            )
        except (Lost, Misconfigured, Rejected) as why:
            log.warning("%s: %s", self._account.model, why, extra={"action": "not_located"})
            return None

    async def close(self) -> None:
        """The engine is not this one's to close."""

    async def _kept(self, drawing: Drawing) -> tuple[float, Mapping[str, object]]:
        return drawing.usd, {
            "sha": await stored(self._account.desk, drawing.original or b""),
            "model": drawing.model,
            "seed": drawing.seed,
            "estimated": drawing.estimated,
            "request": drawing.request,
        }

    async def _again(self, kept: Mapping[str, Any], usd: float) -> Drawing:
        data = await self._account.desk.files.read(str(kept["sha"]))
        drawing = await asyncio.to_thread(answers.drawing, data, str(kept["model"]), usd=usd)
        return replace(
            drawing,
            seed=kept.get("seed"),
            request=kept.get("request"),
            estimated=bool(kept.get("estimated")),
        )

    async def _placed(self, found: Found | None) -> tuple[float, Mapping[str, object]]:
        model = self._account.desk.catalogue.models.get(self._account.model)
        usd = model.price((0, 0)) if model is not None else 0.0
        if found is None:
            return usd, {}
        mask = await stored(self._account.desk, await asyncio.to_thread(png, found.mask))
        return usd, {"mask": mask, "name": found.name, "sure": found.confidence}

    async def _place_again(self, kept: Mapping[str, Any], usd: float) -> Found | None:
        if "mask" not in kept:
            return None
        mask = await pictures.mask(self._account.desk, str(kept["mask"]))
        return Found(mask, str(kept["name"]), float(kept["sure"]))


def model_of(engine: Engine | Reader) -> str:
    """The catalogue's id of an engine's model."""
    model = getattr(engine, "model", None)
    return str(getattr(model, "id", engine.name))


async def stored(desk: Desk, data: bytes) -> str:
    """An answer is paid: a store that stumbles is asked again before it is given up."""
    for wait in (0.2, 1.0, 4.0):
        try:
            return await desk.files.keep(data)
        except Exception as error:  # whatever the store's library raises
            log.warning("An answer could not be stored: %r", error, extra={"action": "not_stored"})
            await asyncio.sleep(wait)
    return await desk.files.keep(data)


async def settle(desk: Desk, brief: str, piece: str, op: str) -> None:
    """What was underway when we were interrupted, and is not wanted any more: it may have been charged. What had come
    and was not booked yet, is."""
    for call in await desk.calls.of_piece(f"{piece}:"):
        if call.state == BEGUN:
            await desk.calls.end(call.key, LOST, desk.now(), call.usd)
        if call.usd and call.state != FAILED:  # booked once, by the call's own key
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
        return brief is not None and self._alive(brief)
