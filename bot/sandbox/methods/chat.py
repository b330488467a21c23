"""chat.*: posting, changing, deleting, whispering."""

from __future__ import annotations

from typing import Any

from bot.sandbox import checks
from bot.sandbox.errors import SlackError
from bot.sandbox.methods.ground import Answer, Ground
from bot.sandbox.web_api import Arguments, Call, required, truth
from bot.sandbox.workspace import APP, BOT_ID, BOT_USER, Message


class Chat(Ground):
    """chat.*: posting, changing, deleting, whispering."""

    def table(self) -> dict[str, Call]:
        """Method name to function."""
        return {
            "chat.delete": self.delete,
            "chat.getPermalink": self.permalink,
            "chat.postEphemeral": self.post_ephemeral,
            "chat.postMessage": self.post_message,
            "chat.update": self.update,
        }

    def post_message(self, a: Arguments) -> Answer:
        required(a, "channel")
        if a.get("attachments") or truth(a.get("reply_broadcast", False)):
            raise SlackError(
                "invalid_arguments"
            )  # the sandbox does neither, and says so rather than drop them
        if a["channel"] in self.workspace.users:
            a["channel"] = self.workspace.direct(a["channel"]).id
        channel = self.postable(a["channel"])
        message = self._content(a)
        if thread := a.get("thread_ts"):
            message["thread_ts"] = self.workspace.message(channel.id, str(thread))["ts"]
        if "metadata" in a:
            message["metadata"] = checks.metadata(a["metadata"])
        message |= {"user": BOT_USER, "bot_id": BOT_ID, "app_id": APP}
        added = self.workspace.add(channel.id, message)
        self._share(channel.id, added)
        self.said(channel, added)
        return {"channel": channel.id, "ts": added["ts"], "message": added}

    def update(self, a: Arguments) -> Answer:
        required(a, "channel", "ts")
        channel = self.postable(a["channel"])
        message = self.workspace.message(channel.id, str(a["ts"]))
        if message.get("bot_id") != BOT_ID:
            raise SlackError("cant_update_message")
        if len(str(a.get("text") or "")) > 4000:
            raise SlackError("msg_too_long")
        before = dict(message)
        content = self._content(a)
        if "blocks" not in a:
            content.pop("blocks")  # blocks that are not mentioned stay
        message |= content
        if "metadata" in a:
            message["metadata"] = checks.metadata(a["metadata"])
        message["edited"] = {"user": BOT_USER, "ts": self.workspace.ts()}
        self._share(channel.id, message)
        self.workspace.changed()
        changed = {
            "subtype": "message_changed",
            "message": dict(message),
            "previous_message": before,
            "hidden": True,
        }
        self.said(channel, {**changed, "ts": self.workspace.ts()})
        return {"channel": channel.id, "ts": message["ts"], "text": message["text"], "message": message}

    def delete(self, a: Arguments) -> Answer:
        required(a, "channel", "ts")
        channel = self.channel(a)
        message = self.workspace.message(channel.id, str(a["ts"]))
        if message.get("bot_id") != BOT_ID:
            raise SlackError("cant_delete_message")
        self.workspace.remove(channel.id, message)
        gone = {
            "subtype": "message_deleted",
            "deleted_ts": message["ts"],
            "previous_message": message,
            "hidden": True,
        }
        self.said(channel, {**gone, "ts": self.workspace.ts()})
        return {"channel": channel.id, "ts": message["ts"]}

    def post_ephemeral(self, a: Arguments) -> Answer:
        required(a, "channel", "user")
        channel = self.postable(a["channel"])
        if a["user"] not in channel.members:
            raise SlackError("user_not_in_channel")
        content = self._content(a)
        thread = str(a["thread_ts"]) if a.get("thread_ts") else None
        if thread is not None:
            self.workspace.thread(channel.id, thread)
        ts = self.workspace.whisper(channel.id, a["user"], content["text"], content["blocks"], thread)
        return {"message_ts": ts}

    def permalink(self, a: Arguments) -> Answer:
        required(a, "channel", "message_ts")
        channel = self.channel(a)
        message = self.workspace.message(channel.id, str(a["message_ts"]))
        link = f"{self.address()}/archives/{channel.id}/p{message['ts'].replace('.', '')}"
        return {"channel": channel.id, "permalink": link}

    def _content(self, a: Arguments) -> dict[str, Any]:
        if a.get("markdown_text") and (a.get("text") or a.get("blocks")):
            raise SlackError("markdown_text_conflict")
        blocks = checks.message(a.get("blocks"), self.file_ready)
        text = str(a.get("text") or a.get("markdown_text") or "")
        if not text and not blocks and not a.get("attachments"):
            raise SlackError("no_text")
        return {"text": text[:40_000], "blocks": blocks}

    def _share(self, channel: str, message: Message) -> None:
        for block in message.get("blocks") or []:
            file = self.workspace.files.get((block.get("slack_file") or {}).get("id", ""))
            if file and (channel, message["ts"]) not in file.shares:
                file.shares.append((channel, message["ts"]))
