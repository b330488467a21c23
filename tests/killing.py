"""The bot as a process of its own, killed again and again while providers are at work: what was paid, and what for."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from conftest import ROOT, environment
from engines.providers import KEY, BFLDouble, Double, GeminiDouble, served
from telling import PEOPLE, Story, text_of

from bot.sandbox.server import Sandbox, manifest

CHANNELS = ("C0CAMPAIGN", "C000LEADS0", "C000SECRET")


@dataclass
class Killed:
    """What came of it. ``paid``: how often each piece of work was paid for, by what was asked; ``ended``: what each
    brief's thread says at last."""

    kills: int = 0
    paid: Counter[str] = field(default_factory=Counter)
    ended: list[str] = field(default_factory=list)

    @property
    def twice(self) -> int:
        return sum(count > 1 for count in self.paid.values())


async def killed(data: Path, kills: int, *, briefs: int, seed: int = 0, seconds: float = 0.4) -> Killed:
    """Kill the bot ``kills`` times at random moments while ``briefs`` are drawn by providers that take ``seconds``."""
    dice, result = random.Random(seed), Killed()
    sandbox = Sandbox(manifest(ROOT / "manifest.yml"), file_delay=0.05, strict_rates=False)
    await sandbox.start()
    doubles: list[Double] = [GeminiDouble(), BFLDouble(looks=2)]
    async with served(doubles[0], seconds=seconds) as gemini, served(doubles[1], seconds=seconds) as bfl:
        environ = environment(
            sandbox,
            data,
            PORT=str(20000 + os.getpid() % 20000),
            GEMINI_API_KEY=KEY,
            GEMINI_BASE_URL=gemini + "/v1",
            BFL_API_KEY=KEY,
            BFL_BASE_URL=bfl,
            PROOFTHREAD_DRAWN="6",
        )
        stories, asked = [Story(sandbox, channel) for channel in CHANNELS], 0
        process: subprocess.Popen[bytes] | None = None
        try:
            for turn in range(kills + 1):
                process = subprocess.Popen(
                    [sys.executable, "-m", "bot", "run"], env=environ, cwd=ROOT, stderr=subprocess.DEVNULL
                )
                await stories[0].until(
                    lambda: any(not s.ws.closed for s in sandbox.delivery.sockets), "a socket"
                )
                while asked < briefs * (turn + 1) / max(1, kills) and asked < briefs:
                    who = "with flux" if asked % 2 else "with gemini"
                    text = f"Sale number {asked}, square, {who}"
                    await sandbox.people.command(
                        PEOPLE["mia"], CHANNELS[asked % len(CHANNELS)], "/brief", text
                    )
                    asked += 1
                if turn == kills:
                    break
                await asyncio.sleep(dice.uniform(0.05, 2.5))
                process.send_signal(signal.SIGKILL)
                process.wait()
                result.kills += 1
                await stories[0].until(lambda: not sandbox.delivery.sockets, "the socket to go")
            await _ended(stories, briefs)
        finally:
            if process is not None:
                process.kill()
                process.wait()
            await sandbox.stop()
    for double in doubles:
        result.paid.update(double.ledger if isinstance(double, GeminiDouble) else _orders(double))
    result.ended = [text_of(m) for story in stories for m in story.messages() if _is_card(m)]
    return result


def _orders(double: Double) -> list[str]:
    """What was asked of a provider that takes a seed."""
    posts = [c for c in double.calls if c.method == "POST"]
    return [f"{c.json['prompt']} #{c.json.get('seed')}" for c in posts]


def _is_card(message: dict[str, object]) -> bool:
    metadata = message.get("metadata")
    return isinstance(metadata, dict) and metadata.get("event_type") == "brief"


async def _ended(stories: list[Story], briefs: int) -> None:
    def all_there() -> bool:
        cards = [m for story in stories for m in story.messages() if _is_card(m)]
        return len(cards) == briefs and all("In review" in text_of(m) for m in cards)

    for _ in range(8):  # each waits as long as a story waits for anything
        try:
            await stories[0].until(all_there, "every brief to end")
            return
        except AssertionError:
            continue
    await stories[0].until(all_there, "every brief to end")
