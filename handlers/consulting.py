"""An unclear reply is read by a language model, within its budget; else the bot goes by its own reading."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.commands import Reply
from bot.engines.engine import Reading
from bot.errors import Refused
from bot.jobs import Consult
from bot.model import Brief, Wish
from bot.replies.consult import BUDGET, SCHEMA, checked
from bot.review.edits import is_open
from bot.review.talk import sign
from handlers import waiting
from handlers.accounts import Account, Way, model_of, settle
from handlers.desk import Desk

log = logging.getLogger(__name__)


async def consult(desk: Desk, job: Consult) -> None:
    """Read, check, perform. Whatever goes wrong, the person is asked as without a model.

    Nothing is sent of a reply that was edited or deleted meanwhile, nor of one to a brief that is closed.
    """
    brief, reply = await desk.store.brief(job.brief), waiting.reply(job.reply)
    if brief is None or (reply.said and any(m.sign == sign(reply.said) for m in brief.marks)):
        return
    wishes = await _read(desk, job, brief, reply.wishes) if is_open(brief) else None
    await as_read(desk, job, replace(reply, wishes=wishes) if wishes else reply)


async def as_read(desk: Desk, job: Consult, reply: Reply | None = None) -> None:
    """Perform the reply, by the bot's own reading when there is no other."""
    reply = reply or waiting.reply(job.reply)
    try:
        await desk.perform(reply, job.key)
    except Refused as refused:
        brief = await desk.store.brief(job.brief)
        channel = brief.channel if brief else ""
        await desk.tell(reply.person, str(refused), channel=channel, brief=job.brief, key=job.key)


async def _read(desk: Desk, job: Consult, brief: Brief, own: tuple[Wish, ...]) -> tuple[Wish, ...] | None:
    """What the model says, where it holds water; the reading is booked either way."""
    reader = desk.reader
    if reader is None:
        return None
    piece = f"{job.brief}:read:{job.key}"
    account = Account(desk, job.brief, piece, reader.name, model_of(reader), is_open)
    asked = account.once(
        "read", "1", lambda till: reader.read(job.words, drafts=brief.numbers, schema=SCHEMA, till=till), _WAY
    )
    try:
        reading = await asyncio.wait_for(asked, BUDGET)
    except Exception as error:  # whatever a provider's answer breaks, the reply must not be lost with it
        log.info("No reading from %s: %r", reader.name, error, extra={"action": "not_read"})
        await settle(desk, job.brief, piece, "read")
        return None
    return checked(reading.answer, own, brief.numbers)


async def _kept(reading: Reading) -> tuple[float, Mapping[str, object]]:
    return reading.usd, {"answer": reading.answer, "model": reading.model}


async def _again(kept: Mapping[str, Any], usd: float) -> Reading:
    return Reading(kept["answer"], str(kept["model"]), usd)


_WAY = Way(_kept, _again)
