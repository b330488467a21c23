"""English endings: remove, removes, removed, removing; hand, hands; bright, brighter, brightest."""

from collections.abc import Iterator

from bot.replies import roles as r

_IRREGULAR = {
    first: tuple(past)
    for first, *past in (
        entry.split()
        for entry in """
get got; take took taken; make made; give gave given; put put; cut cut; set set; throw threw thrown;
bring brought; leave left; let let; keep kept; have had; do did done; go went gone; see saw seen;
choose chose chosen; lose lost; hide hid hidden; stick stuck; hang hung; draw drew drawn;
write wrote written; blow blew blown; bend bent; hold held; fit fit; spell spelt; send sent; tell told;
say said; think thought; know knew; find found; buy bought; pay paid; read read; meet met; forget forgot;
run ran; shrink shrank; spread spread; redo redid redone; undo undid undone; rewrite rewrote rewritten;
sit sat; stand stood; lay laid; lie lay; rebuild rebuilt; build built; speak spoke; hear heard; eat ate;
drink drank; drive drove; fly flew; sleep slept; come came; withdraw withdrew; understand understood;
sell sold; light lit; redraw redrew redrawn; win won; be; rid rid; wash washed
""".replace("\n", " ").split(";")
    )
}
"""A verb and its past forms."""
_DOUBLED = frozenset(
    """
bin blur bob chop chuck-in clip crop cut dim drop fit flip get grab hit kern knit let log lop mop nip pat
pin pixel plan plug pop put rid rub scrap scrub set ship skip slim snap step stir strip sub swap swapp tag
tan thin top trim up wrap zap
""".split()
)
"""Verbs that double their last letter: cropping, trimmed."""


def of(phrase: str, heading: str) -> Iterator[tuple[str, int]]:
    """A phrase of an English file with all its forms."""
    if heading == "verb":
        yield from verb(phrase)
    elif heading == "noun":
        yield from noun(phrase)
    elif heading == "adjective":
        yield from adjective(phrase)
    else:
        yield phrase, 0


def verb(phrase: str) -> Iterator[tuple[str, int]]:
    """The forms of the first word, each with what follows it."""
    first, space, rest = phrase.partition(" ")
    tail = space + rest
    yield phrase, r.BASE
    if not first.isalpha():
        return
    stem = (
        first.removesuffix("e") if first.endswith("e") and not first.endswith(("ee", "ye", "oe")) else first
    )
    if first in _DOUBLED and stem == first:
        stem = first + first[-1]
    yield stem + "ing" + tail, r.ING
    if first.endswith("ie"):
        yield first[:-2] + "ying" + tail, r.ING
    for past in _IRREGULAR.get(first, (_regular(first, stem),)):
        yield past + tail, r.PAST
    yield _with_s(first) + tail, r.THIRD


def _regular(first: str, stem: str) -> str:
    if first.endswith("y") and first[-2] not in "aeou":
        return first[:-1] + "ied"
    return stem + "ed"


def noun(phrase: str) -> Iterator[tuple[str, int]]:
    """One and many."""
    yield phrase, 0
    if phrase[-1].isalpha() and not phrase.endswith("s"):
        yield _with_s(phrase), r.PLURAL


def adjective(phrase: str) -> Iterator[tuple[str, int]]:
    """Plain and compared."""
    yield phrase, 0
    if " " in phrase or "-" in phrase or len(phrase) > 8 or not phrase.isalpha():
        return
    stem = phrase[:-1] + "i" if phrase.endswith("y") else phrase.removesuffix("e")
    if len(phrase) <= 4 and phrase[-1] in "bdgmntp" and phrase[-2] in "aeiou" and phrase[-3] not in "aeiou":
        stem = phrase + phrase[-1]
    yield stem + "er", r.COMPARED
    yield stem + "est", r.COMPARED


def _with_s(word: str) -> str:
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return word + "es"
    if word.endswith("y") and len(word) > 1 and word[-2] not in "aeou":
        return word[:-1] + "ies"
    return word + "s"
