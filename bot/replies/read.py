"""What a reply wants: one wish for each thing asked, with how sure that is."""

from __future__ import annotations

import math
import re
from dataclasses import replace

from bot import colours
from bot.model import Kind, Wish
from bot.placements import placements
from bot.replies import heard, idioms, meaning, mood, region, targets, verdict, words
from bot.replies import roles as r
from bot.replies.clause import Clause, clauses
from bot.replies.lexicon import group, pattern, topics
from bot.replies.meaning import PIXELS, RATIO
from bot.replies.setting import Meant, Setting
from bot.replies.targets import NUMBER_WORDS
from bot.replies.units import cut

LONG = 20
"""Units from which on a message is long."""
_QUOTE = re.compile(r"\"([^\"]{1,200})\"")
_ON_PART = frozenset({Kind.INPAINT, Kind.REMOVE, Kind.RECOLOUR, Kind.RELIGHT, Kind.TEXT, Kind.LOGO})
_ASTRAY = group("astray")
_THROWN_OUT = group("thrown_out")


def read(text: str, *, n_drafts: int = 4, selected: int | None = None) -> tuple[Wish, ...]:
    """The wishes of a reply, chatter included; never empty. ``selected`` is the draft whose thread it is.

    >>> [(w.kind.value, w.targets, w.region) for w in read("2 is nice but fix the hand")]
    [('inpaint', (2,), 'the hand')]
    """
    plain, cased = words.plain(text), words.cleaned(text)
    said = cased.lower()
    said = said if len(said) == len(cased) else cased
    if not said.strip():
        return (Wish(Kind.CHATTER, plain),)
    language, units = cut(said, cased)
    found = targets.mentions(language, units, cased, n_drafts, selected)
    if (words.addressed_elsewhere(text) and (not found or words.commands_another(text))) or any(
        u.text in _ASTRAY for u in units
    ):
        return (Wish(Kind.CHATTER, plain),)
    everywhere, version = targets.resolved(found, n_drafts, found)
    office = any(u.does & r.OFFICE and not u.does & r.DRAFT for u in units)
    if len(everywhere) > 1 and idioms.crossed(units):
        return (_variant(everywhere, plain),)
    parts = list(clauses(language, units))
    hanging = kept = False
    said_words = frozenset(u.text for u in units)
    wishes: list[Wish] = []
    stated: list[Wish] = []
    position = {id(u): i for i, u in enumerate(units)}
    it: tuple[str | None, int] = (None, 0)
    for part in parts:
        begin, stop = position[id(part.units[0])], position[id(part.units[-1])]
        own = [m for m in found if begin <= m.at <= stop]
        part.drafts, part.version = targets.resolved(own, n_drafts, found)
        part.rest = any(m.rest for m in own)
        aimed = part.drafts or everywhere or ((selected,) if selected else ())
        setting = Setting(
            drafts=aimed,
            named=bool(part.drafts),
            pointed=bool(everywhere),
            one=selected is not None or n_drafts == 1,
            office=office,
            alone=sum(not _aside(p) for p in parts) <= 1,
            short=len(units) <= 9,
            long=len(units) > LONG,
            it=it,
            said=said_words,
        )
        meant = _thrown_out(part, it) or meaning.work(part, setting)
        wish = _wish(part, setting, meant, plain, cased)
        if wish is not None:
            wish = replace(wish, version=part.version if part.drafts else version)
            if meant is not None and not meant.stated:
                # "the handle is loose, fix that": the wish says what to do about the fault.
                wishes = [
                    w
                    for w in wishes
                    if w not in stated or w.targets != wish.targets or w.region not in (wish.region, None)
                ]
            wishes.append(wish)
            if meant is not None and meant.stated:
                stated.append(wish)
        elif part.does & r.CONDITION and not part.reason:
            hanging = True  # what hangs on something else is not wanted yet
        kept = kept or (wish is None and mood.held_back(part))
        last = heard.topic(part)
        if last is not None and last[2] & r.NAMED:
            it = (region.words(part, last, cased), last[2])
    if hanging:
        wishes = [
            replace(w, confidence=min(w.confidence, 0.5))
            for w in wishes
            if w.kind not in (Kind.APPROVE, Kind.REJECT)
        ]
    if kept and not everywhere:
        wishes = [w for w in wishes if w.kind is not Kind.APPROVE]
    return _together(wishes, stated, plain)


