"""What a reply wants: one wish for each thing asked, with how sure that is."""

from __future__ import annotations

import re
from dataclasses import replace

from bot import colours
from bot.model import Kind, Wish
from bot.replies import targets, words
from bot.replies.clause import Clause
from bot.replies.lexicon import topics

MOST_CLAUSES = 12
_RATIO = re.compile(r"(?<!\d)(\d{1,2})\s?[:x]\s?(\d{1,2})(?!\d)")
_SIZE = re.compile(
    r"(?<!\d)\d{3,4}\s?x\s?\d{3,4}(?!\d)|\b(?:story|banner|header|square|vertical|horizontal|bannière)\b"
)
_QUOTE = re.compile(r"\"([^\"]{1,200})\"")
_SPLIT = re.compile(
    r"(?<=[\w)!\"])(?:\s*[;.!。]\s+|\s+[–—-]\s+|\s*,?\s+and then\s+"
    r"|\s*,?\s+(?:but|though|aber|pero|mais|mas)\s+|\s*,\s+(?:and\s+)?)(?=\S)"
)
_HEDGED = re.compile(
    r"[?？]|n't\b|\b(?:not?|never|cannot|nicht|kein\w*|pas|não|hold|almost|nearly|yet|ready|will|would|could|should|may|"
    r"might|before|after|until|unless|if|once|when|pending|tomorrow|later|soon|needs?|tweaks?|please|can|review)\b"
)
_DEICTIC = re.compile(r"\b(?:it|this|that|these|those|them|everything|one)\b")
_POINTED = re.compile(
    r"(?:^|\b(?:draft|option|number|version|on|in|auf|bei|en|sur|na|no)\s*|#)(?:\d\b|the (?:first|second|third|fourth))"
)
_FILLERS = frozenset(
    """one two three four five six seven eight first second third fourth the draft option number version yes yep ok
    okay me please pls thanks and or definitely for sure all day top bottom left right la el le die der das o no por
    favor svp bitte und y et e erste zweite dritte vierte primera segunda tercera cuarta""".split()
)
_COUNTED = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|\d+|extra|too many)\s+(?:hands?|fingers?|legs?|arms?|eyes?|ears?|"
    r"thumbs?|toes?|strings?|wheels?|heads?|feet|wings?|tails?|teeth)\b"
)
_GREY = re.compile(
    r"black and white|b&w|b/w|gr[ea]yscale|monochrome|schwarz-?weiß|noir et blanc|blanco y negro|preto e branco|白黒"
)
_WHO = frozenset("who whose why when what which how where is are was were does did has".split())
_COMPARED = re.compile(
    r"\b(?:too|more|less|bit|slightly|bigger|smaller|larger|different|other|new|old|instead|transparent|blur\w*)\b"
)


def read(text: str, *, n_drafts: int = 4, selected: int | None = None) -> tuple[Wish, ...]:
    """The wishes of a reply, chatter included; never empty. ``selected`` is the draft whose thread it is.

    >>> [(w.kind.value, w.targets, w.region) for w in read("2 is nice but fix the hand")]
    [('inpaint', (2,), 'the hand')]
    """
    plain, said = words.plain(text), words.cleaned(text)
    if not said:
        return (Wish(Kind.CHATTER, plain),)
    numbers, version = targets.named(said, n_drafts)
    if words.addressed_elsewhere(text) and not numbers:
        return (Wish(Kind.CHATTER, plain),)
    parts = _SPLIT.split(said)[:MOST_CLAUSES]
    elsewhere = any(Clause(p, (), named=False, inherited=False, alone=True).has("foreign") for p in parts)
    if elsewhere and not _POINTED.search(said):
        asked = said.endswith(("?", "？"))
        return (Wish(Kind.QUESTION if asked else Kind.CHATTER, plain, confidence=0.6),)
    wishes: list[Wish] = []
    for part in parts:
        own, named = targets.named(part, n_drafts)
        aimed = own or numbers or ((selected,) if selected else ())
        clause = Clause(part, aimed, named=bool(own), inherited=bool(numbers), alone=len(parts) == 1)
        wish = _wish(clause, plain, selected is not None or n_drafts == 1)
        if wish is not None:
            wishes.append(replace(wish, version=named if own else version))
        elif clause.has("condition"):
            return (Wish(Kind.CHATTER, plain),)  # what hangs on something else is not wanted yet
    return _together(wishes, plain)


def _together(wishes: list[Wish], plain: str) -> tuple[Wish, ...]:
    """What is left of several clauses: wishes for work win over praise, one new round over all."""
    jobs = [w for w in wishes if w.kind.is_edit or w.kind in (Kind.REGENERATE, Kind.VARIANT, Kind.UNDO)]
    whole = [w for w in jobs if w.kind in (Kind.REGENERATE, Kind.VARIANT)]
    jobs = whole[:1] or jobs  # "a new round, but warmer" is one wish: the round is drawn with all its words
    if jobs:
        firm = [w for w in wishes if w.firm and w.targets and w.targets != jobs[0].targets]
        return (*firm, *jobs)
    if asked := [w for w in wishes if w.kind is Kind.QUESTION]:
        return (asked[0],)
    against = _one(wishes, Kind.REJECT)
    liked = _one(
        [w for w in wishes if w.firm] or wishes, Kind.APPROVE
    )  # praise beside a sign-off widens nothing
    if liked and liked[0].firm:
        return (*liked, *against)
    return (*against, *liked) or (Wish(Kind.CHATTER, plain),)


