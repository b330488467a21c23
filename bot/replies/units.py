"""A message cut into units: words and phrases of the lexicon, numbers, stops."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.replies import roles as r
from bot.replies.lexicon import Lexicon, lexicon, marks, remembered

MOST = 260
"""Units that are read of one message."""
_TOKEN = re.compile(
    r"\"[^\"\n]{1,200}\"|(?<!\w)'[^'\n]{2,80}'(?!\w)|[+-]1\b(?!\d)|#[0-9a-f]{6}\b|#[0-9a-f]{3}\b|:[a-z0-9_+'-]+:|->|=>|→|/s\b"
    r"|#?\d+(?:[.,:x×/]\d+)*(?:[a-z%]+)?|(?:ctrl|cmd)\+z|\w+(?:['&/+-]\w+)*|[^\w\s]|\n"
)
_HEX = re.compile(r"(?=.*\d)[0-9a-f]{6}")
_TICKET = re.compile(r"#(?!(\d)\1\1$)\d{3}")
"""#482 is a ticket, #333 a colour."""
_ENDS = frozenset([".", "!", "…", ";", "\n", "。", "！"])
_COMMAS = frozenset(
    [",", "–", "—", "-", "(", ")", "、", ":", "->", "=>", "→", "|", "/", "•", "*", "~", "¿", "¡"]
)
_ELIDED = frozenset(["l", "d", "qu", "s"])
_JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


@dataclass(slots=True)
class Unit:
    """A piece of a message: its words, where they stand in the text, and what they do (bits of ``roles``)."""

    text: str
    start: int
    end: int
    does: int


def cut(text: str, cased: str | None = None) -> tuple[str, list[Unit]]:
    """The language, and the units in order; ``cased`` is the text with its capitals.

    >>> [u.text for u in cut("get rid of the coffee cup, please")[1]]
    ['get rid of', 'the', 'coffee', 'cup', ',', 'please']
    """
    if _JAPANESE.search(text):
        return "ja", _japanese(text)
    tokens = [(m.group(), m.start(), m.end()) for m in _TOKEN.finditer(text)][: MOST * 2]
    language = _language(tokens)
    known = lexicon(language)
    units: list[Unit] = []
    i, n = 0, len(tokens)
    while i < n and len(units) < MOST:
        word, start, end = tokens[i]
        if (
            word == "."
            and units
            and units[-1].text in ("no", "nr", "num")
            and i + 1 < n
            and tokens[i + 1][0][0].isdigit()
        ):
            i += 1
            continue  # "no. 4"
        step = 1
        bits = -1
        for k in known.lengths.get(word, ()):
            if i + k > n:
                continue
            phrase = " ".join([t[0] for t in tokens[i : i + k]])
            found = known.words.get(phrase)
            if found is not None:
                word, end, bits, step = phrase, tokens[i + k - 1][2], found, k
                break
        if bits < 0:
            bits = _single(word, language)
        if bits & r.POSSESSIVE and i + 1 < n and word.endswith("'s") and _says_is(tokens, i + 1, known):
            units.append(Unit(word[:-2], start, end - 2, bits & ~r.POSSESSIVE))
            units.append(Unit("is", end - 2, end, r.AUX))  # "the font's too thin"
        else:
            units.append(Unit(word, start, end, bits))
        i += step
    _close_gaps(units, known)
    for i, unit in enumerate(units):
        if cased and i and cased[unit.start].isupper() and not units[i - 1].does & r.END and language == "en":
            unit.does |= r.PROPER
            if (
                len(unit.text) >= 3
                and not unit.text[-1].isdigit()  # "B2-C3" are cells of the grid
                and not unit.does & ~r.PROPER
                and cased[unit.start : unit.end].isupper()
                and not cased.isupper()
            ):
                unit.does |= r.TEXT  # "bigger SALE on 3": lettering quoted in its own capitals
    return language, units


