"""A brief from a message, or from anywhere."""

from __future__ import annotations

from typing import Any

from bot.blocks import modals
from bot.replies.words import plain
from handlers import nudging
from handlers.desk import Desk


async def from_message(desk: Desk, ack: Any, body: dict[str, Any]) -> None:
    """The form, filled with the message's words and its picture."""
    await ack()
    message = body["message"]
    pictures = tuple(
        f["id"] for f in message.get("files") or () if str(f.get("mimetype", "")).startswith("image/")
    )
    text, busy = plain(message.get("text") or ""), await nudging.busy(desk)
    form = modals.brief_form(body["channel"]["id"], text=text, files=pictures[:1], busy=busy)
    desk.soon(desk.chat.open_view(body["trigger_id"], form))


async def anywhere(desk: Desk, ack: Any, body: dict[str, Any]) -> None:
    """The form; the channel is asked for."""
    await ack()
    desk.soon(desk.chat.open_view(body["trigger_id"], modals.brief_form("", busy=await nudging.busy(desk))))
