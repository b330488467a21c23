"""How well replies are understood, by set, kind and language, and how many a second.

    python benchmarks/replies.py                 # the unseen sets: nobody has read them, nobody should
    python benchmarks/replies.py --left-out      # each taught set, by weights taught from the others (minutes)
    python benchmarks/replies.py SET.tsv         # any set, also JSON lines in the form of ``python -m bot read``

Percent of the messages that want a job: right (a fair kind, the right drafts), wrong, asked (a question back),
missed. Percent of those that want none: FALSE (a job was started), asked. Drafts and parts where they are named.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.examples import Example, examples, sets
from bot.model import PERHAPS, SURE, Kind, Wish
from bot.replies import evidence
from bot.replies.grammar import ON_PART
from bot.replies.read import read

NONE = frozenset({Kind.CHATTER, Kind.QUESTION})
_SMALL = frozenset("the a an her his its their our my of".split())
Tally = Counter[str]


def wishes(example: Example) -> tuple[Wish, ...]:
    """What the bot reads in a message."""
    return read(example.text, n_drafts=example.drafts, selected=example.selected)


def judged(example: Example, wish: Wish) -> Tally:
    """What became of one message."""
    kind: Kind | None = wish.kind
    if kind not in NONE and wish.confidence < SURE:
        kind = None if wish.confidence >= PERHAPS else Kind.CHATTER  # None: the person is asked
    fair = kind in example.fair
    if example.kind in NONE:
        result = "asked for nothing" if kind is None else "quiet" if fair or kind in NONE else "FALSE"
        return Counter({"none": 1, result: 1})
    tally = Counter({"job": 1})
    if kind is None:
        tally["asked"] = 1
    elif kind in NONE:
        tally["right" if fair else "missed"] = 1
    else:
        drafts = same_drafts(example, wish.targets)
        tally["right" if fair and drafts else "wrong"] = 1
        if example.targets and example.targets != (example.selected,):
            tally.update({"drafts named": 1, "drafts right": drafts})
        if fair and kind in ON_PART and example.part:
            tally.update({"parts named": 1, "parts right": same_part(example.part, wish.region)})
    return tally


def same_drafts(example: Example, targets: tuple[int, ...]) -> bool:
    """The drafts that were meant; with one draft, or over the whole round, none named is all of them."""
    want, got, whole = set(example.targets), set(targets), set(range(1, example.drafts + 1))
    if example.drafts == 1 or example.kind in (Kind.REGENERATE, Kind.REJECT):
        want, got = want - whole if want == whole else want, got - whole if got == whole else got
    return want == got


def same_part(want: str, got: str | None) -> bool:
    """Do two names mean the same part: do they share at least half of their words?"""
    one, other = (set(re.findall(r"\w+", s.lower())) - _SMALL for s in (want, got or ""))
    return bool(one and other) and (2 * len(one & other) >= len(one | other) or want in (got or ""))


def table(tallies: dict[str, Tally]) -> None:
    """One line for each."""
    print(f"{'':24}{'jobs':>6} right  wrong  asked missed{'none':>6}  FALSE  asked{'drafts':>8}{'parts':>7}")
    for name, t in tallies.items():
        jobs = " ".join(_share(t, x, "job") for x in ("right", "wrong", "asked", "missed"))
        nothing = " ".join(_share(t, x, "none") for x in ("FALSE", "asked for nothing"))
        named = " ".join(_share(t, f"{x} right", f"{x} named") for x in ("drafts", "parts"))
        print(f"{name:24}{t['job']:>6}{jobs}{t['none']:>6}{nothing}  {named}")


def _share(tally: Tally, what: str, of: str) -> str:
    return f"{100 * tally[what] / tally[of]:6.1f}" if tally[of] else "     -"


class Report:
    """Tallies by set, kind and language."""

    def __init__(self) -> None:
        self.sets: dict[str, Tally] = defaultdict(Counter)
        self.kinds: dict[str, Tally] = defaultdict(Counter)
        self.languages: dict[str, Tally] = defaultdict(Counter)

    def add(self, name: str, found: Iterable[Example]) -> None:
        """Read a set and count."""
        for example in found:
            tally = judged(example, wishes(example)[0])
            for one in (self.sets[name], self.kinds[example.kind], self.languages[example.language]):
                one.update(tally)

    def show(self) -> None:
        """All tables, the sum last of the first."""
        table({**self.sets, "all": sum(self.sets.values(), Counter())})
        for tallies in (self.kinds, self.languages):
            print()
            table(dict(sorted(tallies.items())))


def left_out() -> None:
    """Each taught set, by weights that were taught from all others."""
    from benchmarks import teach  # needs scikit-learn

    report, paths = Report(), sets("taught")
    for path in paths:
        kinds, parts = teach.taught([e for other in paths if other != path for e in examples(other)])
        evidence.use(kinds, parts)
        report.add(path.stem, examples(path))
    report.show()


def main() -> None:
    """What the arguments ask for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--left-out", action="store_true")
    chosen = parser.parse_args()
    if chosen.left_out:
        left_out()
        return
    report, paths = Report(), [chosen.file] if chosen.file else sets("unseen")
    for path in paths:
        report.add(path.stem, examples(path))
    report.show()
    found = [e for path in paths for e in examples(path)]
    started = time.perf_counter()
    for example in found:
        wishes(example)
    print(f"\n{len(found) / (time.perf_counter() - started):,.0f} replies a second")


if __name__ == "__main__":
    main()
