"""The few Block Kit shapes the product uses, cut to Slack's limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.wording import cut

Block = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """A message: its blocks, the same in plain words (notifications, screen readers), and its metadata."""

    text: str
    blocks: tuple[Block, ...]
    kind: str
    payload: Mapping[str, Any] = field(default_factory=dict)

    @property
    def metadata(self) -> dict[str, Any]:
        """As Slack keeps it beside the message. Everyone in the workspace can read it: no secrets."""
        return {"event_type": self.kind, "event_payload": dict(self.payload)}


def header(text: str) -> Block:
    """A title."""
    return {"type": "header", "text": {"type": "plain_text", "text": cut(text, 150), "emoji": True}}


def section(text: str) -> Block:
    """A paragraph."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": cut(text, 3000)}}


def context(*texts: str) -> Block:
    """Small print, up to ten pieces."""
    return {
        "type": "context",
        "elements": [{"type": "mrkdwn", "text": cut(t, 2000)} for t in texts if t][:10],
    }


def image(file: str, alt: str, title: str | None = None) -> Block:
    """An uploaded picture."""
    block: Block = {"type": "image", "slack_file": {"id": file}, "alt_text": cut(alt, 2000)}
    if title:
        block["title"] = {"type": "plain_text", "text": cut(title, 2000)}
    return block


def thumbnail(file: str, alt: str) -> Block:
    """An uploaded picture, small, beside a paragraph."""
    return {"type": "image", "slack_file": {"id": file}, "alt_text": cut(alt, 2000)}


def actions(*buttons: Block) -> Block:
    """A row of buttons."""
    return {"type": "actions", "elements": list(buttons[:25])}


def button(
    label: str, action: str, value: str, *, style: str | None = None, spoken: str | None = None
) -> Block:
    """One button. ``spoken`` is what a screen reader says where the label alone is too short."""
    made: Block = {
        "type": "button",
        "action_id": cut(action, 255),
        "text": {"type": "plain_text", "text": cut(label, 75), "emoji": True},
        "value": cut(value, 2000),
    }
    if style:
        made["style"] = style
    if spoken:
        made["accessibility_label"] = cut(spoken, 75)
    return made


def link(label: str, action: str, url: str, *, style: str | None = None, spoken: str | None = None) -> Block:
    """A button that opens a page in the browser. Slack tells us of the press as well, and wants an answer."""
    made = button(label, action, "open", style=style, spoken=spoken)
    made["url"] = url
    return made


def plain_text_input(block: str, label: str, **rest: Any) -> Block:
    """A text field in a modal.

    ``rest``: optional, hint, multiline, placeholder, initial_value, max_length.
    """
    optional, hint = rest.pop("optional", True), rest.pop("hint", None)
    if placeholder := rest.pop("placeholder", None):
        rest["placeholder"] = {"type": "plain_text", "text": cut(placeholder, 150)}
    element = {
        "type": "plain_text_input",
        "action_id": "value",
        **{k: v for k, v in rest.items() if v is not None},
    }
    made: Block = {
        "type": "input",
        "block_id": block,
        "optional": optional,
        "label": {"type": "plain_text", "text": label},
        "element": element,
    }
    if hint:
        made["hint"] = {"type": "plain_text", "text": cut(hint, 2000)}
    return made


def select(
    block: str, label: str, options: Sequence[tuple[str, str]], initial: str | None = None, **rest: Any
) -> Block:
    """A menu of (value, label) pairs in a modal. ``rest``: optional, hint."""
    rows = [{"text": {"type": "plain_text", "text": cut(t, 75)}, "value": v} for v, t in options[:100]]
    element: Block = {"type": "static_select", "action_id": "value", "options": rows}
    if chosen := next((r for r in rows if r["value"] == initial), None):
        element["initial_option"] = chosen
    made: Block = {
        "type": "input",
        "block_id": block,
        "optional": rest.get("optional", True),
        "label": {"type": "plain_text", "text": label},
        "element": element,
    }
    if hint := rest.get("hint"):
        made["hint"] = {"type": "plain_text", "text": cut(hint, 2000)}
    return made


def when(at: datetime, tokens: str = "{date_short_pretty} {time}") -> str:
    """A moment that Slack shows in each reader's own zone."""
    return f"<!date^{int(at.timestamp())}^{tokens}|{at.astimezone(UTC):%d %b %Y %H:%M} UTC>"
