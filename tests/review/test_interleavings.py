"""Whatever the order, the repeats and the moment: the same events end in the same state, and no approval names what
its message did not show. ``benchmarks/interleavings.py`` does the same ten thousand times."""

from __future__ import annotations

from hypothesis import given, settings
from interleavings import Thread, comes_to, started, stories, told

from bot import commands as c
from bot.policy import Policy


@settings(max_examples=400, deadline=None)
@given(stories())
def test_the_same_emoji_in_any_order_and_twice_end_in_the_same_state(
    story: tuple[Policy, list[c.Command], list[c.Command]],
) -> None:
    policy, in_order, as_brought = story
    assert comes_to(told(started(policy), in_order)) == comes_to(told(started(policy), as_brought))


Interleaved = Thread.TestCase
Interleaved.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
