"""Which drafts a reply names: 2, #2, "the second", "top left", B, 2b, both, all."""

import re

_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8}
_PLACES = {
    "top left": 1,
    "top right": 2,
    "bottom left": 3,
    "bottom right": 4,
    "upper left": 1,
    "upper right": 2,
}
_UNIT = (
    r"(?:st|nd|rd|th|%|px|k|am|pm|dpi|x|:|\.\d|/|min|h\b|s\b|days?|weeks?|people|times|hours?|minutes?|fingers?"
    r"|more|percent|eur|usd|€)"
)
_DIGIT = re.compile(rf"(?<![\w#$€.:/-])#?(\d{{1,2}})([b-z])?(?![\w])(?!\s?{_UNIT})")
_NAMED = re.compile(
    r"\b(?:draft|option|number|no\.?|image|pic|picture|version|concept|design|v)\s*#?(\d{1,2})([b-z])?\b"
)
_WORD = re.compile(
    r"\b(?:(?:number|option|draft)\s+)?("
    + "|".join(_NUMBERS)
    + r")\b(?!\s+(?:of|more|thing|person|people|day|week|hour|minute|finger|other|another|piece|bit|last|small))"
)
_ORDINAL = re.compile(
    r"\b(?:the\s+)?(" + "|".join(_ORDINALS) + r")(?:\s+(?:one|draft|option|image|picture|version|pic))?\b"
)
_LETTER = re.compile(
    r"\b(?:option|draft|version|concept)\s+([a-d])\b|^([b-d])(?=\s+(?:is|please|looks|but|with|for)\b|[.!,]|$)"
)
_PLACE = re.compile(r"\b(?:the\s+)?(" + "|".join(_PLACES) + r")(?:\s+one|\s+(?:is|looks|please|but)\b|$)")
_NOT = re.compile(r"\b(?:not|except|but not|isn't|nicht|no la|pas)\s+(?:the\s+)?(?:number\s+)?#?(\d)\b")


def named(text: str, n_drafts: int) -> tuple[tuple[int, ...], str | None]:
    """The draft numbers named, in order, and a version name ("2b") where one was.

    >>> named("2 and 4 are close, not 3", 4)
    ((2, 4), None)
    >>> named("the second one, please", 4), named("undo 2b", 4)
    (((2,), None), ((2,), '2b'))
    """
    version = None
    hits: list[tuple[int, int]] = []
    bare = re.sub(
        r"\"[^\"]*\"|#[0-9a-f]{6}\b|#[0-9a-f]{3}\b|\d{1,2}\s?[:x]\s?\d{1,2}",
        lambda m: " " * len(m.group()),
        text,
    )
    refused = {int(m.group(1)) for m in _NOT.finditer(bare)}
    for pattern in (_NAMED, _DIGIT):
        for m in pattern.finditer(bare):
            hits.append((m.start(1), int(m.group(1))))
            if m.group(2):
                version = m.group(1) + m.group(2)
    hits += [
        (m.start(1), _NUMBERS[m.group(1)])
        for m in _WORD.finditer(bare)
        if m.group(1) != "one" or _only_one(bare, m)
    ]
    hits += [(m.start(1), _ORDINALS[m.group(1)]) for m in _ORDINAL.finditer(bare)]
    hits += [(m.start(), ord(m.group(1) or m.group(2)) - 96) for m in _LETTER.finditer(bare)]
    if n_drafts == 4:
        hits += [(m.start(1), _PLACES[m.group(1)]) for m in _PLACE.finditer(bare)]
    if re.search(r"\bthe last (?:one|draft|option)\b", bare) and n_drafts:
        hits.append((len(bare), n_drafts))
    if re.search(r"\b(?:all of them|all four|all drafts|every draft|both)\b", bare) and not hits:
        count = 2 if "both" in bare else n_drafts
        hits += [(i, i) for i in range(1, min(count, n_drafts) + 1)]
    numbers = tuple(dict.fromkeys(n for _, n in sorted(hits) if n not in refused and n > 0))
    return numbers, version


def _only_one(text: str, m: re.Match[str]) -> bool:
    """ "one" is a draft in "number one", "option one" or alone; elsewhere it is a pronoun."""
    return m.group().startswith(("number", "option", "draft")) or text.strip(" .!") == "one"
