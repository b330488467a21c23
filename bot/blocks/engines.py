"""What can be asked for pictures here, for one person who asked."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.model import Kind
from bot.wording import dollars, escape, plural, series

_DOES = {
    Kind.INPAINT: "repairs",
    Kind.REMOVE: "removes",
    Kind.BACKGROUND: "changes backgrounds",
    Kind.RELIGHT: "changes the light",
    Kind.RECOLOUR: "colours exactly",
    Kind.OUTPAINT: "extends",
    Kind.UPSCALE: "enlarges",
    Kind.TEXT: "sets words",
    Kind.LOGO: "sets logos",
}


@dataclass(frozen=True, slots=True)
class Offer:
    """One model as people see it. ``usd`` for a picture, None where it costs nothing; ``days`` until it retires."""

    name: str
    draws: bool
    edits: frozenset[Kind]
    exact: bool
    usd: float | None
    days: int | None = None


def engines(offers: Sequence[Offer], called: str | None, spent: float, limit: float | None) -> str:
    """A list in mrkdwn: who draws, who fixes, what it costs, what ends soon. ``called``: a name people can use."""
    how = f" (name one in a brief or a reply: “with {called}”)" if called else ""
    lines = [f"*Who draws here*{how}"]
    for offer in offers:
        does = [
            *(["draws"] if offer.draws else []),
            *(word for kind, word in _DOES.items() if kind in offer.edits),
        ]
        price = "free" if offer.usd is None else f"about {dollars(offer.usd)} a picture"
        exact = "; keeps to the marked area by itself" if offer.exact else ""
        ends = f" · :warning: retires in {plural(offer.days, 'day')}" if offer.days is not None else ""
        lines.append(f"• *{escape(offer.name)}* {series(does)}{exact} · {price}{ends}")
    of = f" of {dollars(limit)}" if limit is not None else ""
    lines.append(f"This month: {dollars(spent)}{of}. Whoever does it, every fix is proved pixel for pixel.")
    return "\n".join(lines)
