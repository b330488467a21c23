"""A job is due: it is tried, tried again while the world is busy, and given up with words."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from dbos import DBOS, DBOSConfig

from bot.commands import GiveUp, Wait
from bot.errors import Busy, Declined, Misconfigured, ProofthreadError, Refused
from bot.jobs import Consult, Draw, Edit, Fetch, Job, Make, Notify, Nudge, Report, Seed, Show, Tell, pause
from bot.model import Message
from bot.wording import escape
from handlers import consulting, delivering, drawing, editing, fetching, nudging, showing
from handlers.desk import Desk
from storage import outbox

log = logging.getLogger(__name__)
LOST = "lost"
"""What a message shows that never got into the channel, so that its requester is told once."""
AT_ONCE = 5.0
"""Waits up to this long (seconds) are slept through; longer ones leave the queue free."""
_bound: list[Desk] = []
_at_work: set[int] = set()
"""Jobs that are being done in this process right now."""
BROKEN = "Something broke on my side. Nothing is lost; ask once more, and tell your admin if it stays."


@DBOS.workflow(name="work")
async def work(number: int, tries: int = 0) -> str:
    """One job, tried a few times at once and then again later from the queue, so that no slot sleeps.

    Replayed from the top after a crash: no clock, dice or effect outside its steps.
    """
    _at_work.add(number)
    try:
        return await _worked(number, tries)
    finally:
        _at_work.discard(number)


async def _worked(number: int, tries: int) -> str:
    while True:
        tries += 1
        answer = await attempt(number)
        if answer["state"] != "busy":
            break
        wait = pause(tries, answer["after"], drawing=answer.get("drawing", False))
        if wait is None:
            break
        if wait > AT_ONCE:
            await postpone(number, tries, wait)
            return "postponed"
        await DBOS.sleep_async(wait)
    if answer["state"] != "done":
        await surrender(number, answer["why"])
    return str(answer["state"])


@DBOS.step()
async def postpone(number: int, tries: int, wait: float) -> None:
    """Enqueue the next try. Twice is harmless: it has a name of its own."""
    await _bound[-1].store.postpone(number, tries, wait)


@DBOS.step()
async def attempt(number: int) -> dict[str, Any]:
    """One try. Each job says in its own docstring why doing it twice is harmless."""
    desk, job = _bound[-1], None
    try:
        job = await desk.store.job(number)
        if job is not None:
            await _do(desk, job)
        return {"state": "done", "after": None, "why": ""}
    except Busy as busy:
        drawing = isinstance(job, Draw | Edit | Make)
        await _waits(desk, job, str(busy))
        return {"state": "busy", "after": busy.after, "why": str(busy), "drawing": drawing}
    except (Declined, Refused) as why:
        return {"state": "refused", "after": None, "why": str(why)}
    except Misconfigured as why:
        log.error("Job %d: %s", number, why, extra={"action": "misconfigured"})
        return {"state": "refused", "after": None, "why": BROKEN}
    except Exception:
        log.exception("Job %d broke", number, extra={"action": "job_broke"})
        return {"state": "busy", "after": None, "why": BROKEN, "drawing": isinstance(job, Draw | Edit | Make)}


async def _waits(desk: Desk, job: Job | None, why: str) -> None:
    """Let people see what is waited for."""
    match job:
        case Draw():
            told = Wait(job.brief, why, round=job.round)
        case Edit():
            told = Wait(job.brief, why, change=job.change)
        case Make():
            told = Wait(job.brief, why, deliverable=job.deliverable)
        case _:
            return
    try:
        await desk.perform(told)
    except Exception as error:  # it is only told: whatever goes wrong here, the job is tried again
        log.warning("Nobody could be told: %r", error, extra={"action": "nobody_told"})


@DBOS.step()
async def surrender(number: int, why: str) -> None:
    """Say to the person who can act that it is over. Twice is harmless: the state is given up once."""
    desk = _bound[-1]
    job = await desk.store.job(number)
    log.warning("Gave up job %d: %s", number, why, extra={"action": "gave_up"})
    try:
        match job:
            case Draw():
                await desk.perform(GiveUp(job.brief, f"{why} Try a new round with 🔁.", round=job.round))
            case Edit():
                await desk.perform(GiveUp(job.brief, why, change=job.change))
            case Make():
                await desk.perform(GiveUp(job.brief, why, deliverable=job.deliverable))
            case Show() if job.slot.startswith("nudge:"):
                pass
            case Show():
                await _not_shown(desk, job, why)
            case Report():
                await desk.chat.direct(job.person, f"The digest could not be posted: {why}")
            case Fetch():
                await desk.chat.direct(job.person, f"I could not fetch your picture: {why}")
            case Consult():
                await consulting.as_read(desk, job)
            case Tell() | Seed() | Notify() | Nudge() | None:
                pass
    except ProofthreadError as error:
        log.warning("Nobody could be told: %s", error, extra={"action": "nobody_told"})


async def _not_shown(desk: Desk, job: Show, why: str) -> None:
    """The requester hears it once for each message that never appeared; a stale one is left as it stands."""
    brief, message = await desk.store.brief(job.brief), await desk.store.message(job.brief, job.slot)
    if message is not None and job.slot.startswith("deliverable:"):
        await showing.not_shared(desk, message, why)
        return
    if brief is None or (message is not None and (message.ts is not None or message.shown == LOST)):
        return
    await desk.store.keep_message(
        replace(message or Message(brief.id, job.slot, brief.channel, None, None), shown=LOST)
    )
    title = escape(brief.wanted.title)
    await desk.chat.direct(brief.requester, f"Something of your brief “{title}” could not be shown. {why}")


async def _do(desk: Desk, job: Job) -> None:
    match job:
        case Draw():
            await drawing.draw(desk, job)
        case Edit():
            await editing.edit(desk, job)
        case Make():
            await delivering.make(desk, job)
        case Show() if job.slot.startswith("nudge:"):
            await nudging.refresh(desk, job)
        case Show():
            await showing.show(desk, job)
        case Notify():
            await nudging.notify(desk, job)
        case Nudge():
            await nudging.remind(desk, job)
        case Seed():
            await showing.seed(desk, job)
        case Tell():
            card = await desk.store.message(job.brief, "card") if job.brief else None
            here = card is not None and card.channel == job.channel
            await desk.chat.tell(job.channel, job.person, job.text, card.ts if card and here else None)
        case Fetch():
            await fetching.fetch(desk, job)
        case Consult():
            await consulting.consult(desk, job)
        case Report():
            await showing.report(desk, job)


def executor() -> str:
    """A name for this process, unlike any other's: two of one name would run each other's work twice."""
    return f"{socket.gethostname()}:{os.getpid()}"


async def launch(
    desk: Desk, url: str, *, poll: float = 0.1, studio_at_once: int = 2, name: str | None = None
) -> None:
    """Start the job engine in the running loop, on the bot's own database."""
    _bound.append(desk)
    config: DBOSConfig = {
        "name": outbox.NAME,
        "system_database_url": url,
        "application_version": outbox.VERSION,
        "executor_id": name or executor(),
        "log_level": "WARNING",
        "run_migrations": True,
    }
    DBOS(config=config)
    await asyncio.to_thread(_queues, url, poll, studio_at_once)
    DBOS.launch()


def _queues(url: str, poll: float, studio_at_once: int) -> None:
    """Queues known before the launch are served from its first moment; later ones are found within a second."""
    DBOS.migrate(url)
    client = outbox.opened(url)
    for name, at_once in ((outbox.STUDIO, studio_at_once), (outbox.SLACK, 16)):
        client.register_queue(
            name, partition_concurrency=1, worker_concurrency=at_once, polling_interval_sec=poll
        )
    client.destroy()


async def take_over(desk: Desk, name: str, lease: float) -> None:
    """Say that this process lives, and take the work of those silent for longer than ``lease`` seconds."""
    for who in await desk.store.beat(name, lease):
        for left in await DBOS.list_workflows_async(
            status="PENDING", executor_id=who, load_input=False, load_output=False
        ):
            await DBOS.resume_workflow_async(left.workflow_id, queue_name=left.queue_name)


async def halt() -> None:
    """Let running jobs finish for ten seconds, then stop; what is left goes on at the next start. Where nothing is at
    work there is nothing to wait for, which the engine does by whole seconds."""
    await asyncio.to_thread(DBOS.destroy, workflow_completion_timeout_sec=10 if _at_work else 0)
    # The engine made its own thread pool the loop's, and has just closed it.
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor())
    _bound.clear()
