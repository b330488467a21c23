"""The reading of replies, held to what it has reached on the labelled sets; nobody reads the unseen ones here."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from benchmarks.replies import judged
from bot.replies.read import read

SETS = sorted((Path(__file__).parents[1] / "benchmarks" / "sets").glob("*.jsonl"))


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("path", SETS, ids=lambda p: p.stem)
def test_no_message_that_is_no_approval_signs_off(path: Path) -> None:
    for row in rows(path):
        context, expect = row["context"], row["expect"]
        wishes = read(row["text"], n_drafts=context["n_drafts"], selected=context["selected"])
        if any(w.firm for w in wishes):
            assert "approve" in {expect["kind"], *expect["also_ok"]}, row["id"]


@pytest.mark.parametrize(
    ("begins", "right", "wrong", "false"), [("seen", 0.72, 0.065, 0.04), ("unseen", 0.60, 0.06, 0.04)]
)
def test_what_has_been_reached_is_kept(begins: str, right: float, wrong: float, false: float) -> None:
    tally: Counter[str] = Counter()
    for path in (p for p in SETS if p.stem.startswith(begins)):
        for row in rows(path):
            context = row["context"]
            wishes = read(row["text"], n_drafts=context["n_drafts"], selected=context["selected"])
            tally += judged(row, wishes[0])
    assert tally["right"] >= right * tally["job"]
    assert tally["wrong"] <= wrong * tally["job"]
    assert tally["FALSE"] <= false * tally["none"]