def _variant(drafts: tuple[int, ...], plain: str) -> Wish:
    """ "A's layout plus D's colours": a mix, whatever the clauses say one by one."""
    return Wish(Kind.VARIANT, plain[:600], targets=drafts, confidence=0.8)


def _thrown_out(c: Clause, it: tuple[str | None, int]) -> Meant | None:
    """ "there's a dog in 2. out please": one word, about what was named before."""
    said = [u for u in c.units if not u.does & (r.FILLER | r.COMMA | r.PARTICLE)]
    if it[1] & r.NAMED and said and all(u.text in _THROWN_OUT for u in said):
        return Meant(Kind.REMOVE, 0.8)
    return None


def _together(wishes: list[Wish], stated: list[Wish], plain: str) -> tuple[Wish, ...]:
    """What is left of several clauses: wishes for work win over praise, one new round over all."""
    jobs = [w for w in wishes if w.kind.is_edit or w.kind in (Kind.REGENERATE, Kind.VARIANT, Kind.UNDO)]
    whole = [w for w in jobs if w.kind in (Kind.REGENERATE, Kind.VARIANT)]
    jobs = whole[:1] or jobs  # "a new round, but warmer" is one wish: the round is drawn with all its words
    if jobs:
        firm = [w for w in wishes if w.firm and w.targets and w.targets != jobs[0].targets]
        jobs.sort(key=lambda w: w in stated)  # what was asked for comes before what was only found wrong
        best = max(w.confidence for w in jobs)
        jobs = [w for w in jobs if w.confidence >= 0.6 or w.confidence == best]
        return (*firm, *jobs)
    if asked := [w for w in wishes if w.kind is Kind.QUESTION]:
        return (asked[0],)
    against = _one(wishes, Kind.REJECT)
    liked = _one(
        [w for w in wishes if w.firm] or wishes, Kind.APPROVE
    )  # praise beside a sign-off widens nothing
    if liked and liked[0].firm:
        return (*liked, *against)
    if (
        liked
        and against
        and liked[0].targets
        and (not against[0].targets or set(against[0].targets) <= set(liked[0].targets))
    ):
        return (
            liked
            if wishes.index(_first(wishes, Kind.APPROVE)) > wishes.index(_first(wishes, Kind.REJECT))
            else against
        )
    return (*liked, *against) or (Wish(Kind.CHATTER, plain),)


def _aside(c: Clause) -> bool:
    """ "thank you", "wow": nothing that changes what the rest means."""
    return any(u.does & r.SMALLTALK for u in c.units) and all(
        u.does & (r.SMALLTALK | r.FILLER | r.COMMA) or not u.text[0].isalnum() for u in c.units
    )


def _first(wishes: list[Wish], kind: Kind) -> Wish:
    return next(w for w in wishes if w.kind is kind)


def _one(wishes: list[Wish], kind: Kind) -> tuple[Wish, ...]:
    """All verdicts of a kind as one, over all the drafts they name."""
    chosen = [w for w in wishes if w.kind is kind]
    over = tuple(dict.fromkeys(t for w in chosen for t in w.targets))
    return (replace(chosen[0], targets=over),) if chosen else ()


