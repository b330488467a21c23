"""The Web API methods, each as strict as Slack documents it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from bot.sandbox import checks
from bot.sandbox.catalogue import EMOJI
from bot.sandbox.delivery import Delivery
from bot.sandbox.errors import SlackError
from bot.sandbox.triggers import Triggers
from bot.sandbox.web_api import Arguments, Call, required, truth
from bot.sandbox.workspace import APP, BOT_ID, BOT_USER, TEAM, Channel, File, Message, View, Workspace

Answer = dict[str, Any]
MOST_REACTIONS, MOST_EMOJI = 23, 50
LAST_PAGE: Answer = {"response_metadata": {"next_cursor": ""}}


class Methods:
    """All methods of one workspace. ``address`` gives the server's own address."""

    def __init__(
        self,
        workspace: Workspace,
        delivery: Delivery,
        triggers: Triggers,
        *,
        events: Callable[[str, dict[str, Any], str], None],
        scopes: frozenset[str],
        address: Callable[[], str],
        file_delay: float,
    ) -> None:
        self.workspace, self.delivery, self.triggers = workspace, delivery, triggers
        self._event, self._address, self._delay, self._scopes = events, address, file_delay, scopes

    def table(self) -> dict[str, Call]:
        """Method name to function."""
        return {
            "api.test": lambda a: {"args": a},
            "apps.connections.open": self.connections_open,
            "auth.test": lambda a: {
                "url": self._address() + "/", "team": "Sandbox", "user": self.workspace.users[BOT_USER].name,
                "team_id": TEAM, "user_id": BOT_USER, "bot_id": BOT_ID, "is_enterprise_install": False,
            },
            "assistant.threads.setStatus": lambda a: {},
            "bots.info": lambda a: {"bot": {"id": BOT_ID, "app_id": APP, "user_id": BOT_USER, "name": "app"}},
            "chat.delete": self.delete,
            "chat.getPermalink": self.permalink,
            "chat.postEphemeral": self.post_ephemeral,
            "chat.postMessage": self.post_message,
            "chat.update": self.update,
            "conversations.history": self.history,
            "conversations.info": lambda a: {"channel": _channel(self._channel(a))},
            "conversations.list": lambda a: {
                "channels": [_channel(c) for c in self.workspace.channels.values() if not c.is_im],
                **LAST_PAGE,
            },
            "conversations.members": lambda a: {"members": self._channel(a).members, **LAST_PAGE},
            "conversations.open": self.conversations_open,
            "conversations.replies": self.replies,
            "emoji.list": lambda a: {"emoji": {}},
            "files.completeUploadExternal": self.complete_upload,
            "files.getUploadURLExternal": self.upload_url,
            "files.info": self.file_info,
            "reactions.add": lambda a: self.react(a, BOT_USER),
            "reactions.get": lambda a: {"type": "message", "message": self._message(a, "timestamp")},
            "reactions.remove": lambda a: self.unreact(a, BOT_USER),
            "team.info": lambda a: {"team": {"id": TEAM, "name": "Sandbox", "domain": "sandbox"}},
            "users.info": self.user_info,
            "users.list": lambda a: {"members": [_user(u) for u in self.workspace.users.values()], **LAST_PAGE},
            "views.open": self.views_open,
            "views.publish": self.views_publish,
            "views.push": self.views_push,
            "views.update": self.views_update,
        }  # fmt: skip

    # -- chat -----------------------------------------------------------------------------------------------

    def post_message(self, a: Arguments) -> Answer:
        required(a, "channel")
        if a.get("attachments") or truth(a.get("reply_broadcast", False)):
            raise SlackError(
                "invalid_arguments"
            )  # the sandbox does neither, and says so rather than drop them
        if a["channel"] in self.workspace.users:
            a["channel"] = self.workspace.direct(a["channel"]).id
        channel = self._postable(a["channel"])
        message = self._content(a)
        if thread := a.get("thread_ts"):
            message["thread_ts"] = self.workspace.message(channel.id, str(thread))["ts"]
        if "metadata" in a:
            message["metadata"] = checks.metadata(a["metadata"])
        message |= {"user": BOT_USER, "bot_id": BOT_ID, "app_id": APP}
        added = self.workspace.add(channel.id, message)
        self._share(channel.id, added)
        self._said(channel, added)
        return {"channel": channel.id, "ts": added["ts"], "message": added}

    def update(self, a: Arguments) -> Answer:
        required(a, "channel", "ts")
        channel = self._postable(a["channel"])
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
        self._said(channel, {**changed, "ts": self.workspace.ts()})
        return {"channel": channel.id, "ts": message["ts"], "text": message["text"], "message": message}

    def delete(self, a: Arguments) -> Answer:
        required(a, "channel", "ts")
        channel = self._channel(a)
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
        self._said(channel, {**gone, "ts": self.workspace.ts()})
        return {"channel": channel.id, "ts": message["ts"]}

    def post_ephemeral(self, a: Arguments) -> Answer:
        required(a, "channel", "user")
        channel = self._postable(a["channel"])
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
        channel = self._channel(a)
        message = self.workspace.message(channel.id, str(a["message_ts"]))
        link = f"{self._address()}/archives/{channel.id}/p{message['ts'].replace('.', '')}"
        return {"channel": channel.id, "permalink": link}

    def _content(self, a: Arguments) -> dict[str, Any]:
        if a.get("markdown_text") and (a.get("text") or a.get("blocks")):
            raise SlackError("markdown_text_conflict")
        blocks = checks.message(a.get("blocks"), self._file_ready)
        text = str(a.get("text") or a.get("markdown_text") or "")
        if not text and not blocks and not a.get("attachments"):
            raise SlackError("no_text")
        return {"text": text[:40_000], "blocks": blocks}

    def _said(self, channel: Channel, message: Message) -> None:
        kind = "im" if channel.is_im else "group" if channel.is_private else "channel"
        event = {**message, "channel": channel.id, "channel_type": kind, "event_ts": message["ts"]}
        self._event(
            {"im": "message.im", "group": "message.groups"}.get(kind, "message.channels"), event, channel.id
        )

    def _share(self, channel: str, message: Message) -> None:
        for block in message.get("blocks") or []:
            file = self.workspace.files.get((block.get("slack_file") or {}).get("id", ""))
            if file and (channel, message["ts"]) not in file.shares:
                file.shares.append((channel, message["ts"]))

    # -- conversations --------------------------------------------------------------------------------------

    def history(self, a: Arguments) -> Answer:
        channel = self._channel(a)
        self._may(channel, "history")
        self._member(channel)
        roots = [m for m in self.workspace.messages[channel.id] if m.get("thread_ts", m["ts"]) == m["ts"]]
        return self._listing(list(reversed(roots)), a)

    def replies(self, a: Arguments) -> Answer:
        required(a, "channel", "ts")
        channel = self._channel(a)
        self._may(channel, "history")
        self._member(channel)
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

    # -- files ----------------------------------------------------------------------------------------------

    def upload_url(self, a: Arguments) -> Answer:
        required(a, "filename", "length")
        if not str(a["length"]).isdigit() or int(a["length"]) <= 0:
            raise SlackError("invalid_arguments")
        if len(str(a.get("alt_txt") or "")) > 1000:
            raise SlackError("alt_txt_too_large")
        file = File(
            self.workspace.new_id("F"),
            str(a["filename"]),
            int(a["length"]),
            BOT_USER,
            alt=str(a.get("alt_txt") or ""),
        )
        self.workspace.files[file.id] = file
        return {"file_id": file.id, "upload_url": f"{self._address()}/upload/{file.id}"}

    def complete_upload(self, a: Arguments) -> Answer:
        listed = checks.parsed(a.get("files"), "invalid_arguments")
        if not isinstance(listed, list) or not listed:
            raise SlackError("invalid_arguments")
        target = self._postable(str(a["channel_id"])) if a.get("channel_id") else None
        if a.get("channels") or a.get("blocks"):
            raise SlackError("invalid_arguments")  # the sandbox shares into one channel, with words only
        files: list[File] = []
        for one in listed:
            file = self.workspace.files.get(str(one.get("id")))
            if file is None or file.id not in self.workspace.content:
                raise SlackError("file_not_found")
            file.title, file.complete = str(one.get("title") or file.name), True
            file.ready_at = self.workspace.clock.now() + self._delay
            files.append(file)
        if target is not None:
            message: Message = {
                "subtype": "file_share",
                "user": BOT_USER,
                "bot_id": BOT_ID,
                "text": str(a.get("initial_comment") or ""),
                "blocks": [],
            }
            if a.get("thread_ts"):
                message["thread_ts"] = str(a["thread_ts"])
            message["files"] = [self._file(f) for f in files]
            added = self.workspace.add(target.id, message)
            for file in files:
                file.shares.append((target.id, added["ts"]))
            self._said(target, added)
        return {"files": [{"id": f.id, "title": f.title} for f in files]}

    def file_info(self, a: Arguments) -> Answer:
        file = self.workspace.files.get(str(a.get("file")))
        if file is None or not self.workspace.seen_by_app(file):
            raise SlackError("file_not_found")
        return {"file": self._file(file)}

    def _file(self, file: File) -> dict[str, Any]:
        """A file object; what Slack learns by processing it comes late."""
        made: dict[str, Any] = {
            "id": file.id,
            "name": file.name,
            "title": file.title,
            "size": file.size,
            "user": file.user,
        }
        if self._file_ready(file.id) or file.user != BOT_USER:
            kind = mimetype(self.workspace.content.get(file.id, b""), file.name)
            made |= {
                "mimetype": kind,
                "filetype": kind.split("/")[-1],
                "url_private": f"{self._address()}/files/{file.id}",
                "url_private_download": f"{self._address()}/files/{file.id}",
                "shares": {"public": {c: [{"ts": ts}] for c, ts in file.shares}},
            }
        return made

    def _file_ready(self, id_: str) -> bool:
        file = self.workspace.files.get(id_)
        return file is not None and file.complete and self.workspace.clock.now() >= file.ready_at

    # -- reactions ------------------------------------------------------------------------------------------

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
        channel = self._channel(a)
        if channel.is_archived:
            raise SlackError("is_archived")
        if user == BOT_USER:
            self._member(channel)
        return self._message(a, "timestamp"), name

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
        self._event(kind, event, channel)

    # -- views ----------------------------------------------------------------------------------------------

    def views_open(self, a: Arguments) -> Answer:
        required(a, "trigger_id", "view")
        view = self._modal(a)
        user = self.triggers.use(str(a["trigger_id"]))
        for id_ in [v.id for v in self.workspace.views.values() if v.user == user]:
            self.workspace.views.pop(id_)
        return {"view": self._opened(user, view, None)}

    def views_push(self, a: Arguments) -> Answer:
        required(a, "trigger_id", "view")
        view = self._modal(a)
        user = self.triggers.use(str(a["trigger_id"]))
        return {"view": self.push(user, view)}

    def push(self, user: str, view: dict[str, Any]) -> dict[str, Any]:
        """One more view over the one that is open; three at most."""
        stack = [v for v in self.workspace.views.values() if v.user == user]
        if not stack:
            raise SlackError("not_found")
        if len(stack) >= 3:
            raise SlackError("push_limit_reached")
        return self._opened(user, view, stack[-1].id)

    def views_update(self, a: Arguments) -> Answer:
        required(a, "view")
        open_ = self.workspace.views.get(str(a.get("view_id")))
        if open_ is None:
            raise SlackError("not_found")
        if a.get("hash") and a["hash"] != open_.hash:
            raise SlackError("hash_conflict")
        open_.view = self._modal(a)
        open_.hash, open_.errors = secrets.token_hex(6), {}
        self.workspace.changed()
        return {"view": view_object(open_)}

    def views_publish(self, a: Arguments) -> Answer:
        required(a, "user_id", "view")
        if a["user_id"] not in self.workspace.users:
            raise SlackError("user_not_found")
        view = checks.view(a["view"], self._file_ready)
        if view["type"] != "home":
            raise SlackError("invalid_arguments")
        self.workspace.homes[a["user_id"]] = {"id": "V" + a["user_id"][1:], **view}
        self.workspace.changed()
        return {"view": self.workspace.homes[a["user_id"]]}

    def _modal(self, a: Arguments) -> dict[str, Any]:
        view = checks.view(a["view"], self._file_ready)
        if view["type"] != "modal":
            raise SlackError("invalid_arguments")
        return view

    def _opened(self, user: str, view: dict[str, Any], previous: str | None) -> dict[str, Any]:
        id_ = self.workspace.new_id("V")
        root = self.workspace.views[previous].root if previous else id_
        made = View(id_, user, view, root, previous, secrets.token_hex(6))
        self.workspace.views[id_] = made
        self.workspace.changed()
        return view_object(made)

    # -- the rest -------------------------------------------------------------------------------------------

    def connections_open(self, a: Arguments) -> Answer:
        return {"url": self._address().replace("http", "ws", 1) + f"/link?ticket={self.delivery.ticket()}"}

    def user_info(self, a: Arguments) -> Answer:
        user = self.workspace.users.get(str(a.get("user")))
        if user is None:
            raise SlackError("user_not_found")
        return {"user": _user(user)}

    def _channel(self, a: Arguments) -> Channel:
        required(a, "channel")
        if a["channel"] in self.workspace.users:
            raise SlackError("channel_not_found")
        return self.workspace.channel(str(a["channel"]))

    def _may(self, channel: Channel, what: str) -> None:
        """The scope that fits the kind of conversation; another kind's is not enough."""
        kind = "im" if channel.is_im else "groups" if channel.is_private else "channels"
        if f"{kind}:{what}" not in self._scopes:
            raise SlackError(
                "missing_scope", needed=f"{kind}:{what}", provided=",".join(sorted(self._scopes))
            )

    def _member(self, channel: Channel) -> None:
        if BOT_USER not in channel.members:
            raise SlackError("not_in_channel")

    def _postable(self, id_: str) -> Channel:
        channel = self.workspace.channel(id_)
        self._member(channel)
        if channel.is_archived:
            raise SlackError("is_archived")
        return channel

    def _message(self, a: Arguments, key: str) -> Message:
        required(a, "channel", key)
        return self.workspace.message(str(a["channel"]), str(a[key]))


