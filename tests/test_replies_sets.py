"""The reading of replies, held to what it has reached on sets that taught it nothing and that nobody reads."""

from __future__ import annotations

from collections import Counter
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from benchmarks import teach
from benchmarks.examples import examples, sets
from benchmarks.replies import judged, wishes
from bot.model import Kind


@pytest.mark.parametrize("path", sets(), ids=lambda p: p.stem)
def test_no_message_that_is_no_approval_signs_off(path: Path) -> None:
    for example in examples(path):
        if any(w.firm for w in wishes(example)):
            assert Kind.APPROVE in example.fair, example.text


@pytest.mark.parametrize(
    ("name", "right", "wrong", "false"),
    [
        ("unseen_a", 0.92, 0.03, 0.02),
        ("unseen_b", 0.70, 0.055, 0.03),
        ("unseen_c", 0.91, 0.035, 0.01),
    ],
)
def test_what_has_been_reached_is_kept(name: str, right: float, wrong: float, false: float) -> None:
    tally: Counter[str] = Counter()
    (path,) = sets(name)
    for example in examples(path):
        tally += judged(example, wishes(example)[0])
    assert tally["right"] >= right * tally["job"]
    assert tally["wrong"] <= wrong * tally["job"]
    assert tally["FALSE"] <= false * tally["none"]


@pytest.mark.parametrize("name", ["weights", "parts"])
def test_the_stored_weights_are_counted_from_the_examples_as_they_are(name: str) -> None:
    with np.load(str(files("bot.data") / "replies" / f"{name}.npz")) as stored:
        assert str(stored["stamp"]) == teach.stamp(), "run: python benchmarks/teach.py"
