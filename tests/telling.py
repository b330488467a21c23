"""Whole threads as dialogues: people act, and what the bot says is waited for.

mia: /brief a cat in the rain
bot: [grid 1 2 3 4]
sam reacts two on grid:1
sam: make the background #FFD400 on 2
sam edits: make the background navy on 2
sam deletes that
bot: [before | after 2b]
lea presses Approve 2b
card: Approved
only sam sees: counts as a vote
"""

from __future__ import annotations

import asyncio
import re
import time
from typing import Any

from bot.sandbox.server import Sandbox

CAMPAIGNS = "C0CAMPAIGN"
PEOPLE = {
    "mia": "U000000MIA",
    "sam": "U000000SAM",
    "noor": "U00000NOOR",
    "lea": "U000000LEA",
    "tom": "U000000TOM",
}
PATIENCE = 30.0


class Story:
    """A thread being told in a sandbox."""

    def __init__(self, sandbox: Sandbox, channel: str = CAMPAIGNS) -> None:
        self.sandbox, self.channel = sandbox, channel

    async def told(self, script: str) -> None:
        """Every line in turn."""
        for line in (raw.strip() for raw in script.strip().splitlines()):
            if line and not line.startswith("#"):
                await self.line(line)

    async def line(self, line: str) -> None:
        people = self.sandbox.people
        if m := re.fullmatch(r"(\w+) (reacts|takes back) (\S+) on (\S+)", line):
            message = await self.slot(m.group(4))
            people.react(PEOPLE[m.group(1)], self.channel, message["ts"], m.group(3))
            await self.sandbox.delivery.quiet()
        elif m := re.fullmatch(r"(\w+) presses (.+)", line):
            await self.press(m.group(1), m.group(2))
        elif m := re.fullmatch(r"only (\w+) sees: (.+)", line):
            await self.until(lambda: any(m.group(2) in w["text"] for w in self.whispers(m.group(1))), line)
        elif m := re.fullmatch(r"card: (.+)", line):
            await self.until(lambda: m.group(1) in text_of(self.card() or {}), line)
        elif m := re.fullmatch(r"bot: \[grid ([\d ]+)\]", line):
            numbers = [int(n) for n in m.group(1).split()]
            await self.until(lambda: any(payload(g).get("drafts") == numbers for g in self.of("grid")), line)
        elif m := re.fullmatch(r"bot: \[before \| after (\w+)\]", line):
            await self.until(
                lambda: any(payload(v).get("version") == m.group(1) for v in self.of("draft")), line
            )
        elif m := re.fullmatch(r"bot: (.+)", line):
            await self.until(lambda: any(m.group(1) in text_of(x) for x in self.thread()), line)
        elif m := re.fullmatch(r"(\w+) (?:edits: (.+)|deletes that)", line):
            who = PEOPLE[m.group(1)]
            last = next(x for x in reversed(self.thread()) if x["user"] == who)
            if m.group(2):
                people.edit(who, self.channel, last["ts"], m.group(2))
            else:
                people.delete(who, self.channel, last["ts"])
            await self.sandbox.delivery.quiet()
        elif m := re.fullmatch(r"(\w+): (.+)", line):
            root = self.card()
            command = m.group(2).startswith("/")
            thread = root["ts"] if root and not command else None
            await people.say(PEOPLE[m.group(1)], self.channel, m.group(2), thread=thread)
            await self.sandbox.delivery.quiet()
        else:
            raise AssertionError(f"nobody understands: {line}")

    async def press(self, who: str, label: str) -> None:
        """Press the newest button with this label, in the thread or on the card."""

        def found() -> tuple[dict[str, Any], dict[str, Any]] | None:
            for message in reversed(self.thread()):
                for block in message.get("blocks") or []:
                    for e in block.get("elements") or []:
                        if e.get("type") == "button" and e["text"]["text"] == label:
                            return message, {**e, "block_id": block["block_id"]}
            return None

        await self.until(lambda: found() is not None, f"a button {label!r}")
        message, button = found() or ({}, {})
        await self.sandbox.people.click(PEOPLE[who], button, channel=self.channel, ts=message["ts"])

    async def slot(self, name: str) -> dict[str, Any]:
        """The message of a slot, waited for."""
        await self.until(lambda: self._slot(name) is not None, name)
        return self._slot(name) or {}

    def _slot(self, name: str) -> dict[str, Any] | None:
        return next((m for m in reversed(self.thread()) if payload(m).get("slot") == name), None)

    def card(self) -> dict[str, Any] | None:
        cards = [m for m in self.messages() if m.get("metadata", {}).get("event_type") == "brief"]
        return cards[-1] if cards else None

    def messages(self) -> list[dict[str, Any]]:
        return self.sandbox.workspace.messages[self.channel]

    def thread(self) -> list[dict[str, Any]]:
        root = self.card()
        return [m for m in self.messages() if root and m.get("thread_ts", m["ts"]) == root["ts"]]

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [m for m in self.thread() if m.get("metadata", {}).get("event_type") == kind]

    def whispers(self, who: str) -> list[dict[str, Any]]:
        return self.sandbox.workspace.ephemerals.get(PEOPLE[who], [])

    async def until(self, there: Any, what: str) -> None:
        ends = time.monotonic() + PATIENCE
        while not there():
            if time.monotonic() > ends:
                raise AssertionError(f"waited in vain for: {what}\n" + self.transcript())
            await asyncio.sleep(0.02)

    async def settled(self, quiet: float = 0.6) -> None:
        """Until nothing has changed for a while."""
        seen, since = -1, time.monotonic()
        while time.monotonic() - since < quiet:
            if self.sandbox.workspace.revision != seen:
                seen, since = self.sandbox.workspace.revision, time.monotonic()
            await asyncio.sleep(0.02)

    def transcript(self) -> str:
        names = {u.id: u.name for u in self.sandbox.workspace.users.values()}
        lines = [f"{names.get(m['user'])}: {text_of(m)[:300]}" for m in self.messages()]
        whispers = [f"(only {n}) {w['text']}" for n in PEOPLE for w in self.whispers(n)]
        refused = [f"{m} -> {e}" for m, _, e in self.sandbox.web_api.calls if e]
        return "\n".join([*lines, *whispers, *refused])


def payload(message: dict[str, Any]) -> dict[str, Any]:
    return message.get("metadata", {}).get("event_payload", {})


def text_of(message: dict[str, Any]) -> str:
    """All words of a message, blocks included."""
    words = [message.get("text", "")]
    for block in message.get("blocks") or []:
        if "text" in block:
            words.append(block["text"]["text"])
        words += [
            e["text"] if isinstance(e.get("text"), str) else e["text"]["text"]
            for e in block.get("elements") or []
            if "text" in e
        ]
    return "\n".join(words)
