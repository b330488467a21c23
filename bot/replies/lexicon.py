"""The words the reader knows, by language; the files in ``bot/data/replies`` can be extended by anybody."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, ParamSpec, TypeVar

from bot import colours
from bot.errors import Misconfigured
from bot.replies import forms
from bot.replies import roles as r

P = ParamSpec("P")
T = TypeVar("T")
LANGUAGES = ("en", "es", "de", "fr", "pt", "ja")
_SPELLED = (
    r.EDITING | r.THING | r.BACKGROUND | r.TEXT | r.LOGO | r.REDRAW | r.UNDO | r.LIT | r.TONED | r.COMPARED
)
MEMORY = 20_000
"""Words whose roles are remembered, for each language."""
_SPACES = re.compile(r"\s*[,\n]\s*")


@dataclass(slots=True)
class Lexicon:
    """``words``: a word or phrase and what it does. ``lengths``: how many words the phrases that begin so have,
    the longest first.

    ``stems``: beginnings of words ("*"). ``gaps``: a verb, the word that completes it later, and what both
    do together ("take ~ out"). ``near``: a word with a letter left out leads to the words it may be.
    ``endings``: how compound colours end ("senfgelb"). ``met``: words that were looked up before.
    """

    words: dict[str, int] = field(default_factory=dict)
    lengths: dict[str, tuple[int, ...]] = field(default_factory=dict)
    stems: dict[str, int] = field(default_factory=dict)
    gaps: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    near: dict[str, list[str]] = field(default_factory=dict)
    endings: tuple[str, ...] = ()
    met: dict[str, int] = field(default_factory=dict)

    def does(self, word: str) -> int:
        """What a single word does, by its form, its stem, or the one word it may be a misspelling of."""
        bits = self.met.get(word, -1)
        if bits < 0:
            if len(self.met) >= MEMORY:
                self.met.clear()
            bits = self.met[word] = self._found(word)
        return bits

    def _found(self, word: str) -> int:
        bits = self.words.get(word, 0)
        if bits or not word[0].isalpha():
            return bits
        for length in range(min(len(word), 14), 2, -1):
            if bits := self.stems.get(word[:length], 0):
                return bits
        if self.endings and len(word) > 5:
            for ending in self.endings:
                if word.endswith(ending):
                    return r.HUE  # "senfgelb"
        if "-" in word:
            whole = self.words.get(word.replace("-", " "), 0) or self.words.get(word.replace("-", ""), 0)
            last = word.rsplit("-", 1)[-1]
            return whole or (self.words.get(last, 0) & (r.NOUNS | r.HUE) & ~r.OFFICE if len(last) > 2 else 0)
        return self._misspelled(word)

    def _misspelled(self, word: str) -> int:
        if not 5 <= len(word) <= 20 or not word.isalpha():
            return 0
        shorter = [word, *(word[:i] + word[i + 1 :] for i in range(1, len(word)))]
        close = {k for s in shorter for k in self.near.get(s, ()) if _slipped(word, k)}
        return self.words[min(close)] if len(close) == 1 else 0

    def enter(self, phrase: str, bits: int) -> None:
        """One phrase as it stands in a file."""
        self.met.clear()
        if " ~ " in phrase:
            verb, _, tail = phrase.partition(" ~ ")
            self.gaps.setdefault(verb, []).append((tail, bits))
        elif phrase.endswith("*") and " " not in phrase:
            stem = phrase.rstrip("*")
            self.stems[stem] = self.stems.get(stem, 0) | bits
        else:
            phrase = phrase.replace("*", "")
            self.words[phrase] = self.words.get(phrase, 0) | bits
            first, *rest = phrase.split(" ")
            if rest:
                known = {*self.lengths.get(first, ()), len(rest) + 1}
                self.lengths[first] = tuple(sorted(known, reverse=True))

    def learn_spelling(self) -> None:
        """Prepare ``near`` from the words that matter."""
        for word, bits in self.words.items():
            if len(word) >= 5 and bits & _SPELLED and word.isalpha():
                for short in (word, *(word[:i] + word[i + 1 :] for i in range(1, len(word)))):
                    self.near.setdefault(short, []).append(word)


def _slipped(typed: str, meant: str) -> bool:
    """A letter left out, put in or swapped with its neighbour; another letter would be another word ("Darren"),
    and so would another ending ("regenerated")."""
    if typed in (meant + "d", meant + "s", meant + "r", meant + "y"):
        return False
    return len(typed) != len(meant) or sorted(typed) == sorted(meant)


_forgetting: list[Callable[[], None]] = []


def remembered(function: Callable[P, T]) -> Callable[P, T]:
    """Answers are kept until words are added."""
    kept = lru_cache(maxsize=1 << 15)(function)
    _forgetting.append(kept.cache_clear)
    return kept  # type: ignore[return-value]


_OTHER_WORDS = frozenset("well were its shell hell ill id wed shed".split())


@cache
def lexicon(language: str = "en") -> Lexicon:
    """The lexicon of a language. Other languages borrow English nouns, colours and shapes."""
    made = Lexicon()
    if language != "en":
        for word, bits in lexicon("en").words.items():
            borrowed = bits & (r.NOUNS | r.HUE) & ~r.WEAK & ~r.OFFICE
            if borrowed and not bits & r.DET and len(word) > 3:
                made.enter(word, borrowed)
    else:
        for listed in tomllib.loads(_text("things")).values():
            for word in str(listed).split():
                for form, form_bits in forms.noun(word.replace("-", " ")):
                    made.enter(form, r.THING | form_bits)
        for name in colours.names():
            made.enter(name, r.HUE)
    own = Lexicon()
    for heading, table in _table(language).items():
        for role, listed in table.items() if heading in r.HEADINGS else ():
            bits = r.HEADINGS[heading][role]
            for phrase in _SPACES.split(str(listed).strip()):
                for form, form_bits in (
                    forms.of(phrase, heading)
                    if language == "en"
                    else ((phrase, r.BASE * (heading == "verb")),)
                ):
                    if form:
                        own.enter(form, bits | form_bits)
                    if "'" in form and language == "en" and form.replace("'", "") not in _OTHER_WORDS:
                        own.enter(form.replace("'", ""), bits | form_bits)  # "dont", "isnt"
    made.words.update(own.words) if language != "en" else None
    if language == "en":
        for word, bits in own.words.items():
            made.enter(word, bits)
    for first, counts in own.lengths.items():
        made.lengths[first] = tuple(sorted({*counts, *made.lengths.get(first, ())}, reverse=True))
    made.stems, made.gaps = own.stems, own.gaps
    made.endings = tuple(_table(language).get("language", {}).get("hue_endings", "").split())
    if language != "ja":
        made.learn_spelling()
    return made


def add(text: str, name: str) -> int:
    """Words of the workspace's own, in the form of our files, for every language; gives how many.

    Raises Misconfigured with what is wrong in the file called ``name``.
    """
    try:
        tables = tomllib.loads(text)
    except ValueError as error:
        raise Misconfigured(f"{name} cannot be read: {error}") from error
    count = 0
    for heading, table in tables.items():
        if heading not in r.HEADINGS or not isinstance(table, dict):
            raise Misconfigured(f"{name}: [{heading}] is no heading. There are: {', '.join(r.HEADINGS)}.")
        for role, listed in table.items():
            if role not in r.HEADINGS[heading] or not isinstance(listed, str):
                known = ", ".join(r.HEADINGS[heading])
                raise Misconfigured(f"{name}: {role} under [{heading}] is none of: {known}.")
            for phrase in filter(None, _SPACES.split(listed.strip().lower())):
                for form, form_bits in forms.of(phrase, heading):
                    for language in LANGUAGES:
                        lexicon(language).enter(form, r.HEADINGS[heading][role] | form_bits)
                count += 1
    for forget in _forgetting:
        forget()
    return count


@cache
def marks() -> dict[str, tuple[str, ...]]:
    """Words that tell a language, and the languages they may tell."""
    found: dict[str, tuple[str, ...]] = {}
    for language in LANGUAGES[1:-1]:
        for word in _SPACES.split(_table(language)["language"]["marks"].strip()):
            found[word] = (*found.get(word, ()), language)
    return found


@cache
def _grammar() -> dict[str, str]:
    return tomllib.loads(_text("grammar"))


def group(name: str) -> frozenset[str]:
    """Words of ``grammar.toml`` that the grammar looks for."""
    return frozenset(w for w in _SPACES.split(_grammar()[name].strip()) if w)


def pattern(name: str) -> re.Pattern[str]:
    """Any of a group's phrases, the longest first: whole words, or anywhere in scripts without spaces."""
    listed = sorted(group(name), key=len, reverse=True)
    spaced = "|".join(re.escape(w).replace(r"\*", r"\w*") for w in listed if w < "\u3000")
    running = "|".join(re.escape(w) for w in listed if w >= "\u3000")
    return re.compile("|".join(filter(None, (rf"\b(?:{spaced})(?!\w)" if spaced else "", running))))


@cache
def topics() -> dict[str, list[str]]:
    """What a question may be about, with the phrases that tell."""
    return dict(tomllib.loads(_text("topics")))


@cache
def orders() -> dict[str, tuple[str, ...]]:
    """Short orders by name, with their phrases."""
    table = tomllib.loads(_text("orders"))
    return {name: tuple(_SPACES.split(str(listed).strip())) for name, listed in table.items()}


@cache
def _table(language: str) -> dict[str, dict[str, Any]]:
    return tomllib.loads(_text(language))


def _text(name: str) -> str:
    return files("bot.data").joinpath("replies", f"{name}.toml").read_text("utf-8")
