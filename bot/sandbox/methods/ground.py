"""What every method stands on: the workspace, its rules of membership and scope, and who hears of a change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.delivery import Delivery
from bot.sandbox.errors import SlackError
from bot.sandbox.triggers import Triggers
from bot.sandbox.web_api import Arguments, Call, required
from bot.sandbox.workspace import BOT_USER, Channel, Message, Workspace

Answer = dict[str, Any]
LAST_PAGE: Answer = {"response_metadata": {"next_cursor": ""}}


@dataclass
class Ground:
    """``event`` tells the app; ``address`` gives the server's own; ``file_delay`` is in seconds."""

    workspace: Workspace
    delivery: Delivery
    triggers: Triggers
    event: Callable[[str, dict[str, Any], str], None]
    scopes: frozenset[str]
    address: Callable[[], str]
    file_delay: float

    def table(self) -> dict[str, Call]:
        """Method name to function."""
        return {}

    def channel(self, a: Arguments) -> Channel:
        """The channel an argument names. Raises channel_not_found."""
        required(a, "channel")
        if a["channel"] in self.workspace.users:
            raise SlackError("channel_not_found")
        return self.workspace.channel(str(a["channel"]))

    def may(self, channel: Channel, what: str) -> None:
        """The scope that fits the kind of conversation; another kind's is not enough."""
        kind = "im" if channel.is_im else "groups" if channel.is_private else "channels"
        if f"{kind}:{what}" not in self.scopes:
            raise SlackError("missing_scope", needed=f"{kind}:{what}", provided=",".join(sorted(self.scopes)))

    def member(self, channel: Channel) -> None:
        """Raises not_in_channel."""
        if BOT_USER not in channel.members:
            raise SlackError("not_in_channel")

    def postable(self, id_: str) -> Channel:
        """A channel the app may post into."""
        channel = self.workspace.channel(id_)
        self.member(channel)
        if channel.is_archived:
            raise SlackError("is_archived")
        return channel

    def message(self, a: Arguments, key: str) -> Message:
        """The message an argument names."""
        required(a, "channel", key)
        return self.workspace.message(str(a["channel"]), str(a[key]))

    def said(self, channel: Channel, message: Message) -> None:
        """Tell the app of a message, as Slack does of its own posts too."""
        kind = "im" if channel.is_im else "group" if channel.is_private else "channel"
        event = {**message, "channel": channel.id, "channel_type": kind, "event_ts": message["ts"]}
        self.event(
            {"im": "message.im", "group": "message.groups"}.get(kind, "message.channels"), event, channel.id
        )

    def file_ready(self, id_: str) -> bool:
        """Has Slack processed the upload?"""
        file = self.workspace.files.get(id_)
        return file is not None and file.complete and self.workspace.clock.now() >= file.ready_at
