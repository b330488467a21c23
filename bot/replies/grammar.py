"""What the grammar makes of a reply: one wish for each thing asked, with how sure that is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cache

from bot.model import Kind, Wish
from bot.replies import heard, idioms, meaning, mood, region, targets, verdict, words
from bot.replies import roles as r
from bot.replies.clause import Clause, clauses
from bot.replies.details import detailed
from bot.replies.lexicon import group, topics
from bot.replies.setting import Meant, Setting
from bot.replies.units import Unit, cut

LONG = 20
"""Units from which on a message is long."""
ON_PART = frozenset({Kind.INPAINT, Kind.REMOVE, Kind.RECOLOUR, Kind.RELIGHT, Kind.TEXT, Kind.LOGO})
_ASTRAY = group("astray")
_THROWN_OUT = group("thrown_out")


@dataclass(slots=True)
class Reading:
    """A message as the grammar has it. ``drafts`` are those it names anywhere; ``settled``: it is for somebody else."""

    plain: str
    cased: str
    selected: int | None
    n_drafts: int
    language: str = "en"
    units: list[Unit] = field(default_factory=list)
    clauses: list[Clause] = field(default_factory=list)
    drafts: tuple[int, ...] = ()
    version: str | None = None
    wishes: tuple[Wish, ...] = ()
    settled: bool = False


def by_grammar(text: str, n_drafts: int, selected: int | None) -> Reading:
    """What the grammar makes of a reply."""
    reading = Reading(words.plain(text), words.cleaned(text), selected, n_drafts)
    reading.wishes = _wishes(reading, text)
    return reading


def _wishes(reading: Reading, text: str) -> tuple[Wish, ...]:
    plain, cased, n_drafts, selected = reading.plain, reading.cased, reading.n_drafts, reading.selected
    said = cased.lower()
    said = said if len(said) == len(cased) else cased
    if not said.strip():
        reading.settled = True
        return (Wish(Kind.CHATTER, plain),)
    language, units = cut(said, cased)
    reading.language, reading.units = language, units
    found = targets.mentions(language, units, cased, n_drafts, selected)
    said_words = frozenset([u.text for u in units])
    elsewhere = words.addressed_elsewhere(text) and (not found or words.commands_another(text))
    if elsewhere or not _ASTRAY.isdisjoint(said_words):
        reading.settled = True
        return (Wish(Kind.CHATTER, plain),)
    everywhere, version = targets.resolved(found, n_drafts, found)
    reading.drafts, reading.version = everywhere or ((selected,) if selected else ()), version
    office = any(u.does & r.OFFICE and not u.does & r.DRAFT for u in units)
    parts = reading.clauses = list(clauses(language, units))
    if len(everywhere) > 1 and idioms.crossed(units):
        return (_variant(everywhere, plain),)
    hanging = kept = False
    wishes: list[Wish] = []
    stated: list[Wish] = []
    position = {id(u): i for i, u in enumerate(units)}
    alone = sum(not _aside(p) for p in parts) <= 1
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
            alone=alone,
            short=len(units) <= 9,
            long=len(units) > LONG,
            it=it,
            said=said_words,
        )
        meant = _thrown_out(part, it) or meaning.work(part, setting)
        wish = _wish(part, setting, meant, plain, cased)
        if wish is not None:
            if found:
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
        last = heard.topic(part) if part is not parts[-1] else None
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
    return bool(c.does & r.SMALLTALK) and all(
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
    part = region.words(c, meant.span, cased) if meant.span and meant.kind.is_edit else None
    if part is None and meant.kind in ON_PART and (c.does & r.PRONOUN or len(c.units) <= 2):
        part = s.it[0]
    return detailed(meant.kind, c.units, plain, s.drafts, part, meant.sure)


def _topic(said: str) -> str | None:
    return next((topic for topic, words in _topics() if words.search(said)), None)


@cache
def _topics() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (topic, re.compile(rf"\b(?:{'|'.join(map(re.escape, phrases))})\b"))
        for topic, phrases in topics().items()
    )
