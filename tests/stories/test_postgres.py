"""The same thread on Postgres, with two processes, one of which dies."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from conftest import ROOT, Start, environment, fresh_database
from telling import PEOPLE, Story, payload

from bot.sandbox.server import Sandbox

pytestmark = pytest.mark.postgres


@pytest.fixture
async def url(postgres: str, tmp_path: Path) -> AsyncIterator[str]:
    async with fresh_database(postgres, str(tmp_path)) as url:
        yield url


async def test_a_thread_on_postgres(start: Start, story: Story, url: str) -> None:
    async with start(database_url=url):
        await story.told(
            """
            mia: /brief a cat
            bot: [grid 1 2 3 4]
            sam reacts two on grid:1
            sam: make the background #336699
            bot: [before | after 2b]
            lea presses Approve 2b
            bot: Approved: 2b
            tom: /digest
            """
        )


async def test_two_processes_share_the_work_and_one_may_die(
    sandbox: Sandbox, url: str, tmp_path: Path
) -> None:
    environ = environment(sandbox, tmp_path, DATABASE_URL=url, PROOFTHREAD_LEASE="3")
    story = Story(sandbox)
    ports = [str(30000 + os.getpid() % 10000 + n) for n in (0, 1)]
    processes: list[subprocess.Popen[bytes]] = []
    try:
        for port in ports:
            command = [sys.executable, "-m", "bot", "run"]
            processes.append(
                subprocess.Popen(command, env={**environ, "PORT": port}, cwd=ROOT, stderr=subprocess.DEVNULL)
            )
            await story.until(lambda: len(sandbox.delivery.sockets) == len(processes), "a socket each")
        for i in range(6):
            await sandbox.people.command(PEOPLE["mia"], "C0CAMPAIGN", "/brief", f"cat number {i}, one draft")
        await asyncio.sleep(0.7)
        processes[0].send_signal(signal.SIGKILL)

        def grids() -> list[str]:
            said = [payload(m) for m in story.messages()]
            return [p["brief"] for p in said if p.get("slot") == "grid:1"]

        for _ in range(3):
            if len(grids()) < 6:
                await asyncio.sleep(5)
        await story.until(lambda: len(grids()) >= 6, "six grids")
        await story.settled(1.0)
        assert len(grids()) == len(set(grids())) == 6
        cards = [payload(m)["brief"] for m in story.messages() if payload(m).get("slot") == "card"]
        assert len(cards) == len(set(cards)) == 6
    finally:
        for process in processes:
            process.kill()
            process.wait()
