"""An unclear reply is read by a language model, within its budget; else the bot goes by its own reading."""

from __future__ import annotations

import asyncio
import logging

from bot.commands import Charge, Reply
from bot.errors import ProofthreadError, Refused
from bot.jobs import Consult
from bot.replies.consult import BUDGET, SCHEMA, checked
from bot.replies.read import read
from handlers.desk import Desk

log = logging.getLogger(__name__)


async def consult(desk: Desk, job: Consult) -> None:
    """Read, check, perform. Whatever goes wrong, the person is asked as without a model."""
    brief = await desk.store.brief(job.brief)
    if brief is None:
        return
    own = read(job.words, n_drafts=len(brief.drafts) or brief.wanted.count, selected=job.selected)
    wishes = own
    reader = desk.reader
    if reader is not None:
        try:
            reading = await asyncio.wait_for(
                reader.read(job.words, drafts=brief.numbers, schema=SCHEMA), BUDGET
            )
        except (TimeoutError, ProofthreadError) as error:
            log.info("No reading from %s: %s", reader.name, error, extra={"action": "not_read"})
        else:
            wishes = checked(reading.answer, own, brief.numbers) or own
            if reading.usd:
                await desk.perform(
                    Charge(job.brief, "read", reader.name, reading.model, reading.usd),
                    f"read:{job.said}:{job.person}",
                )
    try:
        await desk.perform(
            Reply(job.brief, job.person, job.words, wishes, job.said), f"consulted:{job.said}:{job.person}"
        )
    except Refused as refused:
        await desk.tell(
            job.person,
            str(refused),
            channel=brief.channel,
            brief=brief.id,
            key=f"consulted:{job.said}:{job.person}:told",
        )
