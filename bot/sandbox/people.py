"""What people do in the workspace, and what the app hears of it."""

from __future__ import annotations

import re
import secrets
from typing import Any

from bot.sandbox import checks
from bot.sandbox.catalogue import EMOJI, EVENT_SCOPES
from bot.sandbox.delivery import Ack, Delivery
from bot.sandbox.errors import SlackError
from bot.sandbox.methods.files import mimetype
from bot.sandbox.methods.reactions import Reactions
from bot.sandbox.methods.views import Views, view_object
from bot.sandbox.triggers import Triggers
from bot.sandbox.workspace import APP, BOT_ID, BOT_USER, TEAM, File, Message, View, Workspace

Manifest = dict[str, Any]
_AUTHORIZATION = {
    "team_id": TEAM,
    "user_id": BOT_USER,
    "is_bot": True,
    "enterprise_id": None,
    "is_enterprise_install": False,
}
_LINK = re.compile(r"https?://[^\s<>]+")
_NAMES = {sign: name for name, sign in EMOJI.items()}
_MENTION = re.compile(r"(?<![\w<])@(\w+)")


class People:
    """Typing, reacting, clicking. ``manifest`` says which commands, shortcuts and events the app has."""

    def __init__(
        self,
        workspace: Workspace,
        delivery: Delivery,
        triggers: Triggers,
        manifest: Manifest,
        scopes: frozenset[str],
    ) -> None:
        self.workspace, self.delivery, self.triggers = workspace, delivery, triggers
        features = manifest.get("features") or {}
        listed = "commands" in scopes  # without that scope an app has neither commands nor shortcuts
        self.commands = {c["command"]: c for c in features.get("slash_commands") or [] if listed}
        self.shortcuts = {s["callback_id"]: s for s in features.get("shortcuts") or [] if listed}
        subscriptions = (manifest.get("settings") or {}).get("event_subscriptions") or {}
        wanted = set(subscriptions.get("bot_events") or [])
        self.events = {e for e in wanted if not EVENT_SCOPES.get(e) or scopes & set(EVENT_SCOPES[e])}
        self.reactions: Reactions
        self.modals: Views
        self.address = ""

    # -- words ----------------------------------------------------------------------------------------------

    async def say(
        self, user: str, channel: str, text: str, *, thread: str | None = None, files: tuple[str, ...] = ()
    ) -> Message | None:
        """A message, or a slash command when it starts with one."""
        head = text.split(maxsplit=1)[0] if text.split() else ""
        if head in (*self.commands, "/invite", "/remove") and (thread or files):
            why = "in a thread" if thread else "with a file"
            self.workspace.whisper(
                channel, user, f"{head} cannot be sent {why}. Send it alone in the channel.", thread=thread
            )
            return None
        if head.startswith("/") and not thread and not files:
            await self.command(user, channel, head, text[len(head) :].strip())
            return None
        message: Message = {
            "user": user,
            "text": self._with_mentions(_as_sent(text), named=False),
            "client_msg_id": secrets.token_hex(16),
            "blocks": [{"type": "rich_text", "block_id": "r", "elements": []}],
        }
        if thread:
            message["thread_ts"] = thread
        if files:
            message |= {"subtype": "file_share", "files": [self._shared(f) for f in files], "upload": True}
        added = self.workspace.add(channel, message)
        for file in files:
            self.workspace.files[file].shares.append((channel, added["ts"]))
        self._message_event(channel, added)
        return added

    async def command(self, user: str, channel: str, name: str, text: str) -> Ack:
        """A slash command; what the app answers at once is for this person only."""
        if name in ("/invite", "/remove"):
            return self._membership(user, channel, joining=name == "/invite")
        if name not in self.commands:
            known = ", ".join(sorted(self.commands))
            self.workspace.whisper(channel, user, f"`{name}` is not a command here. There are: {known}.")
            return Ack(False, reason="unknown command")
        escaping = self.commands[name].get("should_escape", False)
        payload = {
            "token": "sandbox", "team_id": TEAM, "team_domain": "sandbox", "channel_id": channel,
            "channel_name": self._channel_name(channel), "user_id": user,
            "user_name": self.workspace.users[user].name, "command": name,
            "text": self._with_mentions(_escaped(text), named=True) if escaping else text,
            "api_app_id": APP, "is_enterprise_install": "false",
            "response_url": self._response_url(channel, user), "trigger_id": self.triggers.trigger(user),
        }  # fmt: skip
        ack = await self.delivery.send("slash_commands", payload)
        if not ack.ok:
            why = "operation_timeout" if "timeout" in ack.reason else "dispatch_failed"
            self.workspace.whisper(channel, user, f"{name} failed with the error “{why}”")
        else:
            self._said_back(ack.payload, channel, user, None)
        return ack

    def _membership(self, user: str, channel: str, *, joining: bool) -> Ack:
        members = self.workspace.channels[channel].members
        if joining and BOT_USER not in members:
            members.append(BOT_USER)
        elif not joining and BOT_USER in members:
            members.remove(BOT_USER)
        app = self.workspace.users[BOT_USER].real_name
        self.workspace.whisper(
            channel, user, f"{app} is {'now' if joining else 'no longer'} in this channel."
        )
        return Ack(True)

    def edit(self, user: str, channel: str, ts: str, text: str) -> None:
        """A person edits their message."""
        message = self._own(user, channel, ts)
        before = dict(message)
        message |= {
            "text": self._with_mentions(_as_sent(text), named=False),
            "edited": {"user": user, "ts": self.workspace.ts()},
        }
        self.workspace.changed()
        self._message_event(
            channel,
            {
                "subtype": "message_changed",
                "message": dict(message),
                "previous_message": before,
                "ts": self.workspace.ts(),
                "hidden": True,
            },
        )

    def delete(self, user: str, channel: str, ts: str) -> None:
        """A person deletes their message."""
        message = self._own(user, channel, ts)
        self.workspace.remove(channel, message)
        self._message_event(
            channel,
            {
                "subtype": "message_deleted",
                "deleted_ts": ts,
                "previous_message": message,
                "ts": self.workspace.ts(),
                "hidden": True,
            },
        )

    def upload(self, user: str, name: str, data: bytes) -> File:
        """A person's upload, not yet shared."""
        file = File(self.workspace.new_id("F"), name, len(data), user, title=name, complete=True)
        self.workspace.files[file.id], self.workspace.content[file.id] = file, data
        return file

    # -- emoji ----------------------------------------------------------------------------------------------

    def react(self, user: str, channel: str, ts: str, name: str) -> None:
        """Put an emoji, or take it back."""
        where = {"channel": channel, "timestamp": ts, "name": name}
        try:
            self.reactions.react(where, user)
        except SlackError as error:
            if error.code != "already_reacted":
                raise
            self.reactions.unreact(where, user)

    # -- buttons, forms, shortcuts --------------------------------------------------------------------------

    async def click(
        self,
        user: str,
        action: dict[str, Any],
        *,
        values: dict[str, Any] | None = None,
        channel: str | None = None,
        ts: str | None = None,
        view: str | None = None,
    ) -> Ack:
        """A button or menu in a message, a modal or App Home."""
        payload: dict[str, Any] = {
            **self._interaction("block_actions", user),
            "actions": [{**action, "action_ts": self.workspace.ts()}],
        }
        if view == "home":
            home = self.workspace.homes[user]
            payload |= {"container": {"type": "view", "view_id": home["id"]}, "view": home}
        elif view:
            open_ = self._view(user, view)
            open_.values = values or open_.values
            payload |= {"container": {"type": "view", "view_id": view}, "view": view_object(open_)}
        elif channel and ts:
            whispered = next((m for m in self.workspace.ephemerals.get(user, []) if m["ts"] == ts), None)
            message = whispered or self.workspace.message(channel, ts)
            container: dict[str, Any] = {
                "type": "message",
                "message_ts": ts,
                "channel_id": channel,
                "is_ephemeral": bool(whispered),
            }
            if message.get("thread_ts"):
                container["thread_ts"] = message["thread_ts"]
            payload |= {
                "container": container,
                "channel": {"id": channel, "name": self._channel_name(channel)},
                **({} if whispered else {"message": message}),
                "state": {"values": {}},
                "response_url": self._response_url(channel, user, message.get("thread_ts"), ts),
            }
        return await self._interact(payload, user, channel)

    async def submit(self, user: str, view: str, values: dict[str, Any]) -> Ack:
        """Send a form. The app may answer with errors, another view, or close it."""
        open_ = self._view(user, view)
        open_.values = values
        for field in (f for fields in values.values() for f in fields.values()):
            for file in field.get("files") or []:
                self.workspace.files[file["id"]].granted = True
        payload = {
            **self._interaction("view_submission", user),
            "view": view_object(open_),
            "response_urls": [],
        }
        ack = await self._interact(payload, user, None)
        if not ack.ok or not isinstance(ack.payload, dict | None):
            open_.errors = {"": "We had some trouble connecting. Try again?"}
        else:
            self._after_submit(user, open_, ack.payload or {})
        self.workspace.changed()
        return ack

    async def close(self, user: str, view: str) -> None:
        """Close a form."""
        open_ = self._view(user, view)
        self.workspace.views.pop(view)
        self.workspace.changed()
        if open_.view.get("notify_on_close"):
            payload = {
                **self._interaction("view_closed", user),
                "view": view_object(open_),
                "is_cleared": False,
            }
            payload.pop("trigger_id")
            await self._interact(payload, user, None)

    async def shortcut(
        self, user: str, callback: str, channel: str | None = None, ts: str | None = None
    ) -> Ack:
        """A global shortcut, or one on a message."""
        known = self.shortcuts.get(callback)
        if known is None:
            return Ack(False, reason="unknown shortcut")
        if known["type"] == "message":
            message = self.workspace.message(str(channel), str(ts))
            payload = {
                **self._interaction("message_action", user), "callback_id": callback, "message": message,
                "message_ts": message["ts"],
                "channel": {"id": channel, "name": self._channel_name(str(channel))},
                "response_url": self._response_url(str(channel), user),
            }  # fmt: skip
        else:
            payload = {**self._interaction("shortcut", user), "callback_id": callback}
        return await self._interact(payload, user, channel)

    def home(self, user: str, tab: str = "home") -> None:
        """Open the app's Home."""
        event: dict[str, Any] = {
            "user": user,
            "channel": self.workspace.direct(user).id,
            "tab": tab,
            "event_ts": self.workspace.ts(),
        }
        if user in self.workspace.homes:
            event["view"] = self.workspace.homes[user]
        self.emit("app_home_opened", event)

    def respond(self, name: str, body: dict[str, Any]) -> None:
        """The app uses a response_url."""
        where = self.triggers.respond(name)
        if body.get("delete_original") and where.message:
            self._take_away(where.channel, where.user, where.message)
            return
        blocks = checks.message(body.get("blocks"), lambda f: f in self.workspace.files)
        if not blocks and not body.get("text"):
            raise SlackError("no_text", status=400)
        if body.get("replace_original") and where.message:
            self._replaced(
                where.channel, where.user, where.message, {"text": body.get("text", ""), "blocks": blocks}
            )
            return
        if body.get("response_type") == "in_channel":
            message = {"user": BOT_USER, "bot_id": BOT_ID, "text": body.get("text", ""), "blocks": blocks}
            if where.thread:
                message["thread_ts"] = where.thread
            self.workspace.add(where.channel, message)
        else:
            self.workspace.whisper(where.channel, where.user, body.get("text", ""), blocks, where.thread)

    def _take_away(self, channel: str, user: str, ts: str) -> None:
        whispers = self.workspace.ephemerals.get(user, [])
        if any(m["ts"] == ts for m in whispers):
            self.workspace.ephemerals[user] = [m for m in whispers if m["ts"] != ts]
            self.workspace.changed()
        else:
            self.workspace.remove(channel, self.workspace.message(channel, ts))

    def _replaced(self, channel: str, user: str, ts: str, content: dict[str, Any]) -> None:
        whispered = next((m for m in self.workspace.ephemerals.get(user, []) if m["ts"] == ts), None)
        message = whispered or self.workspace.message(channel, ts)
        message |= content
        self.workspace.changed()

    # -- what the app hears ---------------------------------------------------------------------------------

    def emit(self, kind: str, event: dict[str, Any], channel: str | None = None) -> None:
        """An event, when the app subscribed to it, has the scope, and is in the channel it comes from."""
        if kind not in self.events:
            return
        if channel is not None and BOT_USER not in self.workspace.channels[channel].members:
            return
        self.delivery.event(
            {
                "token": "sandbox", "team_id": TEAM, "api_app_id": APP, "type": "event_callback",
                "event_id": "Ev" + secrets.token_hex(5).upper(), "event_time": int(self.workspace.clock.now()),
                "authorizations": [_AUTHORIZATION],
                "is_ext_shared_channel": False,
                "event": {"type": kind.split(".")[0], **event},
            }
        )  # fmt: skip

    def _message_event(self, channel: str, message: Message) -> None:
        self.modals.said(self.workspace.channels[channel], message)

    def _channel_name(self, channel: str) -> str:
        where = self.workspace.channels[channel]
        return "directmessage" if where.is_im else "privategroup" if where.is_private else where.name

    async def _interact(self, payload: dict[str, Any], user: str, channel: str | None) -> Ack:
        ack = await self.delivery.send("interactive", payload)
        if not ack.ok and channel:
            self.workspace.whisper(channel, user, "⚠️ This app did not answer. Try again.")
        return ack

    def _after_submit(self, user: str, open_: View, answer: dict[str, Any]) -> None:
        action = answer.get("response_action")
        ready = self.modals.file_ready
        if action == "errors":
            inputs = {b.get("block_id") for b in open_.view.get("blocks", []) if b.get("type") == "input"}
            known = {k: v for k, v in (answer.get("errors") or {}).items() if k in inputs}
            open_.errors = known or {"": "The app answered with errors for fields this form does not have."}
        elif action == "update":
            open_.view, open_.errors, open_.hash = (
                checks.view(answer["view"], ready),
                {},
                secrets.token_hex(6),
            )
        elif action == "push":
            self.modals.push(user, checks.view(answer["view"], ready))
        elif action == "clear":
            for id_ in [v.id for v in self.workspace.views.values() if v.root == open_.root]:
                self.workspace.views.pop(id_)
        else:
            self.workspace.views.pop(open_.id, None)

    def _said_back(self, payload: Any, channel: str, user: str, thread: str | None) -> None:
        if not isinstance(payload, dict) or not (payload.get("text") or payload.get("blocks")):
            return
        blocks = checks.message(payload.get("blocks"), lambda f: f in self.workspace.files)
        if payload.get("response_type") == "in_channel":
            self.workspace.add(
                channel,
                {"user": BOT_USER, "bot_id": BOT_ID, "text": payload.get("text", ""), "blocks": blocks},
            )
        else:
            self.workspace.whisper(channel, user, payload.get("text", ""), blocks, thread)

    def _interaction(self, kind: str, user: str) -> dict[str, Any]:
        who = self.workspace.users[user]
        return {
            "type": kind, "team": {"id": TEAM, "domain": "sandbox"}, "api_app_id": APP, "token": "sandbox",
            "user": {"id": user, "username": who.name, "name": who.name, "team_id": TEAM},
            "trigger_id": self.triggers.trigger(user), "action_ts": self.workspace.ts(), "is_enterprise_install": False,
            "enterprise": None,
        }  # fmt: skip

    def _response_url(
        self, channel: str, user: str, thread: str | None = None, message: str | None = None
    ) -> str:
        return f"{self.address}/respond/{self.triggers.response(channel, user, thread, message)}"

    def _view(self, user: str, id_: str) -> View:
        open_ = self.workspace.views.get(id_)
        if open_ is None or open_.user != user:
            raise SlackError("view_not_found")
        return open_

    def _own(self, user: str, channel: str, ts: str) -> Message:
        message = self.workspace.message(channel, ts)
        if message["user"] != user:
            raise SlackError("cant_update_message")
        return message

    def _shared(self, file: str) -> dict[str, Any]:
        made = self.workspace.files[file]
        kind = mimetype(self.workspace.content[file], made.name)
        return {
            "id": file, "name": made.name, "title": made.title, "size": made.size, "mimetype": kind, "user": made.user,
            "filetype": kind.split("/")[-1], "url_private": f"{self.address}/files/{file}",
            "url_private_download": f"{self.address}/files/{file}", "mode": "hosted", "file_access": "visible",
        }  # fmt: skip

    def _with_mentions(self, text: str, *, named: bool) -> str:
        by_name = {u.name: u for u in self.workspace.users.values()}

        def mention(m: re.Match[str]) -> str:
            user = by_name.get(m.group(1).lower())
            if user is None:
                return m.group()
            return f"<@{user.id}|{user.name}>" if named else f"<@{user.id}>"

        return _MENTION.sub(mention, text)


def _as_sent(text: str) -> str:
    """A typed message as Slack sends it: signs escaped, links in angle brackets, emoji by name."""
    text = _LINK.sub(lambda m: f"<{m.group()}>", _escaped(text))
    for sign, name in _NAMES.items():
        text = text.replace(sign, f":{name}:")
    return text


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
