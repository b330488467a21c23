"""reactions.*: one emoji each, and everybody hears of it."""

from __future__ import annotations

from bot.sandbox.catalogue import EMOJI
from bot.sandbox.errors import SlackError
from bot.sandbox.methods.ground import Answer, Ground
from bot.sandbox.web_api import Arguments, Call, required
from bot.sandbox.workspace import BOT_USER, Message

MOST_REACTIONS, MOST_EMOJI = 23, 50


class Reactions(Ground):
    """reactions.*: one emoji each, and everybody hears of it."""

    def table(self) -> dict[str, Call]:
        """Method name to function."""
        return {
            "reactions.add": lambda a: self.react(a, BOT_USER),
            "reactions.get": lambda a: {"type": "message", "message": self.message(a, "timestamp")},
            "reactions.remove": lambda a: self.unreact(a, BOT_USER),
        }

    def react(self, a: Arguments, user: str) -> Answer:
        message, name = self._reactable(a, user)
        reactions = message.setdefault("reactions", [])
        entry = next((r for r in reactions if r["name"] == name), None)
        if entry and user in entry["users"]:
            raise SlackError("already_reacted")
        if entry is None and len(reactions) >= MOST_EMOJI:
            raise SlackError("too_many_emoji")
        if sum(user in r["users"] for r in reactions) >= MOST_REACTIONS:
            raise SlackError("too_many_reactions")
        if entry is None:
            entry = {"name": name, "users": [], "count": 0}
            reactions.append(entry)
        entry["users"].append(user)
        entry["count"] = len(entry["users"])
        self._reacted("reaction_added", message, a["channel"], name, user)
        return {}

    def unreact(self, a: Arguments, user: str) -> Answer:
        message, name = self._reactable(a, user)
        entry = next(
            (r for r in message.get("reactions", []) if r["name"] == name and user in r["users"]), None
        )
        if entry is None:
            raise SlackError("no_reaction")
        entry["users"].remove(user)
        entry["count"] = len(entry["users"])
        if not entry["users"]:
            message["reactions"].remove(entry)
        self._reacted("reaction_removed", message, a["channel"], name, user)
        return {}

    def _reactable(self, a: Arguments, user: str) -> tuple[Message, str]:
        required(a, "channel", "timestamp", "name")
        name = str(a["name"]).strip(":")
        if name.split("::")[0] not in EMOJI:
            raise SlackError("invalid_name")
        channel = self.channel(a)
        if channel.is_archived:
            raise SlackError("is_archived")
        if user == BOT_USER:
            self.member(channel)
        return self.message(a, "timestamp"), name

    def _reacted(self, kind: str, message: Message, channel: str, name: str, user: str) -> None:
        self.workspace.changed()
        item = {"type": "message", "channel": channel, "ts": message["ts"]}
        event = {
            "user": user,
            "reaction": name,
            "item": item,
            "item_user": message["user"],
            "event_ts": self.workspace.ts(),
        }
        self.event(kind, event, channel)
