"""How figures, times and names are put into words."""

from collections.abc import Iterable


def spell(seconds: float | None) -> str:
    """A duration as people say it, at most two units.

    >>> spell(14), spell(840), spell(11400), spell(200000), spell(None)
    ('14 s', '14 min', '3 h 10 min', '2 d 7 h', 'not reached')
    """
    if seconds is None:
        return "not reached"
    whole = int(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes = whole // 60
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h" if hours else f"{days} d"


def plural(n: int, one: str, many: str | None = None) -> str:
    """A count with its noun.

    >>> plural(1, "fix", "fixes"), plural(0, "vote")
    ('1 fix', '0 votes')
    """
    return f"{n} {one if n == 1 else many or one + 's'}"


def dollars(usd: float) -> str:
    """Money: cents, and more digits only where cents would say nothing.

    >>> dollars(0), dollars(0.214), dollars(0.0036), dollars(0.575), dollars(5 * 0.115)
    ('$0.00', '$0.21', '$0.0036', '$0.58', '$0.58')
    """
    return f"${usd:.4f}" if 0 < usd < 0.01 else f"${usd + 1e-9:.2f}"


def percent(share: float) -> str:
    """A share as a percentage that never claims all or nothing by rounding.

    >>> percent(0.031), percent(0.9999), percent(0.00001), percent(1.0)
    ('3.1 %', '99.99 %', 'under 0.01 %', '100 %')
    """
    if share in (0.0, 1.0):
        return f"{share * 100:.0f} %"
    if share < 0.0001:
        return "under 0.01 %"
    if 0.001 <= share <= 0.999:
        return f"{share * 100:.1f} %"
    return f"{min(share * 100, 99.99):.2f} %"


def people(ids: Iterable[str], joint: str = "and") -> str:
    """Slack mentions in a sentence.

    >>> people(["U1", "U2", "U3"], "or")
    '<@U1>, <@U2> or <@U3>'
    """
    names = [f"<@{i}>" for i in dict.fromkeys(ids)]
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {joint} {names[-1]}"


def series(items: Iterable[object], joint: str = "and") -> str:
    """A list in a sentence.

    >>> series([1, 2, 3])
    '1, 2 and 3'
    """
    words = [str(i) for i in items]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {joint} {words[-1]}" if words else ""


def escape(text: str) -> str:
    """Words of people made safe to stand in a Slack message (&, <, >), so that nobody can be pinged by them.

    >>> escape("a <!channel> & b")
    'a &lt;!channel&gt; &amp; b'
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def cut(text: str, limit: int) -> str:
    """At most ``limit`` characters, with an ellipsis where something is missing."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def bare(text: str) -> str:
    """The words by which the same message is known again: lower case, no stops at its end; "" when it is too long
    to be told from another that begins like it.

    >>> bare("Hmm, the HAND  on 2…?"), bare("so " * 200)
    ('hmm, the hand on 2', '')
    """
    known = " ".join(text.lower().split()).strip(" .,!?…")
    return known if len(known) <= 300 else ""
