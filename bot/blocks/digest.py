"""The week in one message: a sentence first, then figures, each with what it rests on."""

from __future__ import annotations

from collections.abc import Mapping

from bot.blocks.kit import Block, Said, context, header, section
from bot.digest import Digest, Span
from bot.metrics import ENOUGH_FOR_A_MEDIAN
from bot.wording import dollars, escape, plural, spell


def digest(week: Digest, titles: Mapping[str, str], links: Mapping[str, str], slot: str) -> Said:
    """``titles`` and ``links`` by brief id, for what waits; ``slot`` names this posting."""
    headline = _headline(week)
    blocks: list[Block] = [header(f"Week {week.week[-2:]} of {week.week[:4]}"), section(f"*{headline}*")]
    lines = [
        _line("From brief to approval", week.ttfa["wall"], "wall clock"),
        _line("The same in working hours", week.ttfa["working"], "Mon to Fri, 9 to 18"),
        _line("First answer to the drafts", week.pickup),
    ]
    blocks.append(section("\n".join(lines)))
    made = f"{week.generated} made, {week.shown} shown, {week.approved} approved"
    again = f"{plural(week.edits, 'fix', 'fixes')} and {plural(week.regenerations, 'new round')} asked for"
    cost = dollars(week.usd)
    if week.usd_per_approved is not None:
        cost += f", {dollars(week.usd_per_approved)} for each approved picture"
    blocks.append(section(f"This week: {made}. {again}. {cost}."))
    extra = []
    if week.first_pass_yield is not None:
        extra.append(f"right the first time: {week.first_pass_yield:.0%}")
    if week.reopened_share is not None:
        extra.append(f"reopened after approval: {week.reopened_share:.0%}")
    if week.rounds_median is not None:
        extra.append(f"median versions reviewed before approval: {week.rounds_median:g}")
    if extra:
        said = " · ".join(extra)
        blocks.append(context(said[:1].upper() + said[1:]))
    if week.waiting:
        blocks.append(section("*Waiting longest*\n" + "\n".join(_waiting(week, titles, links))))
    blocks.append(
        context(
            "Times count the briefs of the last four weeks, open ones included as open (Kaplan-Meier). "
            f"Zone: {week.tz}."
        )
    )
    return Said(headline, tuple(blocks), "digest", {"brief": "-", "slot": slot})


def _headline(week: Digest) -> str:
    if not (week.submitted or week.approved or week.open):
        return "A quiet week: no briefs, nothing waiting."
    wall = week.ttfa["wall"]
    if wall.median_s is not None:
        took = spell(wall.median_s)
        return f"{week.approved} approved this week, median {took} from brief to approval (n = {wall.n})."
    why = f"n = {wall.n}, too few for a median" if wall.n < ENOUGH_FOR_A_MEDIAN else _not_reached(wall)
    return f"{week.approved} approved this week, {week.open} open. Time to approval: {why}."


def _line(name: str, span: Span, note: str = "") -> str:
    if span.n < ENOUGH_FOR_A_MEDIAN:
        figure = f"n = {span.n}, too few to say"
    elif span.median_s is None:
        figure = _not_reached(span)
    else:
        figure = f"median *{spell(span.median_s)}*"
        if span.p90_s is not None:
            figure += f", nine of ten within {spell(span.p90_s)}"
        figure += f" (n = {span.n}" + (f", {span.n_open} still open)" if span.n_open else ")")
    return f"{name}: {figure}" + (f" · {note}" if note else "")


def _not_reached(span: Span) -> str:
    return f"not reached ({span.n - span.n_open} approved of {span.n})"


def _waiting(week: Digest, titles: Mapping[str, str], links: Mapping[str, str]) -> list[str]:
    rows = []
    for w in week.waiting[:3]:
        title = escape(titles.get(w.brief, w.brief))
        link = links.get(w.brief)
        rows.append(
            f"• {f'<{link}|{title}>' if link else title}: {spell(w.age_s)}, waiting for {' and '.join(w.on)}"
        )
    return rows