def _wish(c: Clause, s: Setting, meant: Meant | None, plain: str, cased: str) -> Wish | None:
    asking = c.asks or (c.language == "en" and c.opens and bool(c.units[c.start].does & r.ASK))
    said = " ".join(c.words)
    if c.asks and (topic := _topic(said)):
        return Wish(Kind.QUESTION, plain, topic=topic, confidence=0.9)
    if meant is None:
        if asking:
            return Wish(Kind.QUESTION, plain, confidence=0.6)
        judged = verdict.verdict(c, s)
        if judged is None:
            return None
        kind, sure, firm = judged
        return Wish(kind, plain[:600], targets=s.drafts, firm=firm, confidence=sure)
    kind = meant.kind
    found = colours.found(said)
    quoted = _QUOTE.search(plain.replace("“", '"').replace("”", '"'))
    part = region.words(c, meant.span, cased) if meant.span and kind.is_edit else None
    if part is None and kind in _ON_PART and (c.does & r.PRONOUN or len(c.units) <= 2):
        part = s.it[0]
    return Wish(
        kind,
        plain[:600],
        targets=s.drafts,
        region=part,
        colour=found[-1] if found and kind in (Kind.RECOLOUR, Kind.BACKGROUND) else None,
        quoted=quoted.group(1) if quoted else None,
        amount=_amount(said, kind),
        ratio=_shape(said) if kind is Kind.OUTPAINT else None,
        direction=next((name for name, words in _DIRECTIONS.items() if words.search(said)), None),
        count=_count(c) if kind in (Kind.REGENERATE, Kind.VARIANT) else None,
        confidence=meant.sure,
    )


def _shape(said: str) -> str | None:
    """The ratio that is said, as numbers, as a size in pixels, or as a placement ("story")."""
    if pixels := PIXELS.search(said):
        width, height = (int(n) for n in re.findall(r"\d+", pixels.group()))
    elif ratio := RATIO.search(said):
        width, height = int(ratio.group(1)), int(ratio.group(2))
    else:
        named = [
            (len(w), p) for p, words in placements() for w in words if re.search(rf"\b{re.escape(w)}\b", said)
        ]
        if not named:
            return None
        place = max(named, key=lambda pair: pair[0])[1]
        width, height = place.width, place.height
    common = math.gcd(width, height) or 1
    return f"{width // common}:{height // common}"


def _count(c: Clause) -> int | None:
    """How many drafts are wished for: "another four", "two more like 2"."""
    for unit in c.units:
        if unit.does & r.DRAFT:
            continue
        if unit.does & r.NUMBER and unit.text.isdigit() and 0 < int(unit.text) <= 8:
            return int(unit.text)
        if count := next((n for w in unit.text.split() if (n := NUMBER_WORDS.get(w)) and w != "one"), None):
            return count
    return None


def _amount(said: str, kind: Kind) -> float | None:
    """Signed steps, 1 = "a bit"; -4 is black and white."""
    size = 1.0 if _A_BIT.search(said) else 2.0
    if _A_LOT.search(said):
        size = 3.0
    if kind is Kind.RELIGHT:
        if _TOO_BRIGHT.search(said):
            return -size
        return -size if _DARKER.search(said) and not _TOO_DARK.search(said) else size
    if kind is Kind.RECOLOUR:
        if _GREY.search(said):
            return -4.0
        if _LESS_COLOUR.search(said):
            return -size
        return size if _MORE_COLOUR.search(said) else None
    return None


_A_BIT, _A_LOT = pattern("a_bit"), pattern("a_lot")
_TOO_BRIGHT, _TOO_DARK, _DARKER = pattern("too_bright"), pattern("too_dark"), pattern("darker")
_DIRECTIONS = {way: pattern(way) for way in ("left", "right", "up", "down")}
_GREY, _LESS_COLOUR, _MORE_COLOUR = pattern("grey"), pattern("less_colour"), pattern("more_colour")


def _topic(said: str) -> str | None:
    return next(
        (
            t
            for t, phrases in topics().items()
            if any(re.search(rf"\b{re.escape(p)}\b", said) for p in phrases)
        ),
        None,
    )
