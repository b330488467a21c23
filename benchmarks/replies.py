"""How well replies are understood, by set, kind and language, and how many a second.

    python benchmarks/replies.py                 # all sets in benchmarks/sets
    python benchmarks/replies.py unseen          # those whose name begins so
    python benchmarks/replies.py SET.jsonl

A line of a set: {"text", "context": {"n_drafts", "selected"}, "expect": {"kind", "also_ok"}, "targets", "region",
"lang"}. The ``seen`` sets were worked with; nobody has read the ``unseen`` ones, and nobody should.

Percent of the messages that want a job: right (a fair kind, the right drafts), wrong, asked (a question back),
missed. Percent of those that want none: FALSE (a job was started), asked. Drafts and regions where they are named.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from bot.model import Kind, Wish
from bot.replies.read import read
from bot.review.talk import PERHAPS, QUIET, SURE

SETS = Path(__file__).parent / "sets"
NONE = {k.value for k in QUIET}
ON_PART = {"inpaint", "remove", "recolour", "relight", "text", "logo"}
Row = dict[str, Any]


def judged(row: Row, wish: Wish) -> Counter[str]:
    """What became of one message."""
    expect = row["expect"]
    fair = {expect["kind"], *(expect.get("also_ok") or ())}
    kind, sure = wish.kind.value, wish.confidence
    if kind not in NONE and sure < SURE:
        kind = "asked" if sure >= PERHAPS else Kind.CHATTER.value
    if expect["kind"] in NONE:
        result = "asked for nothing" if kind == "asked" else "quiet" if kind in NONE | fair else "FALSE"
        return Counter({"none": 1, result: 1, "approved falsely": result == "FALSE" and kind == "approve"})
    tally = Counter({"job": 1})
    if kind == "asked":
        tally["asked"] = 1
    elif kind in NONE:
        tally["right" if kind in fair else "missed"] = 1
    else:
        drafts = same_drafts(row, wish.targets)
        tally["right" if kind in fair and drafts else "wrong"] = 1
        if row["targets"] and row["targets"] != [row["context"].get("selected")]:
            tally.update({"drafts named": 1, "drafts right": drafts})
        if kind in fair and kind in ON_PART and row.get("region"):
            tally.update({"parts named": 1, "parts right": same_part(row["region"], wish.region)})
    return tally


def same_drafts(row: Row, targets: tuple[int, ...]) -> bool:
    """The drafts that were meant; with one draft, or over the whole round, none named is all of them."""
    n, whole = row["context"]["n_drafts"], set(range(1, row["context"]["n_drafts"] + 1))
    want, got = set(row["targets"]), set(targets)
    if n == 1 or row["expect"]["kind"] in ("regenerate", "reject"):
        want, got = want - whole if want == whole else want, got - whole if got == whole else got
    return want == got


def same_part(want: str, got: str | None) -> bool:
    """Do two names mean the same part: do they share at least half of their words?"""
    one, other = (
        set(re.findall(r"\w+", s.lower())) - {"the", "a", "her", "his", "of"} for s in (want, got or "")
    )
    return bool(one and other) and (2 * len(one & other) >= len(one | other) or want in (got or ""))


def share(tally: Counter[str], what: str, of: str) -> str:
    return f"{100 * tally[what] / tally[of]:6.1f}" if tally[of] else "     -"


def table(tallies: dict[str, Counter[str]]) -> None:
    print(f"{'':16}{'jobs':>5} right  wrong  asked missed{'none':>6}  FALSE  asked{'drafts':>8}{'parts':>7}")
    for name, t in tallies.items():
        jobs = " ".join(share(t, x, "job") for x in ("right", "wrong", "asked", "missed"))
        nothing = " ".join(share(t, x, "none") for x in ("FALSE", "asked for nothing"))
        drafts, parts = share(t, "drafts right", "drafts named"), share(t, "parts right", "parts named")
        print(f"{name:16}{t['job']:>5}{jobs}{t['none']:>6}{nothing}  {drafts} {parts}")


def main(paths: list[Path]) -> None:
    by_set: dict[str, Counter[str]] = defaultdict(Counter)
    by_kind: dict[str, Counter[str]] = defaultdict(Counter)
    by_language: dict[str, Counter[str]] = defaultdict(Counter)
    texts: list[str] = []
    for path in paths:
        for line in filter(None, path.read_text("utf-8").splitlines()):
            row: Row = json.loads(line)
            context = row["context"]
            tally = judged(
                row, read(row["text"], n_drafts=context["n_drafts"], selected=context["selected"])[0]
            )
            by_set[path.stem] += tally
            by_set["all"] += tally
            by_kind[row["expect"]["kind"]] += tally
            by_language[row.get("lang") or "en"] += tally
            texts.append(row["text"])
    table({**{k: v for k, v in by_set.items() if k != "all"}, "all": by_set["all"]})
    print()
    table(dict(sorted(by_kind.items())))
    print()
    table(dict(sorted(by_language.items())))
    started = time.perf_counter()
    for text in texts:
        read(text)
    print(f"\n{len(texts) / (time.perf_counter() - started):,.0f} replies a second")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sets", nargs="?", default="", help="a file, or how the names of sets begin")
    chosen = parser.parse_args().sets
    main([Path(chosen)] if chosen.endswith(".jsonl") else sorted(SETS.glob(f"{chosen}*.jsonl")))
