"""Which drafts a reply names: 2, #2, "the second", "top left", B, 2b, both, all."""

import re

_ORDINALS = {
    word: n
    for n, listed in enumerate(
        (
            "first 1st erste ersten primera primero première premier primeira primeiro",
            "second 2nd zweite zweiten segunda segundo deuxième seconde segunda",
            "third 3rd dritte dritten tercera tercero troisième terceira terceiro",
            "fourth 4th vierte vierten cuarta cuarto quatrième quarta quarto",
        ),
        1,
    )
    for word in listed.split()
}
_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8}
_PLACES = {
    "top left": 1,
    "top right": 2,
    "bottom left": 3,
    "bottom right": 4,
    "upper left": 1,
    "upper right": 2,
}
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_UNIT = (
    r"(?:(?:st|nd|rd|th|%|px|k|x|:\d|\.\d|/)|\s?(?:(?:am|pm|dpi|px|h|s|min|days?|weeks?|people|times|hours?|minutes?|fingers?"
    rf"|more|percent|eur|usd|cups?|years?|of us|o'clock|uhr|credits)\b|%|€|(?:{_MONTHS})[a-z]*\b))"
)
_VERBS = "is|was|has|does|looks|needs|feels|gets|wins|works|seems|reads|shows|lacks|misses|says|plus|as|this|its|pls"
_THINGS = rf"\s+(?!(?:{_VERBS})\b)[a-z]{{3,}}[^s\W]s\b"  # "9 strings" counts things, "9 looks" names a draft
_DIGIT = re.compile(
    rf"(?<![\w#$€£+.:/-])(?<!at )(?<!by )#?(\d{{1,2}})([b-z])?(?![\w])(?!{_UNIT})(?!{_THINGS})"
)
_NAMED = re.compile(
    r"\b(?:draft|option|number|no\.?|image|pic|picture|version|concept|design|v)\s*#?(\d{1,2})([b-z])?\b"
)
_WORD = re.compile(
    r"(?:\b(?:number|option|draft|version)\s+(" + "|".join(_NUMBERS) + r")\b"
    r"|(?<!another )(?<!all )(?<!more )(?<!these )(?<!the )\b(" + "|".join(_NUMBERS) + r")"
    r"(?=\s+(?:is|looks|please|but|wins|gets|to|it is)\b|\s*(?:[.,!?)]|$)))"
)
_ORDINAL = re.compile(
    r"\b(?:the\s+|die\s+|la\s+|a\s+|o\s+|el\s+|le\s+)?(" + "|".join(_ORDINALS) + r")"
    r"(?=\s+(?:one|draft|option|image|picture|version|pic|is|looks|please|but|for|nehmen|ist|es|est|é)\b|\s*(?:[.,!?:;)]|$))"
)
_COUNTED = re.compile(r"(\d{1,2})\s?(?:番|つ目|枚目|案|の)")
_LETTER = re.compile(
    r"\b(?:option|draft|version|concept)\s+([a-d])\b|^([b-d])(?=\s+(?:is|please|looks|but|with|for)\b|[.!,]|$)"
)
_PLACE = re.compile(
    r"(?:^(?:the\s+)?|\bthe\s+)("
    + "|".join(_PLACES)
    + r")(?=\s+one\b|\s+(?:is|looks|please|but|for|wins|gets)\b|$)"
)
_ALL = re.compile(
    r"\b(?:all of them|all four|all three|all drafts|every draft|each of them|(?<!thanks )both(?! of us| sides))\b"
)
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
        r"\"[^\"]*\"?|#[0-9a-f]{6}\b|#[0-9a-f]{3}\b|\d+\s?[:x]\s?\d+", lambda m: " " * len(m.group()), text
    )
    if found := _ALL.search(bare):
        count = 2 if "both" in found.group() else n_drafts
        if not _DIGIT.search(bare):
            return tuple(range(1, min(count, n_drafts) + 1)), None
    refused = {int(m.group(1)) for m in _NOT.finditer(bare)}
    hits += [(m.start(1), int(m.group(1))) for m in _COUNTED.finditer(bare)]
    for pattern in (_NAMED, _DIGIT):
        for m in pattern.finditer(bare):
            hits.append((m.start(1), int(m.group(1))))
            if m.group(2):
                version = m.group(1) + m.group(2)
    for m in _WORD.finditer(bare):
        word = m.group(1) or m.group(2)
        if word != "one" or m.group(1) or bare.strip(" .!") == "one":  # elsewhere "one" is a pronoun
            hits.append((m.start(), _NUMBERS[word]))
    if head := re.match(r"#?(\d{1,2})([b-z])?\s?:(?!\d)", bare):
        hits.append((0, int(head.group(1))))
    hits += [(m.start(1), _ORDINALS[m.group(1)]) for m in _ORDINAL.finditer(bare)]
    hits += [(m.start(), ord(m.group(1) or m.group(2)) - 96) for m in _LETTER.finditer(bare)]
    if n_drafts == 4:
        hits += [(m.start(1), _PLACES[m.group(1)]) for m in _PLACE.finditer(bare)]
    if re.search(r"\bthe last (?:one|draft|option)\b", bare) and n_drafts:
        hits.append((len(bare), n_drafts))
    numbers = tuple(dict.fromkeys(n for _, n in sorted(hits) if n not in refused and n > 0))
    return numbers, version
