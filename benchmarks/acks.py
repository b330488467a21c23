"""How quickly Slack is answered while a hundred briefs are being drawn.

    python benchmarks/acks.py [--briefs 100] [--seconds 20]

Starts a sandbox and the bot as a process of its own, submits the briefs, then reacts, replies and presses
buttons at random while they are drawn, and prints the time from delivery to acknowledgment.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bot.sandbox.server import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, Sandbox, manifest

ROOT = Path(__file__).parent.parent
PEOPLE = ("U000000MIA", "U000000SAM", "U00000NOOR", "U000000TOM")


async def measure(briefs: int, seconds: float) -> None:
    sandbox = Sandbox(manifest(ROOT / "manifest.yml"), strict_rates=False)
    await sandbox.start()
    with tempfile.TemporaryDirectory() as data:
        environ = {
            **os.environ,
            "PROOFTHREAD_DATA": data,
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "SLACK_API_URL": sandbox.api_url,
            "PORT": "3977",
        }
        bot = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"], env=environ, cwd=ROOT, stderr=subprocess.DEVNULL
        )
        try:
            while not sandbox.delivery.sockets:
                await asyncio.sleep(0.05)
            await work(sandbox, briefs, seconds)
        finally:
            bot.kill()
            bot.wait()
            await sandbox.stop()


async def work(sandbox: Sandbox, briefs: int, seconds: float) -> None:
    dice = random.Random(1)
    channels = ["C0CAMPAIGN", "C000LEADS0", "C000SECRET"]
    commands = [
        sandbox.people.command(
            dice.choice(PEOPLE), dice.choice(channels), "/brief", f"poster number {i} about bread, 9:16"
        )
        for i in range(briefs)
    ]
    started = time.monotonic()
    for command in commands:
        await command
    submitted = time.monotonic() - started
    while time.monotonic() - started < seconds:
        channel = dice.choice(channels)
        cards = [
            m
            for m in sandbox.workspace.messages[channel]
            if m.get("metadata", {}).get("event_type") == "brief"
        ]
        if cards:
            card = dice.choice(cards)
            person = dice.choice(PEOPLE)
            if dice.random() < 0.5:
                sandbox.people.react(person, channel, card["ts"], dice.choice(["one", "two", "three"]))
            else:
                await sandbox.people.say(
                    person, channel, "make the background #FFD400 on 2", thread=card["ts"]
                )
        await asyncio.sleep(0.05)
    await sandbox.delivery.quiet()
    grids = sum(
        m.get("metadata", {}).get("event_type") == "grid"
        for c in channels
        for m in sandbox.workspace.messages[c]
    )
    print(
        f"{briefs} briefs submitted in {submitted:.1f} s; {grids} grids shown after {time.monotonic() - started:.0f} s"
    )
    for kind in ("slash_commands", "events_api"):
        took = sorted(d.ack.seconds for d in sandbox.delivery.log if d.kind == kind)
        failed = sum(not d.ack.ok for d in sandbox.delivery.log if d.kind == kind)
        if took:
            at = {q: took[min(len(took) - 1, int(len(took) * q))] * 1000 for q in (0.5, 0.99)}
            worst = took[-1] * 1000
            figures = f"p50={at[0.5]:.0f} ms p99={at[0.99]:.0f} ms worst={worst:.0f} ms failed={failed}"
            print(f"{kind}: n={len(took)} {figures}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--briefs", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=20)
    options = parser.parse_args()
    asyncio.run(measure(options.briefs, options.seconds))
