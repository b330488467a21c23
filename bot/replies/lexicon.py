"""The words the reader knows, looked up by phrase in one step."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from bot import colours

LONGEST = 5
"""Words in the longest phrase that is looked up."""

_SPELLED = frozenset(
    {"remove", "repair", "background", "text", "upscale", "regenerate", "light", "colour", "praise"}
)


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase found: what it does (``role``), and the tokens it covers (end exclusive)."""

    role: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Phrases by their words; ``stems`` by the beginning of a single word; ``marks`` for scripts
    without spaces; ``near`` leads from a word with one letter left out to the words it may be."""

    phrases: dict[str, tuple[str, ...]]
    stems: dict[str, tuple[str, ...]]
    marks: tuple[tuple[str, str], ...]
    near: dict[str, tuple[str, ...]]

    def found(self, tokens: list[str], text: str) -> list[Hit]:
        """Every phrase, the longest at each place for each role; overlaps of different roles are all kept."""
        hits: list[Hit] = []
        for i in range(len(tokens)):
            seen: set[str] = set()
            for n in range(min(LONGEST, len(tokens) - i), 0, -1):
                for role in self._roles(tokens, i, n):
                    if role not in seen:
                        seen.add(role)
                        hits.append(Hit(role, i, i + n))
        hits += [Hit(role, 0, 0) for mark, role in self.marks if mark in text]
        return hits

    def _roles(self, tokens: list[str], i: int, n: int) -> tuple[str, ...]:
        if n > 1:
            return self.phrases.get(" ".join(tokens[i : i + n]), ())
        word = tokens[i]
        roles = self.phrases.get(word, ())
        for length in range(3, len(word) + 1):
            roles += self.stems.get(word[:length], ())
        if not roles and word.endswith("s") and len(word) > 3:
            roles = tuple(r for r in self.phrases.get(word.removesuffix("s"), ()) if r == "thing")
        return roles or self._misspelled(word)

    def _misspelled(self, word: str) -> tuple[str, ...]:
        """What a word of five letters or more does when one letter is wrong, missing or too many."""
        if len(word) < 5 or not word.isalpha():
            return ()
        shorter = {word[:i] + word[i + 1 :] for i in range(len(word))}
        meant = {known for s in (word, *shorter) for known in self.near.get(s, ())}
        close = {k for k in meant if k[0] == word[0] and abs(len(k) - len(word)) <= 1}
        return self.phrases[min(close)] if len(close) == 1 else ()


@cache
def lexicon() -> Lexicon:
    """The lexicon of this installation."""
    phrases: dict[str, set[str]] = {}
    stems: dict[str, set[str]] = {}
    marks: set[tuple[str, str]] = set()
    for section, table in _table("lexicon.toml").items():
        if section == "topics":
            continue
        for role, listed in table.items():
            for phrase in listed:
                _enter(phrase, role, phrases, stems, marks)
    for listed in tomllib.loads(_text("things.toml")).values():
        for word in str(listed).split():
            _enter(word, "thing", phrases, stems, marks)
    for name in colours.names():
        _enter(name, "hue", phrases, stems, marks)
    near: dict[str, set[str]] = {}
    for word in (w for w, roles in phrases.items() if len(w) >= 6 and w.isalpha() and roles & _SPELLED):
        for short in (word, *(word[:i] + word[i + 1 :] for i in range(len(word)))):
            near.setdefault(short, set()).add(word)
    return Lexicon(
        {k: tuple(sorted(v)) for k, v in phrases.items()},
        {k: tuple(sorted(v)) for k, v in stems.items()},
        tuple(sorted(marks)),
        {k: tuple(sorted(v)) for k, v in near.items()},
    )


@cache
def topics() -> dict[str, list[str]]:
    """What a question may be about, with the phrases that tell."""
    return dict(_table("lexicon.toml")["topics"])


def _enter(
    phrase: str,
    role: str,
    phrases: dict[str, set[str]],
    stems: dict[str, set[str]],
    marks: set[tuple[str, str]],
) -> None:
    if any("\u3000" < c < "\ufaff" or (ord(c) > 0x2600 and not c.isalpha()) for c in phrase):
        marks.add((phrase.rstrip("*"), role))
    elif phrase.endswith("*") and " " not in phrase:
        stems.setdefault(phrase.rstrip("*"), set()).add(role)
    else:
        phrases.setdefault(phrase.rstrip("*"), set()).add(role)


def _table(name: str) -> dict[str, dict[str, Any]]:
    return tomllib.loads(_text(name))


def _text(name: str) -> str:
    return files("bot.replies").joinpath(name).read_text("utf-8")
