"""Killed at any moment while a provider is at work: nothing is paid for twice, and every brief ends."""

from __future__ import annotations

from pathlib import Path

from killing import killed


async def test_nothing_is_paid_for_twice_however_often_the_bot_is_killed(tmp_path: Path) -> None:
    """`benchmarks/kills.py` does the same fifty times."""
    found = await killed(tmp_path, 4, briefs=3, seed=3)
    assert found.kills == 4 and len(found.ended) == 3
    assert found.twice == 0 and sum(found.paid.values()) >= 12
