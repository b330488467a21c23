"""Whose word a brief needs: policies as data, what they come to, and how people say them.

One grammar for the words of a brief, the form and the workspace's settings: "2 of @lea @tom @noor, then @ana",
"all of @lea @tom", "final say @ana", "the requester may not approve".
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from bot.wording import people as listed

ANYONE, DECIDERS = "anyone", "deciders"
"""Who may ask for new rounds: everybody in the channel, or the requester and those who approve."""


@dataclass(frozen=True, slots=True)
class Step:
    """``needed`` of these people (Slack users) must approve."""

    people: tuple[str, ...]
    needed: int = 1


@dataclass(frozen=True, slots=True)
class Policy:
    """When a version is approved. ``steps`` come one after the other; none: ``needed`` of the brief's approvers.

    ``final``: one person whose approval alone decides, and without whom nothing is decided; ``requester``: may who
    asked approve as well, where they are named; ``fallback`` steps in when nobody decides; ``rounds``: see ``ANYONE``.
    """

    needed: int = 1
    steps: tuple[Step, ...] = ()
    final: str | None = None
    requester: bool = True
    fallback: str | None = None
    rounds: str = ANYONE

    @property
    def rule(self) -> str:
        """The rule as the event log names it, without names.

        >>> Policy().rule, Policy(2).rule, Policy(steps=(Step(("A", "B"), 2), Step(("C",)))).rule
        ('any approver', '2 approvers', 'all of 2, then 1 of 1')
        """
        if not self.steps:
            rule = "any approver" if self.needed == 1 else f"{self.needed} approvers"
        else:
            rule = ", then ".join(_counted(step) for step in self.steps)
        return (
            f"{rule}, final approver"
            if self.final and self.steps
            else "final approver"
            if self.final
            else rule
        )

    @property
    def people(self) -> tuple[str, ...]:
        """Everybody it names, each once."""
        named = [p for step in self.steps for p in step.people]
        return tuple(dict.fromkeys((*named, *((self.final,) if self.final else ()))))

    def worded(self, approvers: Collection[str]) -> str:
        """The rule as people read it on the card."""
        parts = []
        for step in self._steps(approvers):
            several = len(step.people) > 1
            if step.needed >= len(step.people):
                parts.append(listed(step.people))
            else:
                parts.append(
                    f"{step.needed} of {listed(step.people)}"
                    if step.needed > 1
                    else listed(step.people, "or")
                )
            if several and step.needed == len(step.people):
                parts[-1] = f"all of {parts[-1]}"
        said = ", then ".join(parts)
        if self.final is None:
            return said
        return f"<@{self.final}> has the final say" + (f"; heard before: {said}" if said else "")

    def met(self, approvers: Collection[str], given: Collection[str]) -> bool:
        """Do the approvals of these people settle it?"""
        if self.final is not None:
            return self.final in given
        return all(sum(p in given for p in step.people) >= step.needed for step in self._steps(approvers))

    def owing(self, approvers: Collection[str], given: Collection[str]) -> tuple[tuple[str, ...], int]:
        """Whose word is waited for now, and of how many of them: the first step that is not met."""
        for step in self._steps(approvers):
            left = tuple(p for p in step.people if p not in given)
            if (missing := step.needed - (len(step.people) - len(left))) > 0:
                return left, missing
        if self.final is not None and self.final not in given:
            return (self.final,), 1
        return (), 0

    def without(self, person: str) -> Policy:
        """The same rule where this person's word does not count: it never asks for more than the others can give."""
        steps = (replace(step, people=tuple(p for p in step.people if p != person)) for step in self.steps)
        left = tuple(replace(s, needed=min(s.needed, len(s.people))) for s in steps if s.people)
        final = None if self.final == person else self.final
        return replace(
            self, steps=left, final=final, fallback=None if self.fallback == person else self.fallback
        )

    def _steps(self, approvers: Collection[str]) -> tuple[Step, ...]:
        if self.steps:
            return self.steps
        if self.final is not None:
            return ()
        return (Step(tuple(approvers), min(self.needed, len(approvers))),)


def _counted(step: Step) -> str:
    if step.needed == len(step.people) and step.needed > 1:
        return f"all of {step.needed}"
    return f"{step.needed} of {len(step.people)}"


