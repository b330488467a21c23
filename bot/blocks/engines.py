"""What can be asked for pictures here, for one person who asked."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.wording import dollars, escape, plural


@dataclass(frozen=True, slots=True)
class Offer:
    """One model as people see it. ``usd`` for a picture, None where it costs nothing; ``days`` until it retires."""

    name: str
    id: str
    draws: bool
    edits: tuple[str, ...]
    mask: str
    usd: float | None
    days: int | None = None


def engines(offers: Sequence[Offer], spent: float, limit: float | None) -> str:
    """A list in mrkdwn: who draws, who fixes, what it costs, what ends soon."""
    lines = ["*Who draws here* (name one in a brief or a reply: “with flux”)"]
    for offer in offers:
        does = ["draws"] if offer.draws else []
        does += [", ".join(offer.edits)] if offer.edits else []
        price = "free" if offer.usd is None else f"about {dollars(offer.usd)} a picture"
        exact = ", keeps to the marked area by itself" if offer.mask == "hard" else ""
        ends = f" · :warning: retires in {plural(offer.days, 'day')}" if offer.days is not None else ""
        lines.append(
            f"• *{escape(offer.name)}* ({escape(offer.id)}): {'; '.join(does)}{exact} · {price}{ends}"
        )
    of = f" of {dollars(limit)}" if limit is not None else ""
    lines.append(f"This month: {dollars(spent)}{of}. Whoever does it, every fix is proved pixel for pixel.")
    return "\n".join(lines)
