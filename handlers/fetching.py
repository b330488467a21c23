"""Pictures people uploaded are fetched from Slack, checked, and handed to what waits for them."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from bot.errors import Refused
from bot.imaging.picture import opened, png
from bot.jobs import Fetch, Tell
from handlers import waiting
from handlers.desk import Desk


async def fetch(desk: Desk, job: Fetch) -> None:
    """Fetch, look, keep, go on. What is no picture is answered to the person who sent it; nothing is drawn."""
    try:
        found = [await _picture(desk, file) for file in job.files]
        if job.then == "brief":
            brief = waiting.brief(job.command)
            references = tuple(sha for sha, _ in found)
            await desk.perform(replace(brief, wanted=replace(brief.wanted, references=references)), job.key)
        else:
            sha, (width, height) = found[0]
            await desk.perform(
                replace(waiting.picture(job.command), sha256=sha, width=width, height=height), job.key
            )
    except Refused as refused:
        text = str(refused)
        if job.then == "brief":
            text += " The brief was not started; send the form once more with another picture, or without."
        await desk.enqueue(Tell(job.channel, job.person, text, job.brief), job.channel, f"{job.key}:refused")


async def _picture(desk: Desk, file: str) -> tuple[str, tuple[int, int]]:
    name, data = await desk.chat.download(file)
    picture = await asyncio.to_thread(opened, data, name)
    # Kept as we work on it: upright, 8 bits, lossless. Everything later starts from these very pixels.
    return await desk.files.keep(await asyncio.to_thread(png, picture)), picture.size
