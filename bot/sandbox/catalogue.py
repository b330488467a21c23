"""The Web API methods the sandbox knows: bot scopes (any one is enough) and tier (calls a minute).

Facts of Slack's public documentation, as of 2026. ``special`` has a rule of its own in ``limits``.
"""

from __future__ import annotations

from dataclasses import dataclass

PER_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100}
_HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")
_READ = ("channels:read", "groups:read", "im:read", "mpim:read")


@dataclass(frozen=True)
class Method:
    """``scopes`` empty: none needed. ``tier`` 0: its own rule or none."""

    scopes: tuple[str, ...] = ()
    tier: int = 0
    app_token: bool = False


METHODS = {
    "api.test": Method(tier=4),
    "apps.connections.open": Method(tier=3, app_token=True),
    "assistant.threads.setStatus": Method(("chat:write",)),
    "auth.test": Method(),
    "bots.info": Method(("users:read",), 3),
    "chat.delete": Method(("chat:write",), 3),
    "chat.getPermalink": Method(),
    "chat.postEphemeral": Method(("chat:write",), 4),
    "chat.postMessage": Method(("chat:write",)),
    "chat.update": Method(("chat:write",), 3),
    "conversations.history": Method(_HISTORY, 3),
    "conversations.info": Method(_READ, 3),
    "conversations.list": Method(_READ, 2),
    "conversations.members": Method(_READ, 4),
    "conversations.open": Method(("im:write", "channels:manage", "groups:write", "mpim:write"), 3),
    "conversations.replies": Method(_HISTORY, 3),
    "emoji.list": Method(("emoji:read",), 2),
    "files.completeUploadExternal": Method(("files:write",), 4),
    "files.getUploadURLExternal": Method(("files:write",), 4),
    "files.info": Method(("files:read",), 4),
    "reactions.add": Method(("reactions:write",), 3),
    "reactions.get": Method(("reactions:read",), 3),
    "reactions.remove": Method(("reactions:write",), 2),
    "team.info": Method(("team:read",), 3),
    "users.info": Method(("users:read",), 4),
    "users.list": Method(("users:read",), 2),
    "views.open": Method((), 4),
    "views.publish": Method((), 4),
    "views.push": Method((), 4),
    "views.update": Method((), 4),
}
NO_JSON_METHODS = """
    bots.info chat.getPermalink conversations.history conversations.info conversations.list conversations.members
    conversations.replies emoji.list files.completeUploadExternal files.getUploadURLExternal files.info
    reactions.get team.info users.info users.list
"""
NO_JSON = frozenset(NO_JSON_METHODS.split())
"""Methods that take no JSON body: arguments in it are not seen."""
EVENT_SCOPES = {
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "reaction_added": ("reactions:read",),
    "reaction_removed": ("reactions:read",),
    "app_home_opened": (),
    "app_mention": ("app_mentions:read",),
    "member_joined_channel": ("channels:read", "groups:read"),
    "file_shared": ("files:read",),
}
EMOJI = {
    "one": "1️⃣", "two": "2️⃣", "three": "3️⃣", "four": "4️⃣", "five": "5️⃣", "six": "6️⃣", "seven": "7️⃣", "eight": "8️⃣",
    "nine": "9️⃣", "keycap_ten": "🔟", "white_check_mark": "✅", "heavy_check_mark": "✔️", "repeat": "🔁",
    "arrows_counterclockwise": "🔄", "double_vertical_bar": "⏸️", "+1": "👍", "-1": "👎", "heart": "❤️",
    "fire": "🔥", "eyes": "👀", "tada": "🎉", "joy": "😂", "thinking_face": "🤔", "raised_hands": "🙌", "x": "❌",
    "taco": "🌮", "clap": "👏", "100": "💯", "smile": "😄", "wave": "👋", "pray": "🙏", "rocket": "🚀",
    "ok_hand": "👌", "sparkles": "✨", "sob": "😭",
    "coffee": "☕",
    "warning": "⚠️", "zap": "⚡",
}  # fmt: skip
