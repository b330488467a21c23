"""A provider's model as an engine: one paid call, booked before it is sent, looked for until it is there."""

from __future__ import annotations

import asyncio
import json
import logging
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from PIL import Image

from bot import prompts
from bot.engines import answers
from bot.engines.adapter import Adapter, Answer, Order, Ticket
from bot.engines.catalogue import Model
from bot.engines.engine import OPEN, Abilities, Asked, Delivered, Drawing, Reading, Subject, Till
from bot.engines.wire import Got, Request, Wire
from bot.errors import (
    Blocked,
    Busy,
    CalledOff,
    Declined,
    Failed,
    Lost,
    Misconfigured,
    ProofthreadError,
    Rejected,
)
from bot.imaging import boxes
from bot.imaging.layered import PSD
from bot.imaging.locate import Found
from bot.imaging.window import rounded
from bot.model import Wanted, Wish

log = logging.getLogger(__name__)
Answered = TypeVar("Answered")
FIRST_LOOK, LAST_LOOK, SLOWER = 1.0, 6.0, 1.4
"""Seconds before the first look and between the last ones; each wait is so much longer, give or take a fifth."""
CALLING_OFF = 10.0
TROUBLES = 8
"""Looks in a row that may fail before a piece of work is given up."""
CLIP = 1920
"""Pixels of the longer side of a picture that a clip is made of."""
MOST_LAYERS = 100


