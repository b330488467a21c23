"""The App Home: what waits for you, what you asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.blocks.card import plain_status
from bot.blocks.kit import Block, actions, button, context, header, section, when
from bot.model import Brief, Stage
from bot.wording import escape, plural


def home(person: str, briefs: Sequence[Brief], links: Mapping[str, str], now: datetime) -> dict[str, Any]:
    """``links`` give each brief's thread by its id."""
    waiting = [b for b in briefs if b.stage is Stage.REVIEW and person in b.approvers]
    mine = [b for b in briefs if b.requester == person]
    blocks: list[Block] = [header("Waiting for you")]
    blocks += [_row(b, links) for b in waiting[:10]] or [section("Nothing. Enjoy the quiet.")]
    blocks.append(header("Your briefs"))
    newest = sorted(mine, key=lambda b: b.submitted_at, reverse=True)
    blocks += [_row(b, links) for b in newest[:10]] or [
        section("None yet. Type `/brief` in any channel I am in.")
    ]
    if len(newest) > 10:
        blocks.append(
            context(f"and {plural(len(newest) - 10, 'more')}" if len(newest) > 11 else "and one more")
        )
    blocks.append(actions(button("New brief", "new_brief", person, style="primary")))
    return {"type": "home", "blocks": blocks}


def _row(brief: Brief, links: Mapping[str, str]) -> Block:
    title = escape(brief.wanted.title)
    link = links.get(brief.id)
    name = f"<{link}|{title}>" if link else f"*{title}*"
    return section(
        f"{name}\n{plain_status(brief)} · {when(brief.submitted_at, '{date_short_pretty}')} · <#{brief.channel}>"
    )
