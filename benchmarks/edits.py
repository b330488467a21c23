"""Engines that misbehave on purpose, over pictures and masks of real photographs: what came through, what was caught.

    python benchmarks/edits.py [PAIRS]           # 204 unless told

One line for each habit: edits shown, declined, crashed; the pixels that changed outside the mask in what is shown;
how often the answer was moved back; the seam (levels, 95th percentile); seconds for one edit.
"""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from misbehaving import ANSWERS, Misbehaving, pairs

from bot.engines.engine import Subject
from bot.errors import Declined
from bot.fixing.fix import fix
from bot.model import Kind, Wish


def main() -> None:
    """The table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 204
    print(
        f"{'':20}{'shown':>7}{'declined':>9}{'crashed':>8}{'outside':>8}{'moved':>7}{'seam':>7}{'seconds':>8}"
    )
    for habit, answer in ANSWERS.items():
        shown = declined = crashed = outside = moved = 0
        seams: list[float] = []
        started = time.perf_counter()
        for picture, mask in pairs(count):
            engine = Misbehaving(answer)
            try:
                fixed = asyncio.run(fix(Subject(picture), Wish(Kind.INPAINT, region="it"), engine, mask=mask))
            except Declined:
                declined += 1
                continue
            except Exception as error:
                crashed += 1
                print(f"{habit}: {error!r}")
                continue
            shown += 1
            differs = (np.asarray(picture) != np.asarray(fixed.picture)).any(axis=2)
            outside += int((differs & (np.asarray(mask) == 0)).sum())
            moved += fixed.shift != (0, 0)
            seams.append(fixed.seam)
        each = (time.perf_counter() - started) / count
        seam = f"{np.quantile(seams, 0.95):7.1f}" if seams else "      -"
        print(f"{habit:20}{shown:>7}{declined:>9}{crashed:>8}{outside:>8}{moved:>7}{seam}{each:8.2f}")


if __name__ == "__main__":
    main()
