"""What is kept, is kept together: the same suite on SQLite and on a real Postgres."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from conftest import fresh_database
from dbos import DBOS
from sqlalchemy import text

from bot import briefing
from bot import commands as c
from bot.errors import Misconfigured, Refused
from bot.jobs import Tell
from bot.model import Message
from bot.review.decide import decide
from storage import database, documents, outbox, schema
from storage.files import Files
from storage.store import POSTING, Store

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/test.db"
        return
    async with fresh_database(request.getfixturevalue("postgres"), str(tmp_path)) as url:
        yield url


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    sync = database.sync_url(url).render_as_string(hide_password=False)
    await asyncio.to_thread(schema.migrate, url)
    await asyncio.to_thread(DBOS.migrate, sync)
    made = Store(database.opened(url), outbox.opened(sync))
    yield made
    await made.close()


def submit(brief: str = "B1") -> c.SubmitBrief:
    return c.SubmitBrief(brief, "T", "C", "UMIA", briefing.read("a cat, 9:16, by tomorrow", now=NOW))


async def perform(
    store: Store, command: c.Command, key: str | None = None, by: str | None = "UMIA"
) -> object:
    return await store.commit(command.brief, lambda b: decide(b, command, now=NOW), by=by, now=NOW, key=key)


async def jobs(store: Store) -> int:
    async with store._engine.connect() as connection:
        return int((await connection.execute(text("SELECT count(*) FROM jobs"))).scalar_one())


async def test_a_brief_comes_back_as_it_was(store: Store) -> None:
    await perform(store, submit())
    brief = await store.brief("B1")
    assert brief == decide(None, submit(), now=NOW).brief
    assert documents.loaded(documents.dumped(brief)) == brief
    assert await store.briefs() == [brief] and await store.channels() == [("C", 1)]


async def test_a_delivery_is_taken_once(store: Store) -> None:
    assert await perform(store, submit(), key="k") is not None
    assert await perform(store, submit(), key="k") is None
    assert len([e async for e in store.events()]) == 1 and await jobs(store) == 2


async def test_ten_deliveries_of_one_event_at_once_count_once(store: Store) -> None:
    await perform(store, submit())
    vote = c.TakeDrafts("B1", 1, (c.Picture("f" * 64, 1, 1, "local", "m", usd=0.5),))
    await asyncio.gather(*(perform(store, vote, key="same") for _ in range(10)))
    brief = await store.brief("B1")
    assert brief is not None and brief.usd == 0.5


async def test_what_is_refused_leaves_nothing_behind(store: Store) -> None:
    await perform(store, submit())
    before = await jobs(store)
    with pytest.raises(Refused):
        await perform(store, c.CastVote("B1", "USAM", 9, "x"), key="k")
    assert await jobs(store) == before and not await store.seen("k")


async def test_fifty_votes_at_once_are_all_counted(store: Store) -> None:
    await perform(store, submit())
    await perform(store, c.TakeDrafts("B1", 1, (c.Picture("f" * 64, 1, 1, "local", "m"),)))
    await asyncio.gather(
        *(perform(store, c.CastVote("B1", f"U{i}", 1, "x"), key=f"e{i}", by=f"U{i}") for i in range(50))
    )
    brief = await store.brief("B1")
    assert brief is not None and len(brief.voters(1)) == 50
    assert len([e async for e in store.events() if e.kind == "vote_cast"]) == 50


async def test_times_come_back_in_utc(store: Store) -> None:
    await perform(store, submit())
    (entry,) = [e async for e in store.events()]
    assert entry.at == NOW and entry.at.utcoffset() == timedelta(0)
    assert entry.line()["at"] == "2026-11-20T12:00:00.000Z"


async def test_a_message_is_found_by_slot_and_by_place(store: Store) -> None:
    message = Message("B1", "card", "C", None, None, shown=POSTING)
    await store.keep_message(message)
    assert await store.posting("C") and await store.message_at("C", "1.0") is None
    placed = Message("B1", "card", "C", "1.0", None, shown="x", files=(("sheet", "F1"),))
    await store.keep_message(placed)
    assert await store.message("B1", "card") == placed == await store.message_at("C", "1.0")
    assert not await store.posting("C")


async def test_a_dead_process_is_noticed_by_the_databases_clock(store: Store) -> None:
    assert await store.beat("a", 30) == []
    assert await store.beat("b", -1) != []


async def test_a_job_is_enqueued_with_its_decision_or_not_at_all(store: Store) -> None:
    assert await store.enqueue(Tell("C", "U", "hello"), "C", NOW, key="k")
    assert not await store.enqueue(Tell("C", "U", "hello"), "C", NOW, key="k")
    assert await store.job(1) == Tell("C", "U", "hello")


async def test_old_deliveries_are_cleared_and_briefs_stay(store: Store) -> None:
    await perform(store, submit(), key="old")
    await store.clear(NOW + timedelta(days=1))
    assert not await store.seen("old") and await jobs(store) == 0
    assert await store.brief("B1") is not None


async def test_the_migrations_say_what_the_tables_say(url: str) -> None:
    config = schema.config(url)
    await asyncio.to_thread(schema.migrate, url)
    await asyncio.to_thread(command.check, config)
    await asyncio.to_thread(command.downgrade, config, "base")
    await asyncio.to_thread(schema.migrate, url)


async def test_a_database_that_cannot_be_opened_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(Misconfigured, match="DATABASE_URL"):
        database.opened(f"sqlite:///{tmp_path}/file/below/it.db")
    with pytest.raises(Misconfigured, match="cannot be opened"):
        await asyncio.to_thread(schema.migrate, f"sqlite:///{tmp_path}")
    with pytest.raises(Misconfigured, match=r"\*\*\*"):
        await asyncio.to_thread(schema.migrate, "postgresql://me:secret@127.0.0.1:1/none")


async def test_pictures_are_named_by_their_content(tmp_path: Path) -> None:
    files = Files.opened(None, tmp_path / "files")
    sha = await files.keep(b"bytes")
    assert sha == await files.keep(b"bytes") and await files.read(sha) == b"bytes"
    with pytest.raises(Refused):
        await files.read("0" * 64)
