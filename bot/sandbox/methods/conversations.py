"""conversations.*: histories, members, direct messages."""

from __future__ import annotations

from typing import Any

from bot.sandbox.errors import SlackError
from bot.sandbox.methods.ground import LAST_PAGE, Answer, Ground
from bot.sandbox.web_api import Arguments, Call, required, truth
from bot.sandbox.workspace import BOT_USER, Channel, Message


class Conversations(Ground):
    """conversations.*: histories, members, direct messages."""

    def table(self) -> dict[str, Call]:
        """Method name to function."""
        return {
            "conversations.history": self.history,
            "conversations.info": lambda a: {"channel": _described(self.channel(a))},
            "conversations.list": lambda a: {
                "channels": [_described(c) for c in self.workspace.channels.values() if not c.is_im],
                **LAST_PAGE,
            },
            "conversations.members": lambda a: {"members": self.channel(a).members, **LAST_PAGE},
            "conversations.open": self.conversations_open,
            "conversations.replies": self.replies,
        }

    def history(self, a: Arguments) -> Answer:
        channel = self.channel(a)
        self.may(channel, "history")
        self.member(channel)
        roots = [m for m in self.workspace.messages[channel.id] if m.get("thread_ts", m["ts"]) == m["ts"]]
        return self._listing(list(reversed(roots)), a)

    def replies(self, a: Arguments) -> Answer:
        required(a, "channel", "ts")
        channel = self.channel(a)
        self.may(channel, "history")
        self.member(channel)
        return self._listing(self.workspace.thread(channel.id, str(a["ts"])), a)

    def conversations_open(self, a: Arguments) -> Answer:
        users = [u for u in str(a.get("users") or "").split(",") if u]
        if len(users) != 1 or users[0] not in self.workspace.users:
            raise SlackError("user_not_found" if users else "invalid_arguments")
        return {"channel": {"id": self.workspace.direct(users[0]).id}}

    def _listing(self, messages: list[Message], a: Arguments) -> Answer:
        limit, start = str(a.get("limit") or 100), str(a.get("cursor") or "0")
        if not limit.isdigit() or not 0 < int(limit) < 1000:
            raise SlackError("invalid_limit")
        if not start.isdigit():
            raise SlackError("invalid_cursor")
        after, before = float(a.get("oldest") or 0), float(a.get("latest") or "inf")
        edge = truth(a.get("inclusive", False))
        messages = [
            m
            for m in messages
            if after < float(m["ts"]) < before or (edge and float(m["ts"]) in (after, before))
        ]
        first, most = int(start), int(limit)
        page = messages[first : first + most]
        if not truth(a.get("include_all_metadata", False)):
            page = [{k: v for k, v in m.items() if k != "metadata"} for m in page]
        more = first + most < len(messages)
        return {
            "messages": page,
            "has_more": more,
            "response_metadata": {"next_cursor": str(first + most) if more else ""},
        }


def _described(c: Channel) -> dict[str, Any]:
    return {
        "id": c.id, "name": c.name, "is_channel": not c.is_im, "is_im": c.is_im, "is_archived": c.is_archived,
        "is_member": BOT_USER in c.members, "is_private": c.is_private, "topic": {"value": c.topic},
    }  # fmt: skip
