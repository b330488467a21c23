"""Random interleavings of a thread at work, and random orders of what Slack brings: does every approval name what its
message showed, and do the same events end in the same state?

    python benchmarks/interleavings.py [10000]
"""

import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from hypothesis import HealthCheck, given, settings  # noqa: E402
from hypothesis.stateful import run_state_machine_as_test  # noqa: E402
from interleavings import Thread, comes_to, started, stories, told  # noqa: E402


def main(count: int) -> None:
    """Half of them threads at work, half of them orders of emoji."""
    quiet = [HealthCheck.too_slow, HealthCheck.data_too_large]
    tried = {"threads": 0, "steps": 0, "orders": 0, "approvals": 0}

    class Counted(Thread):
        def teardown(self) -> None:
            tried["threads"] += 1
            tried["approvals"] += len(self.brief.approvals) if hasattr(self, "brief") else 0

        def perform(self, command: object) -> None:
            tried["steps"] += 1
            super().perform(command)  # type: ignore[arg-type]

    began = time.perf_counter()
    steps = settings(
        max_examples=count // 2,
        stateful_step_count=40,
        deadline=None,
        database=None,
        suppress_health_check=quiet,
    )
    run_state_machine_as_test(Counted, settings=steps)

    @settings(max_examples=count - count // 2, deadline=None, database=None, suppress_health_check=quiet)
    @given(stories())
    def orders(story: tuple) -> None:
        policy, in_order, as_brought = story
        tried["orders"] += 1
        assert comes_to(told(started(policy), in_order)) == comes_to(told(started(policy), as_brought))

    orders()
    print(
        f"threads at work          {tried['threads']}, {tried['steps']} commands, {tried['approvals']} approvals"
    )
    print(f"orders of the same emoji {tried['orders']}")
    print("approvals of what was not shown: 0, states that depend on the order: 0")
    print(f"{time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
