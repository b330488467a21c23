"""The book of paid calls: each begun once, and budgets that hold when many begin at once; on SQLite and Postgres."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from conftest import fresh_database

from bot.engines.engine import Asked
from bot.errors import OverBudget
from storage import database, schema
from storage.calls import DONE, FAILED, LOST, Budget, Calls

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ASKED = Asked("gemini", "m", {"method": "POST"}, 0.1)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def calls(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Calls]:
    async def opened(url: str) -> AsyncIterator[Calls]:
        await asyncio.to_thread(schema.migrate, url)
        engine = database.opened(url)
        yield Calls(engine)
        await engine.dispose()

    if request.param == "sqlite":
        async for made in opened(f"sqlite:///{tmp_path}/test.db"):
            yield made
        return
    async with fresh_database(request.getfixturevalue("postgres"), str(tmp_path)) as url:
        async for made in opened(url):
            yield made


async def test_a_call_is_begun_once_and_only_a_free_failure_begins_anew(calls: Calls) -> None:
    first = await calls.begin("k", "B1", ASKED, NOW, Budget())
    again = await calls.begin("k", "B1", ASKED, NOW, Budget())
    assert first.new and not again.new and again.ticket is None
    await calls.ticket("k", "t")
    assert (await calls.begin("k", "B1", ASKED, NOW, Budget())).ticket == "t"
    await calls.end("k", FAILED, NOW, 0.0)
    fresh = await calls.begin("k", "B1", ASKED, NOW, Budget())
    assert fresh.new and fresh.ticket is None
    await calls.end("k", DONE, NOW, 0.07, result="{}")
    await calls.end("k", LOST, NOW, 0.5)  # too late: it is done
    known = await calls.known("k")
    assert known is not None and (known.state, known.usd, known.result) == (DONE, 0.07, "{}")


async def test_twenty_at_once_cannot_pass_a_budget(calls: Calls) -> None:
    async def begin(n: int) -> bool:
        try:
            return (await calls.begin(f"k{n}", "B1", ASKED, NOW, Budget(brief=0.5))).new
        except OverBudget as over:
            assert over.spent <= 0.5
            return False

    assert sum(await asyncio.gather(*(begin(n) for n in range(20)))) == 5


async def test_what_came_cheaper_or_failed_makes_room(calls: Calls) -> None:
    budget = Budget(brief=0.2)
    await calls.begin("a", "B1", ASKED, NOW, budget)
    await calls.begin("b", "B1", ASKED, NOW, budget)
    with pytest.raises(OverBudget):
        await calls.begin("c", "B1", ASKED, NOW, budget)
    await calls.end("a", DONE, NOW, 0.02)
    await calls.end("b", FAILED, NOW, 0.0)
    assert (await calls.begin("c", "B1", ASKED, NOW, budget)).new
    assert (await calls.begin("d", "B2", ASKED, NOW, budget)).new  # another brief has its own


async def test_the_month_begins_anew(calls: Calls) -> None:
    budget = Budget(month=0.1)
    await calls.begin("a", "B1", ASKED, NOW, budget)
    with pytest.raises(OverBudget, match="month"):
        await calls.begin("b", "B2", ASKED, NOW, budget)
    assert (await calls.begin("c", "B2", ASKED, NOW + timedelta(days=20), budget)).new


async def test_a_models_usual_time_is_told_from_its_last_calls(calls: Calls) -> None:
    for n, seconds in enumerate((4, 6, 50)):
        assert await calls.seconds("m") is None
        await calls.begin(f"k{n}", "B1", ASKED, NOW, Budget())
        await calls.end(f"k{n}", DONE, NOW + timedelta(seconds=seconds), 0.1)
    assert await calls.seconds("m") == 6
