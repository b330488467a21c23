"""Labelled replies: what people wrote, and what it should come to.

A set is a table with tabs (``sets/*.tsv``; a spreadsheet opens it): kind, other kinds that are fair, how many drafts,
the draft whose thread it is, the drafts that are meant, the words that name the part, language, text. Sets whose name
begins with ``taught`` teach the weights; nobody reads the ``unseen`` ones, they only measure.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path

from bot.model import Kind

SETS = Path(__file__).parent / "sets"
COLUMNS = ("kind", "fair", "drafts", "selected", "targets", "part", "language", "text")


@dataclass(frozen=True, slots=True)
class Example:
    """One reply with its label. ``fair``: kinds that would do as well; ``part``: words of the text, or None."""

    kind: Kind
    fair: frozenset[Kind]
    drafts: int
    selected: int | None
    targets: tuple[int, ...]
    part: str | None
    language: str
    text: str


def sets(begins: str = "") -> list[Path]:
    """The sets whose names begin so."""
    return sorted(SETS.glob(f"{begins}*.tsv"))


def examples(path: Path) -> list[Example]:
    """The replies of a set; also of a file of JSON lines in the form of ``python -m bot read --jsonl``."""
    with path.open(encoding="utf-8", newline="") as lines:
        if path.suffix == ".jsonl":
            return [_from_json(json.loads(line)) for line in lines if line.strip()]
        return [_from_row(row) for row in csv.DictReader(lines, dialect="excel-tab")]


def _from_row(row: dict[str, str]) -> Example:
    return Example(
        Kind(row["kind"]),
        frozenset({Kind(row["kind"]), *map(Kind, row["fair"].split())}),
        int(row["drafts"]),
        int(row["selected"]) if row["selected"] else None,
        tuple(map(int, row["targets"].split())),
        row["part"] or None,
        row["language"],
        row["text"].replace("\\n", "\n"),
    )


def _from_json(row: dict[str, object]) -> Example:
    expect, context = row["expect"], row["context"]
    assert isinstance(expect, dict) and isinstance(context, dict)
    targets = row.get("targets") or ()
    assert isinstance(targets, list | tuple)
    return Example(
        Kind(expect["kind"]),
        frozenset({Kind(expect["kind"]), *map(Kind, expect.get("also_ok") or ())}),
        context["n_drafts"],
        context["selected"],
        tuple(targets),
        str(row["region"]) if row.get("region") else None,
        str(row.get("lang") or "en"),
        str(row["text"]),
    )
