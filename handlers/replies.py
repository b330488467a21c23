"""A reply in a brief's thread is read, also when it is edited or deleted; a picture dropped into it becomes a draft."""

from __future__ import annotations

import re
from typing import Any

from bot.commands import BringPicture, Correct, Reply
from bot.errors import Refused
from bot.jobs import Consult, Fetch
from bot.model import Brief, Message, Wish
from bot.replies import words
from bot.replies.read import read
from bot.review.talk import middling, recalled
from bot.wording import bare
from handlers import waiting
from handlers.desk import Desk

SUBTYPES = (None, "file_share", "thread_broadcast")
_FOR = re.compile(
    r"\s*(?:(?:this|here) is |for |new |the new )?(?:draft |version )?#?(\d{1,2})[a-z]?\b"
    r"(?!\s*(?:is|was|looks|has)\b)[^?]{0,60}$",
    re.I,
)
"""A picture with such words is the next state of that draft: "2", "this is 2, retouched by hand"."""


async def written(desk: Desk, body: dict[str, Any]) -> None:
    """message: only what people write in the thread of one of our cards is read at all."""
    event = body["event"]
    if event.get("subtype") in ("message_changed", "message_deleted"):
        await corrected(desk, body)
        return
    thread, person = event.get("thread_ts"), event.get("user")
    if thread is None or thread == event["ts"] or person is None or event.get("bot_id"):
        return
    if event.get("subtype") not in SUBTYPES:
        return
    message = await _card(desk, body, event.get("parent_user_id"), event["channel"], thread)
    if message is None:
        return
    key = f"event:{body['event_id']}"
    text, files = words.for_us(event.get("text") or "", _ours(body)), (event.get("files") or [])[:4]
    named = _FOR.match(text) if len(files) == 1 else None
    for file in files:
        name, draft = str(file.get("name") or "picture"), int(named[1]) if named else None
        command = BringPicture(message.brief, person, "", 0, 0, name, draft)
        part = f"{key}:{file['id']}"
        job = Fetch(
            part, "thread", waiting.dumped(command), (file["id"],), event["channel"], person, message.brief
        )
        await desk.enqueue(job, event["channel"], f"{part}:fetch")
    if text.strip() and named is None:
        await say(desk, message.brief, person, text, channel=event["channel"], key=key, said=event["ts"])


async def corrected(desk: Desk, body: dict[str, Any]) -> None:
    """message_changed, message_deleted: what the reply had asked for follows its new words, or goes."""
    event = body["event"]
    before = event.get("previous_message") or {}
    now = event.get("message") or {}
    thread, person = before.get("thread_ts"), before.get("user")
    if thread is None or thread == before.get("ts") or person is None or before.get("bot_id"):
        return
    if before.get("subtype") not in SUBTYPES or now.get("text") == before.get("text"):
        return  # what is not read when it is written; a link was unfurled, a file was added
    message = await _card(desk, body, before.get("parent_user_id"), event["channel"], thread)
    brief = await desk.store.brief(message.brief) if message else None
    if brief is None:
        return
    deleted = event["subtype"] == "message_deleted" or now.get("subtype") == "tombstone"
    text = "" if deleted else words.for_us(now.get("text") or "", _ours(body))
    at = float(event.get("event_ts") or event["ts"])  # finer than message.edited.ts, which has whole seconds
    key = f"event:{body['event_id']}"
    command = Correct(
        brief.id, person, words.plain(text)[:3000], await _read(desk, brief, person, text), before["ts"], at
    )
    try:
        await desk.perform(command, key)
    except Refused as refused:
        await desk.tell(person, str(refused), channel=event["channel"], brief=brief.id, key=key)


async def say(
    desk: Desk,
    brief_id: str,
    person: str,
    text: str,
    *,
    channel: str,
    key: str,
    selected: int | None = None,
    said: str = "",
) -> bool:
    """Read the words and do what they ask for. False when they ask for nothing."""
    brief = await desk.store.brief(brief_id)
    if brief is None:
        return False
    wishes = await _read(desk, brief, person, text, selected)
    reply = Reply(brief.id, person, words.plain(text)[:3000], wishes, said)
    if desk.reader is not None and middling(wishes):
        job = Consult(f"{key}:said", brief.id, waiting.dumped(reply), words.cleaned(text)[:3000])
        return await desk.enqueue(job, channel, key)
    try:
        await desk.perform(reply, key)
    except Refused as refused:
        await desk.tell(person, str(refused), channel=channel, brief=brief.id, key=key)
    return any(w.kind.value != "chatter" for w in wishes)


async def _read(
    desk: Desk, brief: Brief, person: str, text: str, selected: int | None = None
) -> tuple[Wish, ...]:
    """The wishes; where the words are unclear, as this person has explained them before.

    Words put into a form (``selected``) are never "just talking".
    """
    wishes = read(text, n_drafts=len(brief.drafts) or brief.wanted.count, selected=selected)
    if middling(wishes):
        before = await desk.store.learned(person, bare(words.plain(text)))
        if before is not None and not (selected and before.kind is None):
            return recalled(wishes, before.kind)
    return wishes


async def _card(
    desk: Desk, body: dict[str, Any], author: str | None, channel: str, thread: str
) -> Message | None:
    message = await desk.message_at(body, author, channel, thread)
    return message if message is not None and message.slot == "card" else None


def _ours(body: dict[str, Any]) -> frozenset[str]:
    """Our own user ids in this workspace."""
    return frozenset(str(a["user_id"]) for a in body.get("authorizations") or () if a.get("user_id"))