def _one(wishes: list[Wish], kind: Kind) -> tuple[Wish, ...]:
    """All verdicts of a kind as one, over all the drafts they name."""
    chosen = [w for w in wishes if w.kind is kind]
    over = tuple(dict.fromkeys(t for w in chosen for t in w.targets))
    return (replace(chosen[0], targets=over),) if chosen else ()


def _wish(c: Clause, plain: str, one_draft: bool) -> Wish | None:
    if c.asks and (topic := _topic(c.text)):
        return Wish(Kind.QUESTION, plain, topic=topic, confidence=0.9)
    if (
        c.has("condition", "keep")
        or re.match(r"should (?:the|he|she|they|it|legal|anyone)\b", c.text)
        or (c.has("foreign") and not c.named)
    ):
        return Wish(Kind.QUESTION, plain, confidence=0.6) if c.asks else None
    kind, sure = _act(c)
    if c.has("self") and not c.has("wish"):
        kind, sure = None, 0.0
    if kind is not None and kind.is_edit and not (c.named or c.inherited or c.targets):
        plainly = _opens_with_act(c) or c.has("fault", "wish", "must") or len(c.tokens) <= 5
        sure = sure if plainly else min(sure, 0.5)
    if kind is not None and c.asks and re.search(r"\b(?:is it|would it be) possible\b", c.text):
        sure = 0.5
    asking = c.asks and (
        not c.has("wish") or re.match(r"could it be|do we have|have we|has any", c.text) is not None
    )
    if kind is not None and asking and kind not in (Kind.REGENERATE, Kind.VARIANT) and not _opens_with_act(c):
        kind = None
    if kind is None and asking:
        return Wish(Kind.QUESTION, plain, confidence=0.6)
    if kind is None:
        kind, sure = _verdict(c, one_draft)
    if kind is None:
        return None
    found = colours.found(c.text)
    ratio = _RATIO.search(c.text)
    quoted = _QUOTE.search(plain.replace("“", '"').replace("”", '"'))
    return Wish(
        kind,
        plain[:600],
        targets=c.targets,
        region=_as_written(c.region(), plain) if kind.is_edit else None,
        colour=found[-1] if found and kind in (Kind.RECOLOUR, Kind.BACKGROUND) else None,
        quoted=quoted.group(1) if quoted else None,
        amount=_amount(c.text, kind),
        ratio=f"{int(ratio.group(1))}:{int(ratio.group(2))}" if ratio else None,
        firm=kind is Kind.APPROVE and _signs_off(c),
        confidence=sure,
    )


def _as_written(region: str | None, plain: str) -> str | None:
    """The region in the person's own capitals."""
    at = plain.lower().find(region) if region else -1
    return plain[at : at + len(region)] if region and at >= 0 else region


def _opens_with_act(c: Clause) -> bool:
    hit = c.first("make", "repair", "remove", "outpaint", "colour", "light")
    return hit is not None and hit.start <= 2 and c.tokens[0] not in _WHO


def _act(c: Clause) -> tuple[Kind | None, float]:
    """The work a clause asks for, and how sure: less where nothing says that it is about the picture."""
    for role, kind in (("undo", Kind.UNDO), ("regenerate", Kind.REGENERATE)):
        if c.has(role):
            later = c.asks and role == "undo"
            return (None, 0.0) if c.held_back(role) or later else (kind, 0.85)
    if c.has("variant") and c.named and not c.held_back("variant"):
        return Kind.VARIANT, 0.8
    if len(re.findall(r"\bfrom\s+(?:#?\d|the (?:first|second|third|fourth|other))", c.text)) >= 2:
        return Kind.VARIANT, 0.75
    arrow = "->" in c.text or "→" in c.text or "=>" in c.text
    wanting = arrow or c.has("make", "repair", "must", "wish") or bool(_COMPARED.search(c.text))
    sure = 0.85 if c.about_picture else 0.5
    if c.has("remove") and not c.held_back("remove"):
        return _removal(c, sure)
    if re.match(r"no (?!need|idea|problem|worries|way|more rounds|thanks)\w+", c.text) and c.has("thing"):
        return Kind.REMOVE, 0.7
    if c.held_back("make", "repair", "light", "colour", "outpaint", "upscale"):
        return None, 0.0
    toned = c.has("hue") and c.has("thing") and c.named and not c.has("praise", "dislike")
    if ((c.has("hue") and wanting) or toned) and not c.has("text", "logo"):
        return (Kind.BACKGROUND if c.has("background") else Kind.RECOLOUR), 0.85
    for role, kind in (("text", Kind.TEXT), ("logo", Kind.LOGO)):
        if c.has(role) and (wanting or c.has("fault") or (c.named and not c.has("praise"))):
            return kind, 0.8
    if (_RATIO.search(c.text) and (wanting or c.named)) or (
        _SIZE.search(c.text) and (c.has("make", "wish") or c.named)
    ):
        return Kind.OUTPAINT, 0.8
    if c.has("background") and wanting:
        return (Kind.RELIGHT if c.has("light") else Kind.BACKGROUND), 0.8
    for role, kind in (
        ("outpaint", Kind.OUTPAINT),
        ("upscale", Kind.UPSCALE),
        ("light", Kind.RELIGHT),
        ("colour", Kind.RECOLOUR),
    ):
        if c.has(role) and (wanting or c.named or len(c.tokens) <= 5 or role in ("outpaint", "upscale")):
            return kind, 0.8
    if (c.has("fault") and c.has("thing")) or (_COUNTED.search(c.text) and (c.named or c.inherited)):
        return Kind.INPAINT, 0.75
    if c.has("must") and c.has("thing") and (c.named or c.inherited):
        return Kind.INPAINT, 0.65
    if c.has("repair", "make") and (c.has("thing") or (c.named and c.has("repair"))):
        return Kind.INPAINT, 0.8
    if c.has("repair") and len(c.tokens) <= 6 and _opens_with_act(c) and not c.has("self"):
        return Kind.INPAINT, 0.5
    return None, 0.0


