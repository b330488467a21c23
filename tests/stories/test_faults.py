"""Slack stumbles, repeats itself, comes late or goes away; the thread ends as it should."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from conftest import ROOT, Start, environment
from telling import CAMPAIGNS, PEOPLE, Story, payload

from bot.sandbox.server import Sandbox, manifest
from handlers.desk import Desk


async def test_a_post_whose_line_broke_is_found_again_and_not_doubled(bot: Desk, story: Story) -> None:
    story.sandbox.faults.add("chat.postMessage", "drop_after", 2)
    await story.told("mia: /brief a cat\nbot: [grid 1 2 3 4]\ncard: In review")
    await story.settled(1.5)
    assert [payload(m)["slot"] for m in story.messages()] == ["card", "grid:1"]


@pytest.mark.parametrize("fault", ["429", "500", "drop_before"])
async def test_busy_slack_is_waited_out(bot: Desk, story: Story, fault: str) -> None:
    for method in (
        "chat.postMessage",
        "files.getUploadURLExternal",
        "files.completeUploadExternal",
        "users.info",
        "reactions.add",
    ):
        story.sandbox.faults.add(method, fault)
    await story.told("mia: /brief a cat\nbot: [grid 1 2 3 4]\nsam reacts two on grid:1\ncard: *2* ● 1")


async def test_every_event_twice_counts_once(bot: Desk, story: Story) -> None:
    await story.told("mia: /brief a cat\nbot: [grid 1 2 3 4]")
    story.sandbox.faults.duplicate = 50
    await story.told(
        """
        sam reacts two on grid:1
        noor: make the background #336699 on 2
        bot: [before | after 2b]
        lea reacts white_check_mark on version:2b
        bot: Approved: 2b
        """
    )
    await story.settled()
    kinds = [e.kind async for e in bot.store.events()]
    assert [kinds.count(k) for k in ("vote_cast", "edit_shown", "approval_given", "brief_approved")] == [
        1,
        1,
        1,
        1,
    ]


async def test_a_late_vote_does_not_come_back(bot: Desk, story: Story) -> None:
    await story.told("mia: /brief a cat\nbot: [grid 1 2 3 4]")
    message = await story.slot("grid:1")
    story.sandbox.faults.late, story.sandbox.faults.seconds = 1, 30
    story.sandbox.people.react(PEOPLE["sam"], CAMPAIGNS, message["ts"], "two")  # this one comes in 30 s
    story.sandbox.people.react(PEOPLE["sam"], CAMPAIGNS, message["ts"], "two")  # taken back: comes at once
    await asyncio.sleep(0.3)
    story.sandbox.clock.move(31)
    await story.sandbox.delivery.quiet()
    (brief,) = await bot.store.briefs()
    assert brief.voters(2) == ()


async def test_a_socket_that_is_closed_is_opened_again(bot: Desk, story: Story) -> None:
    await story.told("mia: /brief a cat\nbot: [grid 1 2 3 4]")
    await story.sandbox.delivery.disconnect()
    await story.until(lambda: bool(story.sandbox.delivery.sockets), "a new socket")
    await story.told("sam reacts two on grid:1\ncard: *2* ● 1")


async def test_what_is_missed_while_the_bot_is_away_is_delivered_again(start: Start, story: Story) -> None:
    async with start():
        await story.told("mia: /brief a cat\nbot: [grid 1 2 3 4]")
        await story.settled()
    message = await story.slot("grid:1")
    story.sandbox.people.react(PEOPLE["sam"], CAMPAIGNS, message["ts"], "two")
    await asyncio.sleep(0.2)
    async with start():
        story.sandbox.clock.move(61)
        await story.line("card: *2* ● 1")


@pytest.fixture
async def over_http(tmp_path: Path) -> AsyncIterator[tuple[Sandbox, Start]]:
    """The other transport: signed HTTP instead of a socket."""
    from contextlib import asynccontextmanager
    from dataclasses import replace
    from socket import socket

    from handlers.app import running
    from handlers.demo import settings as demo_settings

    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    made = Sandbox(
        manifest(ROOT / "manifest.yml"),
        request_url=f"http://127.0.0.1:{port}/slack/events",
        file_delay=0.05,
        strict_rates=False,
    )
    await made.start()

    @asynccontextmanager
    async def started() -> AsyncIterator[Desk]:
        settings = replace(demo_settings(made, tmp_path / "bot"), app_token=None, port=port)
        async with running(settings, poll=0.02, pace=0.0) as desk:
            yield desk

    yield made, started
    await made.stop()


async def test_the_same_thread_over_signed_http(over_http: tuple[Sandbox, Start]) -> None:
    sandbox, started = over_http
    story = Story(sandbox)
    async with started():
        await story.told(
            """
            mia: /brief a cat
            bot: [grid 1 2 3 4]
            sam reacts two on grid:1
            sam: make the background #336699
            bot: [before | after 2b]
            lea presses Approve 2b
            bot: Approved: 2b
            """
        )
        address = str(sandbox.delivery.request_url)
        async with aiohttp.ClientSession() as session:
            forged = {"X-Slack-Signature": "v0=00", "X-Slack-Request-Timestamp": "1"}
            assert (await session.post(address, data="{}", headers=forged)).status == 401
            base = address.removesuffix("/slack/events")
            assert (await (await session.get(f"{base}/healthz")).json()) == {"ok": True}
            ready = await session.get(f"{base}/readyz")
            assert ready.status == 200, await ready.text()
            assert (
                'proofthread_briefs{stage="approved"} 1.0'
                in await (await session.get(f"{base}/metrics")).text()
            )


async def test_kill_9_at_any_moment_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    """The bot as a process of its own, killed again and again while briefs run; at the end everything is there once."""
    dice = random.Random(7)
    sandbox = Sandbox(manifest(ROOT / "manifest.yml"), file_delay=0.05, strict_rates=False)
    await sandbox.start()
    environ = environment(sandbox, tmp_path, PORT=str(20000 + os.getpid() % 20000))
    channels = ["C0CAMPAIGN", "C000LEADS0", "C000SECRET"]
    stories = [Story(sandbox, channel) for channel in channels]
    process = None
    try:
        for turn in range(6):
            process = subprocess.Popen(
                [sys.executable, "-m", "bot", "run"], env=environ, cwd=ROOT, stderr=subprocess.DEVNULL
            )
            await stories[0].until(lambda: any(not s.ws.closed for s in sandbox.delivery.sockets), "a socket")
            if turn == 0:
                for channel in channels:
                    await sandbox.people.command(PEOPLE["mia"], channel, "/brief", "a cat in the rain")
            await asyncio.sleep(dice.uniform(0.05, 1.6))
            if turn < 5:
                process.send_signal(signal.SIGKILL)
                process.wait()
                await stories[0].until(lambda: not sandbox.delivery.sockets, "the socket to go")
        for story in stories:
            await story.line("bot: [grid 1 2 3 4]")
            await story.line("card: In review")
        await stories[0].settled(2.0)
    finally:
        if process is not None:
            process.kill()
            process.wait()
        await sandbox.stop()
    for story in stories:
        assert [payload(m)["slot"] for m in story.messages()] == ["card", "grid:1"], story.transcript()
    out = subprocess.run(
        [sys.executable, "-m", "bot", "export", "events"],
        env=environ,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    kinds = [json.loads(line)["kind"] for line in out.stdout.splitlines()]
    assert kinds.count("brief_submitted") == 3 and kinds.count("drafts_shown") == 3
