"""Which drafts a reply names: 2, #2, "the second", "top left", B, 2b, both, all, the rest."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from bot.replies import roles as r
from bot.replies.lexicon import group, pattern
from bot.replies.units import Unit

_NUMERAL = re.compile(r"#?(\d{1,2})([b-h])?$")
NUMBER_WORDS = {
    w: n
    for n, listed in enumerate(
        ("one", "two dos zwei deux dois duas", "three tres drei trois três", "four cuatro vier quatre", "five", "six"),
        1,
    )
    for w in listed.split()
}  # fmt: skip
_ORDINALS = {
    w: n
    for n, listed in enumerate(
        (
            "first 1st erste ersten erster primera primero premier première primeira primeiro 1ère 1ª 1º",
            "second 2nd zweite zweiten zweiter zweites segunda segundo deuxième seconde 2ème 2e 2ª 2º",
            "third 3rd dritte dritten drittes dritter tercera tercero tercer troisième terceira terceiro 3ème 3e 3ª 3º",
            "fourth 4th vierte vierten viertes cuarta cuarto quatrième quarta quarto 4ème 4e 4ª 4º",
            "fifth 5th quinta", "sixth 6th",
        ),
        1,
    )
    for w in listed.split()
}  # fmt: skip
_LAST = group("last")
_INTRODUCES = group("introduces")
_TIMES = group("times")
_COUNTS = group("counts")
_NEXT = group("next")
_AFTER_PLACE = group("after_place")


def _plain(word: str) -> str:
    """Without accents: "quatrième" and "quatrieme" are the same."""
    return (
        word
        if word.isascii()
        else unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode() or word
    )


_ORDINALS = {_plain(w): n for w, n in _ORDINALS.items()}
_LAST = group("last")


@dataclass(frozen=True, slots=True)
class Mention:
    """Drafts named at unit ``at``; ``refused``: "not 3"; ``rest``: "the others"."""

    at: int
    drafts: tuple[int, ...]
    version: str | None = None
    refused: bool = False
    rest: bool = False


def mentions(
    language: str, units: list[Unit], cased: str, n_drafts: int, selected: int | None
) -> list[Mention]:
    """Every naming of drafts, in order; the units that name them are marked as ``DRAFT``."""
    found: list[Mention] = []
    texts = [u.text for u in units]
    numbered = False
    for i, unit in enumerate(units):
        if unit.does & r.NUMBER and unit.text not in ("3d", "2d") and (m := _NUMERAL.match(unit.text)):
            value = int(m.group(1))
            if _is_draft(language, units, texts, i, value, n_drafts):
                found.append(
                    Mention(i, (value,), m.group(1) + m.group(2) if m.group(2) else None, _refused(texts, i))
                )
                unit.does = r.DRAFT | r.NUMBER
                numbered = True
                _with_its_noun(units, texts, i)
            elif m.group(2) and value <= n_drafts and m.group(2) in "bcdef":
                found.append(Mention(i, (value,), unit.text))
                unit.does = r.DRAFT | r.NUMBER
    _ranges(found, texts)
    for i, unit in enumerate(units):
        text = unit.text
        base = text.removesuffix("'s")
        base = base if base.isascii() else _plain(base)
        if base in _ORDINALS or base in _LAST:
            value = n_drafts if base in _LAST else _ORDINALS[base]
            if value <= max(n_drafts, 1) and _ordinal(units, texts, i, base != text):
                found.append(Mention(i, (value,), None, _refused(texts, i)))
                unit.does = r.DRAFT
        elif text in NUMBER_WORDS and not unit.does & r.DRAFT:
            if _number_word(units, texts, i, NUMBER_WORDS[text], n_drafts, numbered):
                _with_its_noun(units, texts, i)
                found.append(Mention(i, (NUMBER_WORDS[text],), None, _refused(texts, i)))
                unit.does = r.DRAFT
        elif (
            len(base) == 1
            and base in "abcdef"
            and ord(base) - 96 <= n_drafts
            and n_drafts > 1
            and language == "en"
            and (base != text or _letter(units, texts, i, cased))
        ):
            found.append(Mention(i, (ord(base) - 96,), None, _refused(texts, i)))
            unit.does = r.DRAFT
    found += _all_of(units, texts, n_drafts, bool(found))
    if selected is None and not any(m.drafts for m in found):
        found += _places(language, units, texts, n_drafts)
    if language == "ja":
        found += _japanese(units, texts, n_drafts)
    return sorted(found, key=lambda m: m.at)


def _numbered_noun(before: Unit) -> bool:
    does = before.does
    if not does & ~r.PROPER:
        return before.text[0].isalpha() and len(before.text) > 2
    things = r.THING | r.PLACE | r.OFFICE | r.WEAK | r.COLOUR
    return bool(does & things) and not does & (
        r.MODAL
        | r.WHOLE
        | r.EDITING
        | r.PREP
        | r.PRAISE
        | r.DET
        | r.CONJ
        | r.AUX
        | r.DISLIKE
        | r.FIRM
        | r.FILLER
        | r.WISH
        | r.UPSCALE
    )


def _with_its_noun(units: list[Unit], texts: list[str], i: int) -> None:
    """ "number 4": the noun names the draft too, not a part of the picture."""
    if i and texts[i - 1] in _INTRODUCES and units[i - 1].does & r.NOUNS:
        units[i - 1].does = r.DRAFT


def resolved(
    found: list[Mention], n_drafts: int, everywhere: list[Mention]
) -> tuple[tuple[int, ...], str | None]:
    """The numbers meant by some mentions, given all of the message, and the version named ("2b")."""
    if not found:
        return (), None
    refused = {d for m in found if m.refused for d in m.drafts}
    chosen = [d for m in found if not m.refused for d in m.drafts]
    if not chosen and not any(m.rest for m in found):
        chosen = sorted(refused, key=[d for m in found for d in m.drafts].index)
        refused = set()
    if any(m.rest for m in found):
        named = {d for m in everywhere if not m.rest for d in m.drafts}
        if named:
            chosen = [d for d in chosen if d not in named] + [
                d for d in range(1, n_drafts + 1) if d not in named
            ]
    version = next((m.version for m in reversed(found) if m.version), None)
    return tuple(dict.fromkeys(d for d in chosen if d not in refused)), version


def _is_draft(language: str, units: list[Unit], texts: list[str], i: int, value: int, n_drafts: int) -> bool:
    if value < 1:
        return False
    before = texts[i - 1] if i else ""
    if before == "." and i > 1:
        before = texts[i - 2] if texts[i - 2] in ("nr", "no", "n", "num") else before
    after = texts[i + 1] if i + 1 < len(units) else ""
    does_after = units[i + 1].does if i + 1 < len(units) else r.END
    introduced = before in _INTRODUCES or texts[i].startswith("#") or (before == "(" and after == ")")
    if language == "ja":
        return (
            after[:1] in ("番", "つ", "枚", "案", "の", "が", "は", "を", "と", "、", "も", "で", "に", "")
            and after[:2] not in ("のう",)
            and value <= n_drafts
        ) or (introduced and value <= n_drafts)
    if before in _TIMES or (
        before in ("a", "las", "às", "um", "gegen", "ab")
        and language != "en"
        and (after in ("h", "uhr", "horas", "pm") or before in ("las", "às", "um", "gegen", "ab"))
    ):
        return False
    if (
        after in _COUNTS
        and not (after == "of" and not (i + 2 < len(units) and units[i + 2].text in ("us", "them", "the")))
        and not introduced
    ):
        return False
    if after in ("%", "px", "€", "$", "dpi") or (
        after == "of" and any(u.does & r.OFFICE for u in units[i + 1 : i + 5])
    ):
        return False
    if before == "/" or (
        after == "/" and i + 2 < len(units) and units[i + 2].does & r.NUMBER and value > n_drafts
    ):
        return False
    if value > n_drafts and before in ("on", "in", "auf", "en", "sur", "na") and not introduced:
        return value <= 20 and bool(
            does_after & (r.END | r.COMMA | r.BUT | r.CONJ)
        )  # no such draft: the person is told
    if i and not introduced and _numbered_noun(units[i - 1]):
        return False  # "tank 4", "stage 2"
    if value > n_drafts:
        return introduced and value <= 20 and before in ("draft", "option", "number", "version", "entwurf")
    if introduced:
        return True
    if (
        does_after & r.NOUNS
        and does_after & r.PLURAL
        and not does_after & (r.AUX | r.NEED | r.PRAISE)
        and value > 1
        and after not in ("looks", "shows", "needs", "faces")
    ):
        return False
    third = units[i + 2].does if i + 2 < len(units) else 0
    if (
        does_after & r.ADJECTIVES
        and not does_after & (r.AUX | r.NEED | r.DEGREE | r.PREP | r.COMPARED)
        and third & r.NOUNS
        and third & r.PLURAL
        and value > 1
    ):
        return False  # "4 tiny squares"
    if does_after & (r.VARIANT | r.REDRAW) and value > 1 and after.split(" ")[0] in _MANY:
        return False  # "3 siblings of 4"
    uncounted = not does_after & ~r.PROPER and after.endswith("s") and not after.endswith("ss")
    if uncounted and after != "minus" and len(after) > 3 and after.isalpha() and value > 1:
        return False  # "3 kegs"
    if after in ("sharp",) or (
        does_after & (r.ADJECTIVES | r.PRAISE) and third & r.WHOLE and texts[i + 2] == "ones"
    ):
        return False  # "4 fresh ones"
    joined = after in ("-", "–") and i + 2 < len(units) and units[i + 2].start == units[i].end + 1
    return not (joined and third & r.NOUNS and not third & r.NUMBER)  # "4-panel"


_REFUSALS = re.compile(pattern("refusals").pattern + r"(?: (?:the|la|a|die|el|number|draft|option))?$")


def _refused(texts: list[str], i: int) -> bool:
    """ "not 3", "except the second", "1 over 2"."""
    before = " ".join(texts[max(0, i - 3) : i])
    return bool(_REFUSALS.search(before)) and not before.endswith(("why not", "better not"))


def _ranges(found: list[Mention], texts: list[str]) -> None:
    for k in range(len(found) - 1):
        one, two = found[k], found[k + 1]
        if (
            two.at - one.at == 2
            and texts[one.at + 1] in ("-", "–", "to", "through", "bis", "a", "à", "thru")
            and one.drafts[0] < two.drafts[0]
        ):
            found[k] = Mention(one.at, tuple(range(one.drafts[0], two.drafts[0])), one.version, one.refused)


def _ordinal(units: list[Unit], texts: list[str], i: int, possessive: bool) -> bool:
    before = texts[i - 1] if i else ""
    after = texts[i + 1] if i + 1 < len(units) else ""
    does_after = units[i + 1].does if i + 1 < len(units) else r.END
    last = _plain(texts[i].removesuffix("'s")) in _LAST
    if last and any(u.does & r.UNDO for u in units):
        return False  # "undo the last one"
    before = before.split(" ")[-1]
    if (
        before
        in ("a", "i", "at", "for", "in", "my", "just", "every", "per", "one", "each", "un", "une", "me", "al")
        and after not in _NEXT
    ):
        return False
    if possessive:
        return True
    if after == "version" and any(u.does & r.UNDO for u in units):
        return False
    if after in _NEXT:
        return not (last and after in ("version", "round")) and not (
            after == "version" and before == "the" and texts[i] == "first" and "back" in texts
        )
    definite = (
        before
        in (
            "the",
            "teh",
            "la",
            "die",
            "das",
            "der",
            "den",
            "dem",
            "el",
            "le",
            "a",
            "o",
            "du",
            "da",
            "na",
            "de",
            "bei",
            "zweite",
            "una",
            "première",
        )
        or (i and units[i - 1].does & r.DRAFT)
        or before in ("and", "or", "&")
    )
    if not definite and not (i == 0 and does_after & (r.AUX | r.NEED)):
        return False
    if (
        last
        and texts[i] == "last"
        and after
        in ("edit", "change", "week", "night", "month", "year", "time", "minute", "round", "bit", "thing")
    ):
        return False
    if does_after & (
        r.END
        | r.COMMA
        | r.AUX
        | r.NEED
        | r.BUT
        | r.PREP
        | r.CONJ
        | r.WISH
        | r.FIRM
        | r.NEGATION
        | r.PARTICLE
        | r.LOOKS
        | r.DISLIKE
        | r.PRAISE
    ):
        return not does_after & (r.NOUNS & ~r.WHOLE & ~r.ROUND) or bool(does_after & r.AUX)
    following = units[i + 2].does if i + 2 < len(units) else r.END
    return does_after & r.FILLER != 0 or (
        not does_after & r.NOUNS
        and not (does_after & r.ADJECTIVES and following & r.NOUNS)
        and bool(does_after)
    )


def _number_word(
    units: list[Unit], texts: list[str], i: int, value: int, n_drafts: int, numbered: bool
) -> bool:
    before = texts[i - 1] if i else ""
    after = texts[i + 1] if i + 1 < len(units) else ""
    does_after = units[i + 1].does if i + 1 < len(units) else r.END
    if value > n_drafts:
        return False
    if before in _INTRODUCES:
        return True
    if value == 1 and after in ("and", "or", "&") and i + 2 < len(units) and texts[i + 2] in NUMBER_WORDS:
        return True
    if value == 1 and before in ("on", "in") and (does_after & r.END or after in ("and", "&", "or")):
        return True
    if value == 1 or before in (
        "all",
        "these",
        "those",
        "the",
        "more",
        "another",
        "last",
        "first",
        "both",
        "at",
        "by",
        "next",
        "other",
        "or",
        "only",
        "any",
        "of",
    ):
        return len(units) == 1
    if (i > 1 and units[i - 2].does & r.DRAFT and before in ("and", "&", "or", "over")) or (
        before == "and" and units[i - 2 : i - 1] and units[i - 2].does & r.DRAFT
    ):
        return True
    ends = does_after & (r.END | r.AUX | r.NEED | r.COMMA | r.BUT) or after in (
        "please",
        "pls",
        "for",
        "with",
        "is",
        "looks",
        "and",
        "by",
        "gets",
    )
    if not ends or after == "of" or (does_after & r.NOUNS and not does_after & r.AUX):
        return False
    return (
        i == 0
        or bool(units[i - 1].does & (r.PRAISE | r.FIRM | r.WISH | r.COMMA | r.END | r.FILLER | r.CONJ))
        or before
        in (
            "on",
            "in",
            "with",
            "for",
            "to",
            "fix",
            "make",
            "go",
            "drop",
            "lose",
            "kill",
            "scrap",
            "bin",
            "approve",
            "pick",
            "take",
            "love",
            "like",
            "ditch",
            "upscale",
            "extend",
            "crop",
            "brighten",
            "darken",
        )
    )


def _letter(units: list[Unit], texts: list[str], i: int, cased: str) -> bool:
    before = texts[i - 1] if i else ""
    after = texts[i + 1] if i + 1 < len(units) else ""
    does_before = units[i - 1].does if i else r.END
    does_after = units[i + 1].does if i + 1 < len(units) else r.END
    upper = cased[units[i].start : units[i].start + 1].isupper()
    letter = texts[i][0]
    if before in (
        "draft",
        "option",
        "version",
        "concept",
        "opt",
        "number",
        "design",
        "options",
        "versions",
        "drafts",
    ):
        return True
    if before in (
        "plan",
        "vitamin",
        "type",
        "class",
        "series",
        "grade",
        "hepatitis",
        "part",
        "section",
        "block",
        "language",
    ):
        return False
    ends = (
        bool(
            does_after
            & (
                r.END
                | r.COMMA
                | r.AUX
                | r.NEED
                | r.BUT
                | r.PRAISE
                | r.FIRM
                | r.DISLIKE
                | r.CONJ
                | r.WISH
                | r.QUESTION
            )
        )
        or after in _AFTER_LETTER
    )
    if letter == "a":
        return (
            upper
            and ends
            and not (
                i
                and not does_before
                & (
                    r.END
                    | r.COMMA
                    | r.PRAISE
                    | r.DISLIKE
                    | r.FIRM
                    | r.CONJ
                    | r.WISH
                    | r.PREP
                    | r.DET
                    | r.EDITING
                    | r.FILLER
                    | r.VARIANT
                )
            )
        )
    if upper:
        return not does_after & r.NUMBER and (ends or letter != "c" or does_before & r.PREP != 0)
    opens = (
        bool(does_before & (r.END | r.COMMA | r.PRAISE | r.FIRM | r.DISLIKE | r.WISH | r.CONJ | r.FILLER))
        or before in _BEFORE_LETTER
    )
    return ends and opens and (letter == "b" or before in _BEFORE_LETTER or (i == 0 and letter != "e"))


_AFTER_LETTER = group("after_letter")
_BEFORE_LETTER = group("before_letter")


_EVERYTHING = pattern("every_draft")
_BOTH = pattern("both_drafts")
_REST = pattern("other_drafts")
_MANY = group("many")
_FEW = re.compile(r"\b(first|last) (two|three|2|3)\b")


def _all_of(units: list[Unit], texts: list[str], n_drafts: int, named: bool) -> list[Mention]:
    """ "all four", "both", "the first two", "the rest"."""
    said = " ".join(texts)
    out: list[Mention] = []

    def place(match: re.Match[str]) -> int:
        return len(said[: match.start()].split())

    if not named and (all_ := _EVERYTHING.search(said)):
        out.append(Mention(place(all_), tuple(range(1, n_drafts + 1))))
    if not named and (few := _FEW.search(said)):
        count = 2 if few.group(2) in ("two", "2") else 3
        chosen = range(1, count + 1) if few.group(1) == "first" else range(n_drafts - count + 1, n_drafts + 1)
        out.append(Mention(place(few), tuple(n for n in chosen if 0 < n <= n_drafts)))
    if not named and n_drafts == 2 and (both := _BOTH.search(said)):
        out.append(Mention(place(both), (1, 2)))
    return out + [Mention(place(m), (), rest=True) for m in _REST.finditer(said)]


_SPOTS = {
    (row, column): draft
    for rows, columns in (
        (("top", "bottom"), ("left", "right")),
        (("upper", "lower"), ("left", "right")),
        (("oben", "unten"), ("links", "rechts")),
    )
    for draft, (row, column) in enumerate(((a, b) for a in rows for b in columns), 1)
}
_LONG_SPOTS = {
    (row, column): draft
    for rows, columns in (
        (("arriba", "abajo"), ("izquierda", "derecha")),
        (("haut", "bas"), ("gauche", "droite")),
        (("cima", "baixo"), ("esquerda", "direita")),
    )
    for draft, (row, column) in enumerate(((a, b) for a in rows for b in columns), 1)
}


def _places(language: str, units: list[Unit], texts: list[str], n_drafts: int) -> list[Mention]:
    """A place in the grid of four, two in a row."""
    if n_drafts != 4:
        return []
    for i in range(len(units)):
        two = tuple(texts[i].replace("-", " ").removesuffix("'s").split())
        size = 1
        if len(two) == 1 and i + 1 < len(units):
            two = (texts[i], texts[i + 1].removesuffix("'s"))
            size = 2
        drafts: tuple[int, ...] = ()
        if two in _SPOTS:
            drafts = (_SPOTS[two],)
        elif (
            len(two) == 2
            and two[1] in ("row", "two", "ones", "pair")
            and two[0] in ("top", "bottom", "upper", "lower")
        ):
            drafts = (1, 2) if two[0] in ("top", "upper") else (3, 4)
        if not drafts:
            continue
        after = texts[i + size] if i + size < len(units) else ""
        does_after = units[i + size].does if i + size < len(units) else r.END
        if after in _AFTER_PLACE or (does_after & r.NOUNS and not does_after & (r.WHOLE | r.AUX)):
            continue
        j = i - 1
        while j >= 0 and units[j].does & r.DET:
            j -= 1
        before = texts[j] if j >= 0 else ""
        does_before = units[j].does if j >= 0 else r.END
        called = after in _NEXT or two[1] == "row"
        subject = does_before & (
            r.END | r.COMMA | r.FILLER | r.CONJ | r.PRAISE | r.FIRM | r.DISLIKE | r.WISH | r.BUT
        ) or before in ("with", "for", "like", "of", "pick", "love", "to", "on", "from", "than")
        if called or (
            subject
            and (
                does_after
                & (
                    r.END
                    | r.COMMA
                    | r.AUX
                    | r.NEED
                    | r.ASK
                    | r.BUT
                    | r.PRAISE
                    | r.FIRM
                    | r.DISLIKE
                    | r.CONJ
                    | r.WISH
                    | r.FAULT
                    | r.LOOKS
                )
                or (i <= 1 and does_after & (r.PREP | r.MODAL | r.NEGATION) and after not in ("of",))
                or after in ("please", "for", "but", "with", "all", "any", "by", "hands", "the best", "w")
            )
            and not any(u.does & (r.LOGO | r.TEXT) for u in units[max(0, i - 6) : i])
        ):
            for k in range(i, i + size):
                units[k].does = r.DRAFT
            return [Mention(i, drafts)]
    if language in ("es", "fr", "pt"):
        flat = re.findall(r"\w+", " ".join(texts))
        for pair, draft in _LONG_SPOTS.items():
            if pair[0] in flat and pair[1] in flat and 0 < flat.index(pair[1]) - flat.index(pair[0]) <= 3:
                at = next((k for k, t in enumerate(texts) if pair[0] in t.split()), 0)
                head = texts[max(0, at - 2) : at]
                if any(h in ("la", "el", "celle", "a", "o", "la de", "celui", "da") for h in head):
                    return [Mention(at, (draft,))]
    return []


_JA_SPOTS = {"左上": 1, "右上": 2, "左下": 3, "右下": 4}
_JA_LAST = re.compile(r"最後の(?:案|やつ|もの|$)")
_JA_ALL = re.compile(r"全部|すべて|全て|4枚とも|四つとも")
_JA_LETTER = re.compile(r"(?<![a-z])([a-d])案")


def _japanese(units: list[Unit], texts: list[str], n_drafts: int) -> list[Mention]:
    joined = "".join(texts)
    named = any(u.does & r.DRAFT for u in units)
    out = [
        Mention(0, (draft,))
        for spot, draft in _JA_SPOTS.items()
        if n_drafts == 4 and not named and (f"{spot}の" in joined or joined.startswith(spot))
    ]
    if _JA_LAST.search(joined):
        out.append(Mention(0, (n_drafts,)))
    if not out and not named and _JA_ALL.search(joined):
        out.append(Mention(0, tuple(range(1, n_drafts + 1))))
    return out + [Mention(0, (ord(m.group(1)) - 96,)) for m in _JA_LETTER.finditer(joined)]