def _removal(c: Clause, sure: float) -> tuple[Kind | None, float]:
    act = c.first("remove")
    after = c.tokens[act.end : act.end + 3] if act else []
    if c.has("background") and any(
        t in ("background", "bg", "backdrop", "fondo", "fond", "fundo", "hintergrund") for t in after
    ):
        return Kind.BACKGROUND, 0.8
    if not c.about_picture and not (act and act.start <= 1):
        return None, 0.0
    return Kind.REMOVE, sure


def _verdict(c: Clause, one_draft: bool) -> tuple[Kind | None, float]:
    """Praise, dislike or a bare choice; only of a draft that is named, or of the only one there is."""
    short = len(c.tokens) <= 6
    pointed = (
        c.named
        or (c.inherited and c.alone)
        or (one_draft and short)
        or (short and c.alone and bool(_DEICTIC.search(c.text)))
    )
    if c.has("firm"):
        # Sign-off words in a sentence that does not sign off ("2 will be approved tomorrow") are neither.
        return (Kind.APPROVE, 0.85) if _signs_off(c) else (None, 0.0)
    if c.has("condition", "self") and not c.named:
        return None, 0.0
    if c.has("dislike") and (pointed or (short and c.alone)):
        return Kind.REJECT, 0.7
    if c.has("praise") and c.held_back("praise"):
        return (Kind.REJECT, 0.65) if pointed else (None, 0.0)
    if c.has("praise") and pointed and not c.asks and (c.named or not c.has("self")):
        return Kind.APPROVE, 0.75
    if c.named and not c.asks and all(t in _FILLERS or t.isdigit() or len(t) == 1 for t in c.tokens):
        return Kind.APPROVE, 0.65  # a bare choice: a draft, and nothing that could mean anything else
    return None, 0.0


def _signs_off(c: Clause) -> bool:
    """Only short, plain words sign off: "2 approved", "let's go with 3". Anything hedged is not an approval."""
    return c.has("firm") and len(c.tokens) <= 6 and not _HEDGED.search(c.text)


def _amount(said: str, kind: Kind) -> float | None:
    """Signed steps, 1 = "a bit"; -4 is black and white."""
    size = (
        1.0
        if re.search(r"\b(?:bit|little|slightly|touch|tad|hair|poco|bisschen|etwas|peu|pouco)\b", said)
        else 2.0
    )
    if re.search(r"\b(?:much|way|lot|far|really|mucho|viel|beaucoup|muito)\b", said):
        size = 3.0
    if kind is Kind.RELIGHT:
        too_much = re.search(r"\btoo (?:bright|light)|overexposed|blown out|zu hell|trop clair", said)
        too_little = re.search(
            r"\btoo dark|underexposed|zu dunkel|trop sombre|(?:muy|demasiado) oscur|muito escur|暗すぎ", said
        )
        down = re.search(
            r"\b(?:dark\w*|dim\w*|mood\w*|night\w*|dunkler|abdunkeln|oscur\w*|sombre\w*|escur\w*)\b|暗く",
            said,
        )
        return -size if too_much or (down and not too_little) else size
    if kind is Kind.RECOLOUR:
        if _GREY.search(said):
            return -4.0
        if re.search(r"\b(?:less|desaturat\w*|muted|tone down|too)\b", said):
            return -size
        return size if re.search(r"\b(?:more|saturat\w*|vivid|punch\w*)\b", said) else None
    return None


def _topic(said: str) -> str | None:
    return next(
        (
            t
            for t, phrases in topics().items()
            if any(re.search(rf"\b{re.escape(p)}\b", said) for p in phrases)
        ),
        None,
    )
