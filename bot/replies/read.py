"""What a reply wants: one wish for each thing asked, with how sure that is."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from bot import colours
from bot.model import Kind, Wish
from bot.replies import targets, words

_RATIO = re.compile(r"(?<!\d)(\d{1,2})\s?[:x]\s?(\d{1,2})(?!\d)")
_QUOTE = re.compile(r"\"([^\"]{1,200})\"")
_SPLIT = re.compile(r"(?<=[a-z0-9)!])(?:\s*[;.!]\s+|\s*,?\s+and then\s+|\s*,?\s+but\s+|\s*,\s+and\s+)(?=\S)")
_EDIT_ORDER = (
    Kind.REMOVE,
    Kind.LOGO,
    Kind.TEXT,
    Kind.BACKGROUND,
    Kind.OUTPAINT,
    Kind.UPSCALE,
    Kind.RELIGHT,
    Kind.RECOLOUR,
)


def read(text: str, *, n_drafts: int = 4, selected: int | None = None) -> tuple[Wish, ...]:
    """The wishes of a reply, chatter included; never empty. ``selected`` is the draft whose thread it is.

    >>> [(w.kind.value, w.targets, w.region) for w in read("2 is nice but fix the hand")]
    [('inpaint', (2,), 'the hand')]
    """
    said = words.cleaned(text)
    if not said or not re.search(r"\w|[^\x00-\x7f]|\+1", said):
        return (Wish(Kind.CHATTER, text),)
    all_targets, version = targets.named(said, n_drafts)
    if words.addressed_elsewhere(text) and not all_targets:
        return (Wish(Kind.CHATTER, text),)
    wishes: list[Wish] = []
    plain = words.plain(text)
    for clause in _SPLIT.split(said):
        own, named = targets.named(clause, n_drafts)
        wish = _clause(
            clause, plain, own or all_targets or ((selected,) if selected else ()), named if own else version
        )
        if wish is not None:
            wishes.append(wish)
    jobs = [w for w in wishes if w.kind.is_edit or w.kind in (Kind.REGENERATE, Kind.VARIANT, Kind.UNDO)]
    whole = [w for w in jobs if w.kind in (Kind.REGENERATE, Kind.VARIANT)]
    jobs = whole[:1] or jobs  # "a new round, but warmer" is one wish: the round is drawn with all its words
    if jobs:
        # "2 is nice but fix the hand": the praise says which draft, the wish is the wish.
        firm = [
            w
            for w in wishes
            if w.kind is Kind.APPROVE and w.firm and w.targets and w.targets != jobs[0].targets
        ]
        return (*firm, *jobs)
    for kind in (Kind.QUESTION, Kind.REJECT, Kind.APPROVE):
        if chosen := [w for w in wishes if w.kind is kind]:
            return (chosen[0],)
    return (Wish(Kind.CHATTER, text),)


def _clause(said: str, text: str, numbers: tuple[int, ...], version: str | None) -> Wish | None:
    lexicon = _lexicon()
    blocked = _has(said, lexicon["blockers"]["words"])
    elsewhere = _has(said, lexicon["blockers"]["elsewhere"]) and not numbers
    wishing = _has(said, lexicon["question"]["wishes"])
    asking = (said.endswith("?") or _starts(said, lexicon["question"]["starts"])) and not wishing
    if topic := _topic(said, lexicon["topics"]) if said.endswith("?") or asking else None:
        return Wish(Kind.QUESTION, text, topic=topic, confidence=0.9)
    if blocked or elsewhere:
        return None
    if asking and not _has(said, lexicon["inpaint"]["verbs"]):
        return Wish(Kind.QUESTION, text, confidence=0.7)
    kind, sure = _kind(said, lexicon, bool(numbers))
    if kind is None:
        return Wish(Kind.QUESTION, text, confidence=0.6) if asking else None
    if asking:
        sure -= 0.2
    found = colours.found(said)
    ratio = _RATIO.search(said)
    quoted = _QUOTE.search(text.replace("“", '"').replace("”", '"'))
    firm = kind is Kind.APPROVE and _signs_off(said, lexicon)
    return Wish(
        kind,
        text.strip()[:600],
        targets=numbers,
        region=region(said) if kind.is_edit else None,
        colour=found[-1] if found and kind in (Kind.RECOLOUR, Kind.BACKGROUND) else None,
        quoted=quoted.group(1) if quoted else None,
        amount=_amount(said, kind),
        ratio=f"{int(ratio.group(1))}:{int(ratio.group(2))}" if ratio else None,
        version=version,
        firm=firm,
        confidence=max(0.0, min(1.0, sure)),
    )


def _kind(said: str, lexicon: dict[str, Any], named: bool) -> tuple[Kind | None, float]:
    negated = re.search(r"\b(?:not|don't|do not|never|isn't|no)\b", said) is not None
    held_back = re.search(r"\b(?:don't|do not|never|not|no need to|no)\s+(?:\w+\s+){0,2}", said) is not None
    if _has(said, lexicon["undo"]["words"]):
        return (None, 0.0) if held_back else (Kind.UNDO, 0.85)
    if _has(said, lexicon["regenerate"]["words"]):
        refusing = re.search(r"\bnone of (?:these|them)\b", said)
        return (None, 0.0) if held_back and not refusing else (Kind.REGENERATE, 0.85)
    if _has(said, lexicon["variant"]["words"]):
        return Kind.VARIANT, 0.8 if named else 0.55
    removing = _has(said, lexicon["remove"]["verbs"])
    changing = _has(said, lexicon["inpaint"]["verbs"]) or _has(said, lexicon["question"]["wishes"])
    faulty = _has(said, lexicon["inpaint"]["faults"])
    if removing and not negated:
        return Kind.REMOVE, 0.85
    if colours.found(said) and changing and not _has(said, lexicon["text"]["words"]):
        return (Kind.BACKGROUND if _has(said, lexicon["background"]["words"]) else Kind.RECOLOUR), 0.85
    if changing and _RATIO.search(said):
        return Kind.OUTPAINT, 0.85
    for kind in _EDIT_ORDER[1:]:
        if _has(said, lexicon[kind.value]["words"]):
            comparative = re.search(
                r"\b(?:more|less|too|bit|little|slightly|different|bigger|smaller|\w{3,}er)\b", said
            )
            if changing or comparative or kind in (Kind.UPSCALE, Kind.OUTPAINT):
                return kind, 0.8
            break
    if negated and _has(said, lexicon["approve"]["praise"]):
        return Kind.REJECT, 0.7
    if _has(said, lexicon["reject"]["words"]):
        return Kind.REJECT, 0.7
    if changing and not negated and region(said):
        return Kind.INPAINT, 0.8
    if faulty and re.search(r"\bthe \w+|\b(?:his|her|its|their) \w+", said):
        return Kind.INPAINT, 0.7
    if negated:
        return None, 0.0
    if _has(said, lexicon["approve"]["firm"]):
        # Sign-off words in a sentence that does not sign off ("2 will be approved tomorrow") are neither.
        return (Kind.APPROVE, 0.85) if _signs_off(said, lexicon) else (None, 0.0)
    if _has(said, lexicon["approve"]["praise"]):
        return Kind.APPROVE, 0.75 if named else 0.6
    if named and len(said.split()) <= 3:
        return Kind.APPROVE, 0.65
    return None, 0.0


_HEDGED = re.compile(
    r"\?|n't\b|\b(?:not?|never|cannot|nicht|kein\w*|pas|não|hold|almost|nearly|yet|ready|will|would|could|should|may|"
    r"might|before|after|until|unless|if|once|when|pending|tomorrow|later|soon|needs?|tweaks?|please|can|review)\b"
)


def _signs_off(said: str, lexicon: dict[str, Any]) -> bool:
    """Only short, plain words sign off: "2 approved", "let's go with 3". Anything hedged is not an approval."""
    return len(said.split()) <= 6 and not _HEDGED.search(said) and _has(said, lexicon["approve"]["firm"])


_REGION = re.compile(
    r"\b(?:fix|repair|repaint|remove|delete|erase|get rid of|lose|take out|replace|swap|change|make|turn|darken|"
    r"brighten|lighten|recolou?r|adjust|tweak|correct|retouch|touch up|clean up|redo|drop|ditch|blur|cut out|crop out|"
    r"edit out|on|to|with)\s+((?:the|his|her|its|their|that|this|those|these|both|all)\s+[^,.;?!\"]+)"
)
_FAULTY = re.compile(
    r"\b((?:the|his|her|its|their)\s+[\w\s'-]+?)\s+(?:is|are|looks?|seems?|feels?|has|have)\b"
)
_END = re.compile(
    r"\s+(?:on|in|of|from|for)\s+(?:draft|number|option|image|#)?\s*\d+\b.*|\s+(?:to|into|with|a bit|a little|slightly|"
    r"please|more|less|brighter|darker|lighter|bigger|smaller|warmer|cooler|blurry|pls|thanks|instead|so|because|and|"
    r"#[0-9a-f]{3,6})\b.*|\s+#[0-9a-f]{3,6}.*"
)


def region(said: str) -> str | None:
    """The words that name the part of the picture, None for the whole of it.

    >>> region("make the background #ffd400 on 2"), region("the thumb on 4 is melted")
    ('the background', 'the thumb')
    """
    found = _REGION.search(said) or _FAULTY.search(said)
    if not found:
        return None
    words_ = _END.sub("", found.group(1)).strip()
    if re.fullmatch(r"(?:the )?(?:first|second|third|fourth|last|other|\w+) (?:one|draft|option)s?", words_):
        return None
    for name in sorted(colours.names(), key=len, reverse=True):
        if words_.endswith(" " + name) and len(words_.split()) > 2:
            words_ = words_[: -len(name)].strip()
            break
    return words_ if len(words_) < 60 and words_ not in ("the", "this", "that") else None


def _amount(said: str, kind: Kind) -> float | None:
    size = 1.0 if re.search(r"\b(?:bit|little|slightly|touch|tad|hair)\b", said) else 2.0
    if re.search(r"\b(?:much|way|lot|far|really)\b", said):
        size = 3.0
    if kind is Kind.RELIGHT:
        down = re.search(r"\b(?:dark\w*|dim\w*|too bright|overexposed|less light|moody|night\w*)\b", said)
        if "too dark" in said:
            down = None
        return -size if down else size
    if kind is Kind.RECOLOUR:
        if re.search(r"black and white|b&w|gr[ea]yscale|monochrome", said):
            return -4.0
        if re.search(r"\b(?:less|desaturat\w*|muted|tone down|too)\b", said):
            return -size
        return size if re.search(r"\b(?:more|saturat\w*|vivid|punch\w*)\b", said) else None
    return None


def _topic(said: str, topics: dict[str, list[str]]) -> str | None:
    return next((topic for topic, phrases in topics.items() if _has(said, phrases)), None)


def _starts(said: str, phrases: list[str]) -> bool:
    return any(said.startswith(p + " ") for p in phrases)


def _has(said: str, phrases: list[str]) -> bool:
    return _pattern(tuple(phrases)).search(said) is not None


@cache
def _pattern(phrases: tuple[str, ...]) -> re.Pattern[str]:
    parts = []
    for p in sorted(phrases, key=len, reverse=True):
        body = re.escape(p.rstrip("*"))
        start = r"(?<!\w)" if p[0].isalnum() and p[0].isascii() else ""
        end = "" if p.endswith(("*", " ")) or not p[-1].isascii() or not p[-1].isalnum() else r"(?!\w)"
        parts.append(start + body + end)
    return re.compile("|".join(parts))


@cache
def _lexicon() -> dict[str, Any]:
    return tomllib.loads(files("bot.replies").joinpath("lexicon.toml").read_text("utf-8"))
