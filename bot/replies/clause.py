"""One clause of a reply: its words, what they do, and who or what it is about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from bot.replies.lexicon import Hit, lexicon

_HEX = re.compile(r"#(?:[0-9a-f]{6}|[0-9a-f]{3})\b")
_TOKEN = re.compile(r"\+1|\w+(?:['&/-]\w+)*")
ACTS = ("undo", "regenerate", "variant", "upscale", "outpaint", "light", "colour", "remove", "repair", "make")
_DETERMINERS = frozenset(
    """the a an his her its their our my this that those these both all any no some el la los las un una su sus der
    die das den dem ein eine einen le les l' un une des sa son ses o os as um uma seu sua""".split()
)
_STOPS = frozenset(
    [
        "on",
        "in",
        "of",
        "from",
        "for",
        "to",
        "into",
        "with",
        "and",
        "but",
        "please",
        "is",
        "are",
        "on",
        "at",
        "by",
        "as",
        "so",
        "because",
        "than",
        "over",
    ]
)


_NAMED = ("thing", "background", "text", "logo")
_AFTER = ("light", "hue", "colour", "fault", "must", "wish", "condition")
_OF = ("of", "de", "da", "do")
_JOINS = frozenset("of on in at behind under above around de da do en sur dans auf im an am".split())
_GENERIC = frozenset(
    """image picture photo pic visual design drawing colour color colours colors word words spelling version layout
    composition palette draft option one whole thing bit""".split()
)
_GENERIC_TAIL = frozenset("colour color colours colors please instead more less".split())
_WHOLE = re.compile(
    r"\s+(?:in|of|from)\s+(?:the\s+)?(?:entire\s+|whole\s+)?(?:image|picture|photo|pic|visual|shot)$"
    r"|\s+#[0-9a-f]{3,6}\b.*$"
)
_PROPERTY = re.compile(r"^(?:the\s+)?(?:colou?rs?|brightness|contrast|size|shade|tone)\s+of\s+")
_BREAKS = frozenset(
    [
        "looks",
        "look",
        "seems",
        "feels",
        "has",
        "have",
        "raise",
        "match",
        "more",
        "less",
        "a",
        "bit",
        "little",
        "instead",
        "again",
        "out",
        "off",
    ]
)


@dataclass(frozen=True)
class Clause:
    """``text`` is cleaned and lower case; ``targets`` the drafts it is about: ``named`` here, or
    ``inherited`` from the rest of the message; ``alone``: it is the whole message."""

    text: str
    targets: tuple[int, ...]
    named: bool
    inherited: bool
    alone: bool

    @cached_property
    def tokens(self) -> list[str]:
        """The words, in order."""
        return _TOKEN.findall(self.text)

    @cached_property
    def hits(self) -> list[Hit]:
        """Every phrase of the lexicon that stands here."""
        return lexicon().found(self.tokens, self.text)

    @cached_property
    def roles(self) -> frozenset[str]:
        """What the phrases do."""
        found = {h.role for h in self.hits}
        return frozenset(found | {"hue"} if _HEX.search(self.text) else found)

    def has(self, *roles: str) -> bool:
        """Does any phrase do one of these?"""
        return not self.roles.isdisjoint(roles)

    def first(self, *roles: str) -> Hit | None:
        """The first phrase that does one of these."""
        return min((h for h in self.hits if h.role in roles), key=lambda h: h.start, default=None)

    @property
    def asks(self) -> bool:
        """A question mark, or a question word in front without a wish."""
        opening = self.first("ask")
        return self.text.endswith(("?", "？")) or (
            opening is not None and opening.start == 0 and bool(opening.end)
        )

    @property
    def about_picture(self) -> bool:
        """Does it name something that pictures show, or a draft?"""
        return (
            self.named
            or self.inherited
            or self.has(
                "thing", "hue", "background", "text", "logo", "light", "colour", "outpaint", "upscale"
            )
        )

    def held_back(self, *roles: str) -> bool:
        """Is the act negated: a no within the three words before it?"""
        acts = [h for h in self.hits if h.role in roles]
        nots = [h for h in self.hits if h.role == "negation"]
        spoken = any(n.end <= a.start <= n.end + 3 for a in acts for n in nots if n.end and a.end)
        return spoken or any(n.end == 0 for n in nots)  # scripts without spaces: a no anywhere holds back

    def region(self) -> str | None:
        """The words that name a part of the picture: what follows the act, else the first thing that is named."""
        act = self.first("remove", "repair", "make")
        start = act.end if act else 0
        if act and self._adds(act):
            # "add a hat to the dog": the part that changes is where it goes.
            to = next(
                (i for i in range(start, len(self.tokens)) if self.tokens[i] in ("to", "in", "on", "onto")),
                None,
            )
            start = to + 1 if to is not None else start
        if start < len(self.tokens) and self.tokens[start] in _DETERMINERS and (found := self._phrase(start)):
            return found
        places = sorted(
            {
                h.start
                for h in self.hits
                if h.role in _NAMED and h.end and self.tokens[h.start] not in _GENERIC
            }
        )
        begin = next((p for p in places if p >= start), places[0] if places else None)
        if begin is None:
            return None
        left = begin
        while (
            left > 0
            and begin - left < 3
            and self.tokens[left - 1] not in _STOPS
            and not self.tokens[left - 1].isdigit()
        ):
            left -= 1
            if self.tokens[left] in _DETERMINERS:
                return self._phrase(left)
        return self._phrase(begin)

    def _adds(self, act: Hit) -> bool:
        return self.tokens[act.start] in ("add", "put", "insert", "place")

    def _phrase(self, left: int) -> str | None:
        """From a determiner on, as far as the name goes: "the handle of the mug", "the cup on the railing"."""
        things = {i for h in self.hits if h.role in _NAMED for i in range(h.start, h.end)}
        acting = {i for h in self.hits if h.role in _AFTER for i in range(h.start, h.end)} - things
        right = left + 1 if self.tokens[left] in _DETERMINERS else left
        while right < len(self.tokens) and right - left < 9:
            token = self.tokens[right]
            after = self.tokens[right + 1] if right + 1 < len(self.tokens) else ""
            if (
                token in _JOINS
                and right > left + 1
                and (after in _DETERMINERS or (token in _OF and not after.isdigit()))
            ):
                right += 2 if after else 1
                continue
            if (
                token in _STOPS
                or token.isdigit()
                or (right in acting and token not in _GENERIC)
                or token in _BREAKS
            ):
                break
            right += 1
        words = [t for t in self.tokens[left:right] if t not in _DETERMINERS]
        while right - 1 > left and self.tokens[right - 1] in (*_DETERMINERS, *_GENERIC_TAIL):
            right -= 1
        if not words or all(w in _GENERIC for w in words):
            return None
        said = _WHOLE.sub("", self._span(left, right))
        return _PROPERTY.sub("", said).removeprefix("no ") or None

    def _span(self, left: int, right: int) -> str:
        places = [m.span() for m in _TOKEN.finditer(self.text)]
        return self.text[places[left][0] : places[right - 1][1]]