def _says_is(tokens: list[tuple[str, int, int]], at: int, known: Lexicon) -> bool:
    """Does "'s" stand for "is" here: before "too", "off", "melting", "not", or an adjective that ends the sentence?"""
    does = known.does(tokens[at][0])
    phrase = known.words.get(" ".join(t[0] for t in tokens[at : at + 2]), 0)
    if (does | phrase) & (r.DEGREE | r.NEGATION | r.ING) or phrase & r.FAULT:
        return True
    last = (
        at + 1 >= len(tokens)
        or not tokens[at + 1][0][0].isalpha()
        or known.does(tokens[at + 1][0]) & (r.PREP | r.CONJ | r.BUT | r.AUX | r.DET)
    )
    return bool(does & (r.FAULT | r.ADJECTIVES) and last)


@remembered
def _single(word: str, language: str) -> int:
    first, known = word[0], lexicon(language)
    if first in "\"'" and len(word) > 1:
        return r.QUOTED
    if word == "?":
        return r.QUESTION | r.END
    if word in _ENDS:
        return r.END
    if word in _COMMAS:
        return r.COMMA
    if (first == "#" and len(word) > 3 and not _TICKET.fullmatch(word)) or _HEX.fullmatch(word):
        return r.HUE
    if first.isdigit() or (first == "#" and len(word) > 1 and word[1].isdigit() and len(word) < 4):
        return r.NUMBER | known.words.get(word, 0)
    if word.endswith(("'s", "s'")) and word not in known.words:
        base = known.does(word[:-2]) or known.does(word[:-1])
        return base & (r.NOUNS | r.ADJECTIVES) | r.POSSESSIVE
    bits = known.does(word)
    if not bits and "'" in word:
        front, _, rest = word.partition("'")
        bits = known.does(rest) & r.NOUNS if front in _ELIDED and rest else 0  # "l'arrière-plan"
    return bits


def _close_gaps(units: list[Unit], known: Lexicon) -> None:
    """ "take the cup out": the verb does what both do together, the later word nothing any more."""
    for i, unit in enumerate(units):
        tails = known.gaps.get(unit.text)
        if not tails or (unit.does and not unit.does & r.BASE):
            continue
        for j in range(i + 2, min(i + 9, len(units))):
            if units[j].does & (r.END | r.COMMA) or (units[j].does & r.BASE and units[j].text in known.gaps):
                break
            word = units[j].text
            ahead = " ".join(u.text for u in units[j : j + 3])
            bits = next(
                (b for tail, b in tails if word in (tail, tail + " of") or ahead.startswith(tail + " ")), 0
            )
            bits = bits or next((b for tail, b in tails if ahead == tail), 0)
            if bits:
                unit.does = bits | r.BASE
                units[j].does = r.PARTICLE
                break


def _language(tokens: list[tuple[str, int, int]]) -> str:
    """The language whose own words are the most; English where nothing tells."""
    votes = dict.fromkeys(("en", "es", "fr", "de", "pt"), 0)
    for word, _, _ in tokens[:60]:
        for language, count in _votes(word):
            votes[language] += count
    best = max(votes, key=votes.__getitem__)
    return best if votes[best] > votes["en"] else "en"


@remembered
def _votes(word: str) -> tuple[tuple[str, int], ...]:
    """The languages a word speaks for."""
    english = word in lexicon("en").words
    votes = [(language, 1 if english else 2) for language in marks().get(word, ())]
    if english:
        votes.append(("en", 1))
    elif len(word) > 2 and word.isalpha():
        votes += [(x, 1) for x in ("es", "de", "fr", "pt") if lexicon(x).does(word)]
    return tuple(votes)


def _japanese(text: str) -> list[Unit]:
    """Longest words first; what is not known stays together by script."""
    known = lexicon("ja").words
    units: list[Unit] = []
    i, n = 0, min(len(text), 400)
    while i < n:
        for length in range(min(10, n - i), 0, -1):
            piece = text[i : i + length]
            bits = known.get(piece)
            if bits is not None:
                units.append(Unit(piece, i, i + length, bits | r.BASE))
                i += length
                break
        else:
            char = text[i]
            digits = re.match(r"\d+", text[i:])
            size = digits.end() if digits else 1
            bits = r.NUMBER if digits else _single(char, "ja") if not char.isspace() else 0
            if char in "？?":
                bits = r.QUESTION | r.END
            if not char.isspace():
                units.append(Unit(text[i : i + size], i, i + size, bits))
            i += size
    return units
