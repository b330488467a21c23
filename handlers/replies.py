"""A reply in a brief's thread is read; a picture dropped into it becomes a draft."""

from __future__ import annotations

from typing import Any

from bot.commands import BringPicture, Reply
from bot.errors import Refused
from bot.jobs import Fetch
from bot.replies.read import read
from bot.replies.words import plain
from handlers import waiting
from handlers.desk import Desk

SUBTYPES = (None, "file_share", "thread_broadcast")


async def written(desk: Desk, body: dict[str, Any]) -> None:
    """message: only what people write in the thread of one of our cards is read at all."""
    event = body["event"]
    thread, person = event.get("thread_ts"), event.get("user")
    if thread is None or thread == event["ts"] or person is None or event.get("bot_id"):
        return
    if event.get("subtype") not in SUBTYPES:
        return
    message = await desk.message_at(body, event.get("parent_user_id"), event["channel"], thread)
    if message is None or message.slot != "card":
        return
    key = f"event:{body['event_id']}"
    for file in (event.get("files") or [])[:4]:
        command = BringPicture(message.brief, person, "", 0, 0, str(file.get("name") or "picture"))
        part = f"{key}:{file['id']}"
        job = Fetch(
            part, "thread", waiting.dumped(command), (file["id"],), event["channel"], person, message.brief
        )
        await desk.enqueue(job, event["channel"], f"{part}:fetch")
    text = event.get("text") or ""
    if text.strip():
        await say(desk, message.brief, person, text, channel=event["channel"], key=key)


async def say(
    desk: Desk, brief_id: str, person: str, text: str, *, channel: str, key: str, selected: int | None = None
) -> bool:
    """Read the words and do what they ask for. False when they ask for nothing."""
    brief = await desk.store.brief(brief_id)
    if brief is None:
        return False
    wishes = read(text, n_drafts=len(brief.drafts) or brief.wanted.count, selected=selected)
    try:
        await desk.perform(Reply(brief.id, person, plain(text)[:3000], wishes), key)
    except Refused as refused:
        await desk.tell(person, str(refused), channel=channel, brief=brief.id, key=key)
    return any(w.kind.value != "chatter" for w in wishes)