class Remote:
    """One model of one provider."""

    def __init__(self, model: Model, adapter: Adapter, wire: Wire, *, pace: float = 1.0) -> None:
        self.model, self.adapter, self.wire = model, adapter, wire
        self.abilities: Abilities = model.abilities()
        self._pace = pace

    @property
    def name(self) -> str:
        """The provider's id, as versions carry it."""
        return self.model.provider

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
        """One picture. ``like`` goes along as the first reference where the model takes any."""
        given = (*((like.picture,) if like else ()), *references)[: self.model.references]
        asked = rounded(size, self.model.sizes)
        order = Order(
            prompts.draw(wanted, wish, seed, like=like is not None and bool(given), references=len(given)),
            asked,
            references=tuple(given),
            seed=seed if self.model.seed else None,
        )
        return [await self._made(order, till)]

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
        """The window changed; what comes back outside the mask is not used."""
        if wish.kind not in self.abilities.edits:
            raise Declined(f"{self.model.name} does not do that.")
        order = Order(
            prompts.edit(wish, masked=self.model.mask != "none"),
            subject.picture.size,
            wish.kind,
            subject.picture,
            mask,
            tuple(references)[: self.model.references],
            seed if self.model.seed else None,
        )
        return await self._made(order, till)

    async def locate(self, subject: Subject, wish: Wish, till: Till = OPEN) -> Found | None:
        """Boxes of what the wish names. Costs a little; raises as any call does."""
        thing = wish.region or ""
        if not self.model.locates or not thing:
            return None
        request = await asyncio.to_thread(self.adapter.find, self.model, subject.picture, thing)
        if request is None:
            return None
        said = await self._paid(request, till, self.model.usd, self._said)
        size = subject.picture.size
        return boxes.region(boxes.read(said, size), size, thing)

    async def read(
        self, words: str, *, drafts: tuple[int, ...], schema: dict[str, object], till: Till = OPEN
    ) -> Reading:
        """What a reply wants, as JSON after ``schema``."""
        reading: Any = getattr(self.adapter, "reading", None)
        if reading is None:
            raise Declined(f"{self.model.name} does not read.")
        request = reading(self.model, prompts.read(words, drafts), schema)
        said = await self._paid(request, till, self.model.usd, self._said)
        try:
            answer = json.loads(said)
        except ValueError:
            answer = None
        return Reading(answer, self.model.id, self.model.usd)

    async def animate(
        self, picture: Image.Image, words: str, *, seconds: int, till: Till = OPEN
    ) -> Delivered:
        """A clip that begins with the picture."""
        still = await asyncio.to_thread(_fitting, picture, CLIP)
        order = Order(prompts.clip(words), picture.size, picture=still, seconds=seconds)
        request = await asyncio.to_thread(self.adapter.clip, self.model, order)
        if request is None or seconds not in self.model.clips:
            raise Declined(f"{self.model.name} makes no clips of {seconds} seconds.")
        usd = round(self.model.usd_second * seconds, 6)

        async def opened(got: Got) -> Delivered:
            answer = self.adapter.answer(self.model, got)
            data = await self._data(answer.pictures[0])
            return self._delivered(answer, data, answers.footage(data), usd, request)

        return await self._paid(request, till, usd, opened)

    async def separate(self, picture: Image.Image, *, till: Till = OPEN) -> Delivered:
        """A layered file of what it sees in the picture, with the picture itself on top, switched off."""
        seen = await asyncio.to_thread(_fitting, picture, self.model.sizes.longest or CLIP)
        order = Order("", seen.size, picture=seen)
        request = await asyncio.to_thread(self.adapter.apart, self.model, order)
        if request is None or not self.model.layers:
            raise Declined(f"{self.model.name} does not take pictures apart.")
        usd = self.model.usd_layers

        async def opened(got: Got) -> Delivered:
            answer = self.adapter.answer(self.model, got)
            parts = [await self._data(part) for part in answer.pictures[:MOST_LAYERS]]
            data = await asyncio.to_thread(answers.layered, parts, answer.pieces[:MOST_LAYERS], picture)
            return self._delivered(answer, data, PSD, usd, request)

        return await self._paid(request, till, usd, opened)

    async def close(self) -> None:
        """Give the connections back."""
        await self.wire.close()

    async def _said(self, got: Got) -> str:
        """An answer in words."""
        return self.adapter.found(got)

    async def _made(self, order: Order, till: Till) -> Drawing:
        """An answer that is a picture."""
        usd = self.model.price(order.size, len(order.references))
        request = await asyncio.to_thread(self.adapter.request, self.model, order)
        before = await asyncio.to_thread(self.adapter.before, order)

        async def opened(got: Got) -> Drawing:
            return await self._opened(self.adapter.answer(self.model, got), usd, request.account())

        return await self._paid(request, till, usd, opened, before)

    async def _paid(
        self,
        request: Request,
        till: Till,
        usd: float,
        opened: Callable[[Got], Awaitable[Answered]],
        before: Sequence[Request] = (),
    ) -> Answered:
        """One paid call: booked, sent, looked for until it is there, and ``opened``. ``before``: what comes first and
        costs nothing; ``usd`` is what it should cost."""
        got = None
        async with self.wire.turn(self.model.id):
            # Booked at the last moment: what waits for its turn has cost nothing, and can still be called off.
            known = await till.begin(Asked(self.name, self.model.id, request.account(), usd))
            if known is None:
                try:
                    for free in before:
                        await self._called(free, paid=False)
                    got = await self._called(request, paid=True)
                except Lost as lost:
                    raise self._lost(lost, usd) from lost
        try:
            ticket = self.adapter.ticket(got) if got is not None else json.loads(known or "{}")
            if ticket is not None:
                if known is None:
                    await till.ticket(json.dumps(dict(ticket)))
                got = await self._looked(ticket, till)
            if got is None:
                raise Rejected("was nothing at all")
            return await self._read(opened, got, usd)
        except (Blocked, Failed):
            raise
        except Lost as lost:
            raise self._lost(lost, usd) from lost
        except Busy as busy:
            raise self._lost(Lost(f"{self.model.name} made it and does not hand it over"), usd) from busy
        except Misconfigured as why:
            raise Declined(str(why), usd) from why
        except Declined as why:  # it was taken on, so it counts as paid
            raise type(why)(str(why), why.usd or usd) from why
        except (AttributeError, KeyError, TypeError, ValueError, IndexError) as odd:
            raise Rejected("was nothing I can read", usd) from odd

    async def _read(self, opened: Callable[[Got], Awaitable[Answered]], got: Got, usd: float) -> Answered:
        try:
            return await opened(got)
        except (ProofthreadError, RuntimeError):
            raise
        except (
            Exception
        ) as odd:  # whatever a picture's or a file's library makes of an odd answer: it is paid
            log.warning("%s: %r", self.model.id, odd, extra={"action": "odd_answer"})
            raise Rejected("was nothing I can read", usd) from odd

    async def _called(self, request: Request, *, paid: bool) -> Got:
        return await self.wire.call(request, self.adapter.trouble, paid=paid, patience=self.model.patience)

    def _lost(self, lost: Lost, usd: float) -> Lost:
        words = (
            f"{str(lost).rstrip('.')}. It may have been charged, so I did not ask {self.model.name} again by myself. "
            "Ask once more if you still want it."
        )
        return Lost(words, usd)

    async def _data(self, given: bytes | str) -> bytes:
        """What came, or lies where the answer says."""
        return await self._fetched(given) if isinstance(given, str) else given

    def _delivered(self, answer: Answer, data: bytes, kind: str, usd: float, request: Request) -> Delivered:
        told = answer.usd
        return Delivered(
            data,
            kind,
            answer.model or self.model.id,
            usd if told is None else told,
            request.account(),
            told is None and usd > 0,
        )

    async def _opened(self, answer: Answer, usd: float, account: dict[str, object]) -> Drawing:
        data = await self._data(answer.pictures[0])
        return await asyncio.to_thread(
            answers.drawing,
            data,
            answer.model or self.model.id,
            usd=usd if answer.usd is None else answer.usd,
            seed=answer.seed,
            request=account,
            estimated=answer.usd is None and usd > 0,
        )

    async def _fetched(self, link: str) -> bytes:
        """The result; it is paid, so a fault on the way is no reason to give it up at once."""
        for wait in (0.5, 2.0, 8.0):
            try:
                return await self.wire.fetch(link)
            except Busy:
                await asyncio.sleep(wait * self._pace)
        return await self.wire.fetch(link)

    async def _looked(self, ticket: Ticket, till: Till) -> Got:
        """Look until it is there. Raises Lost when it takes too long, CalledOff when it is not wanted any more."""
        end, wait = time.monotonic() + self.model.patience, FIRST_LOOK * self._pace
        troubles = 0
        while time.monotonic() < end:
            await asyncio.sleep(wait * random.uniform(0.8, 1.2))
            wait = min(wait * SLOWER, LAST_LOOK * self._pace)
            if not await till.wanted():
                await self._call_off(ticket)
                raise CalledOff("It was called off.")
            try:
                got = await self.adapter.look(self.wire, ticket)
            except Busy as busy:
                troubles += 1
                if troubles > TROUBLES:
                    raise Lost(f"{self.model.name} took it on and cannot be reached any more") from busy
                wait = max(wait, min(busy.after or 0.0, 60.0) * self._pace)
                continue
            troubles = 0
            if got is not None:
                return got
        await self._call_off(ticket)
        raise Lost(f"{self.model.name} was not done after {round(self.model.patience)} seconds")

    async def _call_off(self, ticket: Ticket) -> None:
        request = self.adapter.cancel(ticket)
        if request is None:
            return
        try:
            await self.wire.call(request, lambda got: None, paid=False, patience=CALLING_OFF)
        except ProofthreadError as error:
            log.info(
                "%s could not be called off: %s", self.model.id, error, extra={"action": "not_called_off"}
            )


def _fitting(picture: Image.Image, longest: int) -> Image.Image:
    """The picture without its see-through parts, no longer than that (pixels)."""
    small = picture.convert("RGB")
    small.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    return small
