"""What is remembered; a decision's state, events and jobs are committed in one transaction."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial

from dbos import DBOSClient
from dbos import error as dbos_error
from sqlalchemy import delete, func, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.events import Entry, kind, particulars
from bot.house import House
from bot.jobs import Job
from bot.model import Brief, Kind, Learned, Message, Stage
from bot.review.outcome import Outcome
from storage import documents, outbox
from storage.calls import Calls
from storage.tables import BriefRow, DeliveryRow, EventRow, HouseRow, JobRow, LearnedRow, LeaseRow, MessageRow

HERE = "workspace"
"""The one workspace that is served."""
POSTING = "posting"
"""What a message shows between our asking Slack for it and Slack's answer."""


class Store:
    """Briefs, events, messages and jobs."""

    def __init__(self, engine: AsyncEngine, jobs: DBOSClient) -> None:
        self._engine = engine
        self._jobs = jobs
        self.calls = Calls(engine)
        self._write = async_sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)
        readers = engine.execution_options(read_only=True)
        self._read = async_sessionmaker(readers, class_=AsyncSession, expire_on_commit=False)

    async def brief(self, id_: str) -> Brief | None:
        """The brief as it is now."""
        async with self._read() as session:
            row = await session.get(BriefRow, id_)
            return documents.loaded(row.document) if row else None

    async def briefs(self, team: str | None = None) -> list[Brief]:
        """All briefs, oldest first."""
        query = select(BriefRow).order_by(col(BriefRow.submitted_at))
        async with self._read() as session:
            rows = await session.exec(query.where(BriefRow.team == team) if team else query)
            return [documents.loaded(row.document) for row in rows]

    async def in_review(self) -> list[Brief]:
        """The briefs on which people may decide, oldest first."""
        query = select(BriefRow).where(BriefRow.stage == Stage.REVIEW.value)
        async with self._read() as session:
            rows = await session.exec(query.order_by(col(BriefRow.submitted_at)))
            return [documents.loaded(row.document) for row in rows]

    async def commit(
        self,
        id_: str,
        decide: Callable[[Brief | None], Outcome],
        *,
        by: str | None,
        now: datetime,
        key: str | None = None,
    ) -> Outcome | None:
        """Decide on the brief as it is and keep what comes of it: state, events and jobs, or nothing at all.

        ``key`` is the delivery's own; None comes back when that delivery was seen before. What ``decide``
        raises goes through, and then nothing is kept, the key included.
        """
        try:
            async with self._write() as session, session.begin():
                if key is not None:
                    session.add(DeliveryRow(key=key, at=now))
                    await session.flush()
                row = await session.get(BriefRow, id_, with_for_update=True)
                brief = documents.loaded(row.document) if row else None
                outcome = decide(brief)
                if outcome.brief != brief:
                    self._keep(session, row, outcome.brief)
                for event in outcome.events:
                    who = None if kind(event) in _BY_THE_BOT else by
                    session.add(
                        EventRow(at=now, brief=id_, kind=kind(event), by=who, data=particulars(event))
                    )
                for learned in outcome.learned:
                    row_ = LearnedRow(
                        person=learned.person, wording=learned.wording, kind=learned.kind, at=now
                    )
                    await session.merge(row_)
                await self._enqueue(session, outcome.jobs, outcome.brief.channel, now)
                return outcome
        except IntegrityError:
            if key is not None and await self.seen(key):
                return None
            raise

    async def enqueue(self, job: Job, channel: str, now: datetime, key: str | None = None) -> bool:
        """One job that belongs to no decision. False when the delivery was seen before."""
        try:
            async with self._write() as session, session.begin():
                if key is not None:
                    session.add(DeliveryRow(key=key, at=now))
                    await session.flush()
                await self._enqueue(session, (job,), channel, now)
                return True
        except IntegrityError:
            return False

    async def postpone(self, number: int, tries: int, delay: float) -> None:
        """The same job once more, ``delay`` seconds from now. Twice is harmless: the try has a name of its own."""
        job = await self.job(number)
        if job is None:
            return
        channel = (
            f"later:{number}"  # not in its channel's turn any more: what comes after must not wait for it
        )
        with suppress(dbos_error.DBOSWorkflowIDInUseError, IntegrityError):
            async with self._write() as session, session.begin():
                await session.run_sync(
                    partial(
                        outbox.enqueue,
                        client=self._jobs,
                        number=number,
                        job=job,
                        channel=channel,
                        tries=tries,
                        delay=delay,
                    )
                )

    async def seen(self, key: str) -> bool:
        """Was this delivery taken before?"""
        async with self._read() as session:
            return await session.get(DeliveryRow, key) is not None

    async def house(self) -> House:
        """The rules of the workspace; the usual ones where nothing was set."""
        async with self._read() as session:
            row = await session.get(HouseRow, HERE)
            return documents.house_loaded(row.document) if row else House()

    async def keep_house(self, change: Callable[[House], House], what: str, by: str, now: datetime) -> House:
        """Change the rules and note in the log ``what`` was changed, from what to what, in one transaction."""
        async with self._write() as session, session.begin():
            row = await session.get(HouseRow, HERE, with_for_update=True)
            was = documents.house_loaded(row.document) if row else House()
            house = change(was)
            if house == was:
                return was
            row = row or HouseRow(id=HERE, document="", at=now)
            before, row.document, row.at = row.document or None, documents.house_dumped(house), now
            session.add(row)
            data = {"what": what, "before": before, "after": row.document}
            session.add(EventRow(at=now, brief="-", kind="setting_changed", by=by, data=data))
            return house

    async def learned(self, person: str, wording: str) -> Learned | None:
        """What this person meant by these words when they were asked."""
        async with self._read() as session:
            row = await session.get(LearnedRow, (person, wording))
            return Learned(row.person, row.wording, Kind(row.kind) if row.kind else None) if row else None

    async def job(self, number: int) -> Job | None:
        """A job's particulars, None when it was cleared away."""
        async with self._read() as session:
            row = await session.get(JobRow, number)
            return outbox.job(row.kind, row.data) if row else None

    async def message(self, brief: str, slot: str) -> Message | None:
        """Where this slot of a brief stands in Slack."""
        query = select(MessageRow).where(MessageRow.brief == brief, MessageRow.slot == slot)
        async with self._read() as session:
            return _message((await session.exec(query)).first())

    async def message_at(self, channel: str, ts: str) -> Message | None:
        """Which of our messages stands there, None when it is not ours."""
        query = select(MessageRow).where(MessageRow.channel == channel, MessageRow.ts == ts)
        async with self._read() as session:
            return _message((await session.exec(query)).first())

    async def posting(self, channel: str) -> bool:
        """Is a post of ours on its way into this channel?"""
        query = select(MessageRow.id).where(MessageRow.channel == channel, MessageRow.shown == POSTING)
        async with self._read() as session:
            return (await session.exec(query)).first() is not None

    async def keep_message(self, message: Message) -> None:
        """Remember where a slot stands and what it shows."""
        query = select(MessageRow).where(MessageRow.brief == message.brief, MessageRow.slot == message.slot)
        async with self._write() as session, session.begin():
            row = (await session.exec(query)).first() or MessageRow(
                brief=message.brief, slot=message.slot, channel=message.channel
            )
            row.ts, row.thread, row.shown = message.ts, message.thread, message.shown
            row.files = json.dumps(message.files)
            session.add(row)

    async def events(
        self, since: datetime | None = None, until: datetime | None = None, brief: str | None = None
    ) -> AsyncIterator[Entry]:
        """The log in order, as a stream: all of it, or that of one brief. ``until`` is exclusive."""
        query = select(EventRow).order_by(col(EventRow.id))
        if brief:
            query = query.where(EventRow.brief == brief)
        if since:
            query = query.where(EventRow.at >= since)
        if until:
            query = query.where(EventRow.at < until)
        async with self._read() as session:
            rows = await session.stream(query)
            async for row in rows.scalars():
                yield Entry(row.at, row.brief, row.kind, row.by, row.data)

    async def channels(self) -> list[tuple[str, int]]:
        """Channels that have briefs, with how many."""
        query = select(BriefRow.channel, func.count()).group_by(BriefRow.channel)
        async with self._read() as session:
            return [(channel, count) for channel, count in await session.exec(query)]

    async def alive(self) -> None:
        """Raises when the database does not answer."""
        async with self._read() as session:
            await session.exec(select(LeaseRow).limit(1))

    async def beat(self, who: str, lease: float) -> list[str]:
        """Say that this process lives; gives those whose lease (seconds) has run out, now removed."""
        postgres = self._engine.dialect.name == "postgresql"
        now = (
            "extract(epoch from clock_timestamp())"
            if postgres
            else "(julianday('now') - 2440587.5) * 86400.0"
        )
        async with self._write() as session, session.begin():
            connection = await session.connection()
            beat = text(
                f"INSERT INTO leases (who, seen) VALUES (:who, {now}) "  # noqa: S608 (now is one of two constants)
                "ON CONFLICT (who) DO UPDATE SET seen = excluded.seen"
            )
            await connection.execute(beat, {"who": who})
            ended = text(f"DELETE FROM leases WHERE seen < {now} - :lease RETURNING who")  # noqa: S608
            return [str(w) for w in (await connection.execute(ended, {"lease": lease})).scalars()]

    async def clear(self, before: datetime) -> None:
        """Forget deliveries and jobs that nobody can ask for any more; briefs and events stay."""
        async with self._write() as session, session.begin():
            await session.exec(delete(DeliveryRow).where(col(DeliveryRow.at) < before))
            await session.exec(delete(JobRow).where(col(JobRow.at) < before))

    async def close(self) -> None:
        """Let go of the database."""
        await self._engine.dispose()
        self._jobs.destroy()

    @staticmethod
    def _keep(session: AsyncSession, row: BriefRow | None, brief: Brief) -> None:
        row = row or BriefRow(
            id=brief.id,
            team=brief.team,
            channel=brief.channel,
            stage="",
            submitted_at=brief.submitted_at,
            document="",
        )
        row.stage, row.document, row.revision = brief.stage.value, documents.dumped(brief), row.revision + 1
        session.add(row)

    async def _enqueue(self, session: AsyncSession, jobs: Sequence[Job], channel: str, now: datetime) -> None:
        rows = [outbox.row(job, now) for job in jobs]
        session.add_all(rows)
        await session.flush()
        for job, row in zip(jobs, rows, strict=True):
            number = row.id or 0
            await session.run_sync(
                partial(outbox.enqueue, client=self._jobs, number=number, job=job, channel=channel)
            )


_BY_THE_BOT = frozenset({"drafts_shown", "edit_shown", "job_charged", "reminder_sent"})


def _message(row: MessageRow | None) -> Message | None:
    if row is None:
        return None
    files = tuple((str(a), str(b)) for a, b in json.loads(row.files))
    return Message(row.brief, row.slot, row.channel, row.ts, row.thread, row.shown, files)
