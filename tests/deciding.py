"""Briefs in a known state, for tests of the rules."""

from __future__ import annotations

from datetime import UTC, datetime

from bot import briefing
from bot import commands as c
from bot.model import Brief
from bot.review.decide import decide

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
MIA, SAM, LEA, TOM = "UMIA", "USAM", "ULEA", "UTOM"


def picture(n: int = 0) -> c.Picture:
    return c.Picture(f"{n:064x}", 100, 100, "local", "sketch-1", usd=0.01)


def submitted(text: str = "a cat in the rain", approvers: tuple[str, ...] = (LEA,)) -> Brief:
    wanted = briefing.read(text, now=NOW)
    return decide(None, c.SubmitBrief("B1", "T", "C", MIA, wanted, approvers), now=NOW).brief


def do(brief: Brief, *commands: c.Command, now: datetime = NOW) -> Brief:
    for command in commands:
        brief = decide(brief, command, now=now).brief
    return brief


def drafted(n: int = 4, **kwargs: tuple[str, ...]) -> Brief:
    brief = submitted(**kwargs)
    drafts = c.TakeDrafts("B1", 1, tuple(picture(i) for i in range(n)))
    return do(brief, drafts, c.NoteShown("B1", "grid:1"))
