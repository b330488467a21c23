"""Ninety days with a moved clock and two hundred briefs in five time zones: who is reminded, and of what.

python benchmarks/nudges.py [90] [200] [3]
"""

import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from months import START, Months, waited_in_vain  # noqa: E402


def main(days: int, briefs: int, seeds: int) -> None:
    """Days, briefs, and so many worlds."""
    for seed in range(seeds):
        began = time.perf_counter()
        months = Months(seed, briefs=briefs, days=days).run()
        heard = sum(len(life.heard) for life in months.lives)
        most = Counter(
            len([p for p, _ in life.heard if p == q])
            for life in months.lives
            for q in {p for p, _ in life.heard}
        )
        vain = [life.brief.id for life in months.lives if waited_in_vain(life, START + timedelta(days=days))]
        print(
            f"world {seed}: {len(months.lives)} briefs, {heard} reminders in {sum(months.messages.values())} messages, "
            f"at most {max(months.messages.values())} to a person a day, at most {max(most)} of a brief to a person; "
            f"to the wrong person, out of hours or after the decision: {len(months.faults)}; "
            f"overdue and never said: {len(vain)} ({time.perf_counter() - began:.0f} s)"
        )
        for fault in months.faults[:10]:
            print("  ", fault)


if __name__ == "__main__":
    given = [int(a) for a in sys.argv[1:]]
    main(*(given + [90, 200, 3][len(given) :]))