_PERSON = r"<@[UW][A-Z0-9]+(?:\|[^>]*)?>"
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_QUOTED = re.compile(r"(?<!\d)[\"“„«][^\"“”„«»]{1,120}[\"”“»]")
_LEAD = r"(?:approvals?|approvers?|approved by|sign-?off|freigabe|aprobaci[oó]n|aprova[cç][aã]o|approbation)"
_HAS_LEAD = re.compile(rf"\b{_LEAD}\b\s*:?[^<]*$", re.I)
_NUMBER = r"(?:\d|two|three|four|zwei|drei|dos|tres|deux|trois|dois|três)"
_EVERY = r"(?:all|both|each|alle|beide|todos|ambos|tous|todas)"
_OF = r"(?:out of|of|von|de|sur|des)"
_SOME = re.compile(rf"\b({_NUMBER})\s+{_OF}\s*:?\s*$", re.I)
_ALL = re.compile(rf"\b{_EVERY}\s+{_OF}\s*:?\s*$", re.I)
_ALL_LED = re.compile(rf"\b{_LEAD}\b\s*:?\s*(?:by\s+|von\s+|de\s+|por\s+)?{_EVERY}\s*$", re.I)
_MUST = re.compile(r"^\s*(?:both|all|must|müssen|deben|doivent|devem)\b", re.I)
_AND = re.compile(r"^\s*(?:,?\s*(?:and|und|y|et|e|&|\+)|,)\s*$", re.I)
_OR = re.compile(r"\b(?:or|oder|o|ou)\b|/", re.I)
_THEN = re.compile(r"\b(?:then|afterwards|followed by|and after that|dann|luego|puis|depois)\b|→|->|>>", re.I)
_NUMBERS = {
    "two": 2, "three": 3, "four": 4, "zwei": 2, "drei": 3, "dos": 2, "tres": 3, "deux": 2, "trois": 3, "dois": 2,
    "três": 3,
}  # fmt: skip
_FINAL = re.compile(
    r"\bfinal(?:ly)?\s+(?:say|word|approv\w+|decision)\b(?:\s+(?:is|has|by|from|for))?\s*:?\s*$", re.I
)
_FINAL_BETWEEN = re.compile(r"\bfinal(?:ly)?\s*:?\s*$", re.I)
_FINAL_AFTER = re.compile(r"^\s*(?:has|have|with)\s+the\s+final\s+(?:say|word|decision)\b", re.I)
_FALLBACK = re.compile(r"\b(?:fallback|escalate to|stand-?in)\b\s*:?\s*$", re.I)
_COMMA_ELSE = re.compile(r"[,;]\s*(?:or )?(?:else|otherwise|sonst|si no|sinon)\b\s*:?\s*$", re.I)
_ELSE = re.compile(r"\b(?:else|otherwise|sonst|si no|sinon)\b\s*:?\s*$", re.I)
_NOT_REQUESTER = re.compile(
    r"\b(?:not (?:approved )?by me|(?:the )?requester (?:may|can|must|does) ?n[o']t(?: approve)?"
    r"|nobody approves their own)\b",
    re.I,
)
_ROUNDS = re.compile(
    r"\b(?:only )?(?:approvers|deciders) (?:may |can )?(?:redraw|regenerate|ask for (?:new )?rounds)\b", re.I
)
_JOINT = (
    r"(?:\s*(?:[,+&/]|→|->|>>|\b(?:and|or|und|oder|y|o|et|ou|e|then|dann|luego|puis|depois|afterwards|else|otherwise"
    r"|sonst|sinon|fallback|stand-?in|finally|final(?:\s+(?:say|word|approver|approval|decision))?)\b:?))*\s*"
)
_COUNT = rf"(?:(?:{_NUMBER}|{_EVERY})\s+{_OF}\s*:?\s*)?"
_AROUND = re.compile(
    rf"(?:\b{_LEAD}\b\s*:?\s*(?:by\s+|von\s+|de\s+|por\s+)?(?:{_EVERY}\s+)?)?{_COUNT}"
    r"(?:\b(?:fallback|stand-?in|final(?:\s+(?:say|word|approver|approval|decision)))\b\s*:?\s*"
    r"|,\s*(?:or )?(?:else|otherwise)\b\s*:?\s*)?"
    rf"{_PERSON}(?:{_JOINT}{_COUNT}{_PERSON})*"
    r"(?:\s*(?:(?:both|all|must|müssen)\s+)*approves?\b|\s*(?:has|have|with)\s+the\s+final\s+(?:say|word|decision)\b)?",
    re.I,
)


