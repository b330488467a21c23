"""Count the weights of ``bot/replies/evidence.py`` from the labelled examples, all but the unseen ones.

    python benchmarks/teach.py                  # writes bot/data/replies/weights.npz and parts.npz

Add examples of your own in a table ``benchmarks/sets/taught_....tsv``. Half a minute on one core; the same examples
give the same weights. Needs scikit-learn (the dev extra); the bot itself does not.
"""

from __future__ import annotations

import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, diags
from sklearn.linear_model import LogisticRegression

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.examples import Example, examples, sets
from benchmarks.replies import same_part
from bot.replies import evidence, regions
from bot.replies.evidence import BUCKETS, KINDS, Table
from bot.replies.grammar import Reading, by_grammar

DATA = Path(__file__).parents[1] / "bot" / "data" / "replies"
RARE = 2
"""Examples a feature must occur in."""
RIDGE, RIDGE_OF_PARTS = 12.0, 0.3
"""Inverse strength of the penalty."""


def stamp() -> str:
    """What the taught sets say, in short: the stored weights carry it, so that a test sees when they are old."""
    return sha256(b"".join(path.read_bytes() for path in sets("taught"))).hexdigest()


def taught(found: list[Example]) -> tuple[Table, Table]:
    """The weights for kinds and for parts."""
    readings = [by_grammar(e.text, e.drafts, e.selected) for e in found]
    return _kinds(found, readings), _parts(found, readings)


def _kinds(found: list[Example], readings: list[Reading]) -> Table:
    rows = [evidence.features(reading) for reading in readings]
    return _fitted(
        [keys for keys, _ in rows],
        np.concatenate([values for _, values in rows]),
        [KINDS.index(e.kind) for e in found],
        RIDGE,
    )


def _parts(found: list[Example], readings: list[Reading]) -> Table:
    keys, right = [], []
    for example, reading in zip(found, readings, strict=True):
        if example.part is None:
            continue
        own = next((w.region for w in reading.wishes if w.region), None)
        named = regions.candidates(reading, own)
        meant = [same_part(example.part, one.words) for one in named]
        if any(meant) and not all(meant):
            keys += [
                np.array(regions.marks(reading, example.kind, own, len(named), i, one))
                for i, one in enumerate(named)
            ]
            right += meant
    return _fitted(keys, np.ones(sum(map(len, keys))), right, RIDGE_OF_PARTS)


def _fitted(keys: list[Any], values: Any, wanted: list[Any], ridge: float) -> Table:
    """A ridge-penalised (multinomial) logistic regression over features weighted by how rare they are (smoothed inverse
    document frequency), its weights rounded to 1/127 of the largest."""
    ends = np.concatenate([[0], np.cumsum([len(k) for k in keys])])
    flat = np.concatenate(keys)
    rows = csr_matrix((values, flat, ends), (len(keys), BUCKETS))
    seen = np.bincount(flat, minlength=BUCKETS)
    used = np.flatnonzero(seen >= RARE)
    rarity = 1 + np.log((1 + len(keys)) / (1 + seen[used]))
    rarity /= rarity.mean()
    model = LogisticRegression(C=ridge, max_iter=300, tol=1e-3).fit(rows[:, used] @ diags(rarity), wanted)
    counted = model.coef_ * rarity
    step = np.abs(counted).max(axis=1) / 127
    weights = np.round(counted / step[:, None]).astype(np.int8).T
    return Table(
        used.astype(np.uint32), weights, step.astype(np.float32), model.intercept_.astype(np.float32)
    )


def main() -> None:
    """Teach from all taught sets."""
    found = [e for path in sets("taught") for e in examples(path)]
    for name, table in zip(("weights", "parts"), taught(found), strict=True):
        path = DATA / f"{name}.npz"
        np.savez_compressed(path, **table._asdict(), stamp=np.array(stamp()))
        print(f"{path.name}: {len(table.buckets)} features, {path.stat().st_size // 1000} kB")
    print(f"from {len(found)} examples")


if __name__ == "__main__":
    main()
