"""How well replies are understood, by kind and language, and how many a second.

    python benchmarks/replies.py SET.jsonl

A line of the set: {"text", "context": {"n_drafts", "selected"}, "expect": {"kind", "also_ok"}, "targets", "lang"}.
A wish between the two thresholds of ``bot.review.talk`` counts as asked, neither right nor wrong.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter, defaultdict
from pathlib import Path

from bot.model import Kind
from bot.replies.read import read
from bot.review.talk import PERHAPS, SURE

QUIET = {Kind.CHATTER.value, Kind.QUESTION.value}


def measure(path: Path) -> None:
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    tallies: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        context = row.get("context") or {}
        wish = read(row["text"], n_drafts=context.get("n_drafts") or 4, selected=context.get("selected"))[0]
        result = _judged(row, wish.kind.value, list(wish.targets), wish.confidence)
        for key in (row["expect"]["kind"], f"({row.get('lang', 'en')})", "all"):
            tallies[key][result] += 1
    print(f"{'':14}{'n':>5}{'right':>8}{'wrong':>8}{'asked':>8}{'missed':>8}{'quiet':>8}{'FALSE':>8}")
    for key in sorted(tallies, key=lambda k: (k == "all", k.startswith("("), k)):
        t = tallies[key]
        print(
            f"{key:14}{sum(t.values()):>5}"
            + "".join(f"{t[x] or '.':>8}" for x in ("right", "wrong", "asked", "missed", "quiet", "false"))
        )
    texts = [row["text"] for row in rows] * max(1, 4000 // len(rows))
    started = time.perf_counter()
    for text in texts:
        read(text)
    print(f"{len(texts) / (time.perf_counter() - started):,.0f} replies a second")


def _judged(row: dict[str, object], kind: str, targets: list[int], sure: float) -> str:
    expect: dict[str, object] = row["expect"]  # type: ignore[assignment]
    fair = {expect["kind"], *(expect.get("also_ok") or ())}  # type: ignore[misc]
    if kind not in QUIET and PERHAPS <= sure < SURE:
        return "asked"
    if expect["kind"] in QUIET:
        return "quiet" if kind in QUIET or kind in fair else "false"
    if kind in QUIET:
        return "right" if kind in fair else "missed"
    return "right" if kind in fair and targets == row["targets"] else "wrong"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("set", type=Path)
    measure(parser.parse_args().set)
