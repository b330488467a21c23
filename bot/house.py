"""The rules of one workspace, which its admins set: who approves where, what an emoji does, when people work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bot.errors import Refused
from bot.policy import Policy

NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "keycap_ten")
"""Emoji that vote for a draft, in order; they are Slack's own and cannot be set."""
_ALIASES = {
    "+1": "thumbsup",
    "-1": "thumbsdown",
    "heavy_check_mark": "heavy_check_mark",
    "ballot_box_with_check": "ballot_box_with_check",
    "arrows_counterclockwise": "arrows_counterclockwise",
}
"""Slack's second names of an emoji, by the first."""


@dataclass(frozen=True, slots=True)
class Emoji:
    """What an emoji on one of our messages does; the names without colons. Any other does nothing."""

    approve: tuple[str, ...] = ("white_check_mark", "heavy_check_mark")
    redraw: tuple[str, ...] = ("repeat", "arrows_counterclockwise")

    def checked(self) -> Emoji:
        """The same, each by its first name. Raises Refused where one stands for two things."""
        seen: dict[str, str] = {name: f"a vote for {n}" for n, name in enumerate(NUMBERS, 1)}
        sets: dict[str, tuple[str, ...]] = {}
        for what in ("approve", "redraw"):
            names = tuple(dict.fromkeys(plain(name) for name in getattr(self, what)))
            for name in names:
                if not name:
                    raise Refused(f"An emoji for {what} has no name.")
                if name in seen:
                    raise Refused(f":{name}: cannot mean {what}: it is {seen[name]} already.")
                seen[name] = what
            sets[what] = names
        if not sets["approve"]:
            raise Refused("At least one emoji must approve.")
        return Emoji(**sets)

    def means(self, name: str) -> str | None:
        """approve or redraw; None for an emoji that does nothing."""
        name = plain(name)
        return next((w for w in ("approve", "redraw") if name in getattr(self, w)), None)


def plain(name: str) -> str:
    """An emoji's first name, without colons and skin tone.

    >>> plain(":+1::skin-tone-3:"), plain("white_check_mark")
    ('thumbsup', 'white_check_mark')
    """
    bare = name.strip().strip(":").split("::")[0].strip(":").lower()
    return _ALIASES.get(bare, bare)


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody is away (UTC, ``until`` exclusive), and who decides for them."""

    person: str
    delegate: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Hours:
    """When people work, in their own zone: from ``start`` to ``end`` o'clock on ``days`` (0 = Monday)."""

    start: int = 9
    end: int = 18
    days: tuple[int, ...] = (0, 1, 2, 3, 4)
    holidays: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Authority:
    """Who approves, by which policy, where a brief does not say it."""

    approvers: tuple[str, ...] = ()
    policy: Policy = field(default_factory=Policy)


@dataclass(frozen=True, slots=True)
class House:
    """``everywhere`` and, by channel, ``channels``: whose word counts; ``undo``: how long an emoji that is taken away
    takes the approval back; ``after``: working hours that somebody may owe a decision before they are reminded;
    ``most`` reminders of one brief to one person; ``load``: decisions that may wait for one person."""

    everywhere: Authority = field(default_factory=Authority)
    channels: Mapping[str, Authority] = field(default_factory=dict)
    emoji: Emoji = field(default_factory=Emoji)
    hours: Hours = field(default_factory=Hours)
    away: tuple[Away, ...] = ()
    admins: tuple[str, ...] = ()
    undo: timedelta = timedelta(minutes=15)
    after: int = 8
    most: int = 5
    load: int = 10

    def authority(self, channel: str) -> Authority:
        """Whose word counts in a channel."""
        return self.channels.get(channel, self.everywhere)

    def delegate(self, person: str, now: datetime) -> str | None:
        """Who decides for somebody who is away now; whoever is away themselves passes it on."""
        seen, absent = [person], person
        while one := next((a for a in self.away if a.person == absent and a.since <= now < a.until), None):
            if one.delegate in seen:
                return None  # they have named one another: nobody is left to decide
            absent = one.delegate
            seen.append(absent)
        return absent if absent != person else None

    def stands_for(self, person: str, now: datetime) -> tuple[str, ...]:
        """For whom somebody decides now, besides themselves."""
        absent = dict.fromkeys(a.person for a in self.away)
        return tuple(p for p in absent if p != person and self.delegate(p, now) == person)
