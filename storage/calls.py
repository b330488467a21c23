"""Paid calls: kept before they are made, so that each is made once and no budget is passed by two at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from statistics import median

from sqlalchemy import func, text
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.engines.engine import Asked
from bot.errors import OverBudget
from storage.tables import CallRow

BEGUN, DONE, SPENT, FAILED, BLOCKED, LOST = "begun", "done", "spent", "failed", "blocked", "lost"
SAMPLE = 20
"""Calls by which the usual time of a model is told."""


@dataclass(frozen=True, slots=True)
class Call:
    """What is known of a call. ``new``: it was booked just now, and nothing has been sent."""

    key: str
    state: str
    usd: float
    new: bool = False
    ticket: str | None = None
    result: str | None = None
    model: str = ""
    engine: str = ""


@dataclass(frozen=True, slots=True)
class Budget:
    """Limits in USD, None for no limit."""

    brief: float | None = None
    month: float | None = None


class Calls:
    """The book of paid calls."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._write = async_sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)
        readers = engine.execution_options(read_only=True)
        self._read = async_sessionmaker(readers, class_=AsyncSession, expire_on_commit=False)

    async def begin(self, key: str, brief: str, asked: Asked, now: datetime, budget: Budget) -> Call:
        """Book it, or give what is known of it: one that failed without a charge is booked anew.

        Raises OverBudget, and then nothing is booked: what is underway counts with its estimate.
        """
        async with self._write() as session, session.begin():
            if self._engine.dialect.name == "postgresql":  # SQLite has one writer at a time anyway
                lock = text("LOCK TABLE calls IN SHARE ROW EXCLUSIVE MODE")
                await (await session.connection()).execute(lock)
            row = await session.get(CallRow, key)
            if row is not None and row.state != FAILED:
                return _call(row)
            month = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
            for scope, limit, where in (
                ("brief", budget.brief, col(CallRow.brief) == brief),
                ("month", budget.month, col(CallRow.at) >= month),
            ):
                if limit is None or not asked.usd:
                    continue
                total = select(func.coalesce(func.sum(CallRow.usd), 0.0)).where(
                    where, CallRow.state != FAILED
                )
                spent = float((await session.exec(total)).one())
                if spent + asked.usd > limit + 1e-9:
                    raise OverBudget(scope, spent, asked.usd, limit)
            row = row or CallRow(
                key=key, brief=brief, engine="", model="", state="", usd=0.0, at=now, request={}
            )
            row.engine, row.model, row.state, row.usd = asked.engine, asked.model, BEGUN, asked.usd
            row.at, row.ended, row.ticket, row.request = now, None, None, dict(asked.request)
            session.add(row)
            return Call(key, BEGUN, asked.usd, True, model=asked.model)

    async def ticket(self, key: str, ticket: str) -> None:
        """The provider has taken it on."""
        async with self._write() as session, session.begin():
            row = await session.get_one(CallRow, key)
            row.ticket = ticket

    async def end(
        self,
        key: str,
        state: str,
        now: datetime,
        usd: float,
        *,
        result: str | None = None,
        model: str | None = None,
    ) -> None:
        """How it came out, and what it has cost. Twice is harmless."""
        async with self._write() as session, session.begin():
            row = await session.get(CallRow, key)
            if row is None or row.state == DONE:
                return
            row.state, row.usd, row.ended, row.result = state, usd, now, result
            row.model = model or row.model

    async def known(self, key: str) -> Call | None:
        """What is known of a call."""
        async with self._read() as session:
            row = await session.get(CallRow, key)
            return _call(row) if row else None

    async def of_piece(self, piece: str) -> list[Call]:
        """Calls of one piece of work (the beginning of their keys)."""
        query = select(CallRow).where(col(CallRow.key).startswith(piece, autoescape=True))
        async with self._read() as session:
            return [_call(row) for row in await session.exec(query)]

    async def of(self, brief: str) -> list[Call]:
        """A brief's calls, oldest first."""
        async with self._read() as session:
            rows = await session.exec(select(CallRow).where(CallRow.brief == brief).order_by(col(CallRow.at)))
            return [_call(row) for row in rows]

    async def seconds(self, model: str) -> float | None:
        """What a model's last calls usually took; None where there are too few."""
        query = select(CallRow.at, CallRow.ended).where(
            CallRow.model == model, CallRow.state == DONE, col(CallRow.ended).is_not(None)
        )
        async with self._read() as session:
            rows = (await session.exec(query.order_by(col(CallRow.at).desc()).limit(SAMPLE))).all()
        taken = [(ended - at).total_seconds() for at, ended in rows if ended is not None]
        return median(taken) if len(taken) >= 3 else None

    async def spent(self, since: datetime) -> float:
        """USD of all calls since then."""
        total = select(func.coalesce(func.sum(CallRow.usd), 0.0)).where(
            col(CallRow.at) >= since, CallRow.state != FAILED
        )
        async with self._read() as session:
            return float((await session.exec(total)).one())


def _call(row: CallRow) -> Call:
    return Call(row.key, row.state, row.usd, False, row.ticket, row.result, row.model, row.engine)