def view_object(open_: View) -> dict[str, Any]:
    """A view as Slack hands it to the app."""
    return {
        **open_.view,
        "id": open_.id,
        "team_id": TEAM,
        "app_id": APP,
        "bot_id": BOT_ID,
        "hash": open_.hash,
        "root_view_id": open_.root,
        "previous_view_id": open_.previous,
        "private_metadata": open_.view.get("private_metadata", ""),
        "callback_id": open_.view.get("callback_id", ""),
        "state": {"values": open_.values},
    }


def mimetype(data: bytes, name: str) -> str:
    """Told from the first bytes, as Slack does, else from the name."""
    for start, kind in (
        (b"\x89PNG", "image/png"),
        (b"\xff\xd8", "image/jpeg"),
        (b"GIF8", "image/gif"),
        (b"RIFF", "image/webp"),
    ):
        if data.startswith(start):
            return kind
    return "image/png" if name.endswith(".png") else "text/plain"


def _channel(c: Channel) -> dict[str, Any]:
    return {
        "id": c.id, "name": c.name, "is_channel": not c.is_im, "is_im": c.is_im, "is_archived": c.is_archived,
        "is_member": BOT_USER in c.members, "is_private": c.is_private, "topic": {"value": c.topic},
    }  # fmt: skip


def _user(u: Any) -> dict[str, Any]:
    return {
        "id": u.id, "team_id": TEAM, "name": u.name, "real_name": u.real_name, "tz": u.tz, "is_bot": u.is_bot,
        "deleted": False, "profile": {"real_name": u.real_name, "display_name": u.name, "title": u.title},
    }  # fmt: skip