def read(text: str) -> tuple[Policy, tuple[str, ...]]:
    """The policy that the words name, and whose word it asks for.

    >>> policy, people = read("2 of <@U1> <@U2> <@U3>, then <@U4>")
    >>> policy.rule, people
    ('2 of 3, then 1 of 1', ('U1', 'U2', 'U3', 'U4'))
    >>> read("approval: <@U1> and <@U2>")[0].rule, read("Party for all <@U1> <@U2>")[0].rule
    ('2 approvers', 'any approver')
    >>> read("approval: <@U1> or <@U2>")[0].rule, read("all of <@U1> and <@U2>, final say <@U3>")[0].rule
    ('any approver', 'all of 2, final approver')
    """
    text = _QUOTED.sub(lambda m: " " * len(m.group()), _plain(text))
    steps: list[Step] = []
    people: list[str] = []
    needed, policy, last = 1, Policy(), 0
    mentions = list(_MENTION.finditer(text))
    led = bool(mentions and _HAS_LEAD.search(text[: mentions[0].start()]))
    for number, mention in enumerate(mentions):
        between, person = text[last : mention.start()], mention.group(1)
        last = mention.end()
        ending = mentions[number + 1].start() if number + 1 < len(mentions) else len(text)
        following = text[last:ending]
        joined = number > 0 or led
        if (
            _FINAL.search(between)
            or (joined and _FINAL_BETWEEN.search(between))
            or _FINAL_AFTER.search(following)
        ):
            policy = replace(policy, final=person)
            continue
        if _FALLBACK.search(between) or _COMMA_ELSE.search(between) or (joined and _ELSE.search(between)):
            policy = replace(policy, fallback=person)
            continue
        some, every = _SOME.search(between), _ALL.search(between) or _ALL_LED.search(between)
        if people and (_THEN.search(between) or some or every):
            steps.append(_step(people, needed))
            people, needed = [], 1
        if some:
            needed = _NUMBERS.get(some.group(1).lower()) or int(some.group(1))
        elif every or (number + 1 == len(mentions) and _MUST.search(following)):
            needed = len(mentions)
        elif (
            people
            and led
            and _AND.match(between)
            and "," not in between
            and needed == 1
            and not _OR.search(text)
        ):
            needed = len(mentions)  # "approval: @lea and @tom" asks for both
        people.append(person)
    if people:
        steps.append(_step(people, needed))
    rounds = DECIDERS if _ROUNDS.search(text) else ANYONE
    policy = replace(policy, requester=_NOT_REQUESTER.search(text) is None, rounds=rounds)
    if len(steps) == 1 and policy.final is None:
        return replace(policy, needed=steps[0].needed), steps[0].people
    policy = replace(policy, steps=tuple(steps))
    return policy, policy.people


def without(text: str) -> str:
    """The words without those that name people and the rule about them.

    >>> without("Winter sale, square, approval: 2 of <@U1> <@U2>, then <@U3>, by Friday")
    'Winter sale, square, by Friday'
    >>> without("Poster for Lumen, 4:5, <@U1> -&gt; <@U2>"), without('With "It is not me" <@U1>')
    ('Poster for Lumen, 4:5', 'With "It is not me"')
    """
    text, quotes = _plain(text), list(_QUOTED.findall(text))
    held = _QUOTED.sub("\x01", text)
    bare = _NOT_REQUESTER.sub(" ", _ROUNDS.sub(" ", _AROUND.sub(" \x00 ", held)))
    bare = re.sub(r"\s*[,;]?\s*\x00\s*(?:[,;]?\s*\x00\s*)*", " ", bare).replace(" ,", ",").strip(" ,;")
    for quote in quotes:
        bare = bare.replace("\x01", quote, 1)
    return bare


def _plain(text: str) -> str:
    """Slack sends & < > as entities; only what a rule may be written with is needed here."""
    return text.replace("-&gt;", "->").replace("&gt;&gt;", ">>").replace("&amp;", "&")


def _step(people: list[str], needed: int) -> Step:
    each = tuple(dict.fromkeys(people))
    return Step(each, max(1, min(needed, len(each))))
