"""What a workspace holds: people, channels, messages, files, open views."""

from __future__ import annotations

import asyncio
import json
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bot.sandbox.clock import Clock
from bot.sandbox.errors import SlackError

Message = dict[str, Any]


@dataclass
class User:
    """A person, or the app's own bot user."""

    id: str
    name: str
    real_name: str
    title: str
    tz: str = "UTC"
    is_admin: bool = False
    is_bot: bool = False
    colour: str = "#4a5568"


@dataclass
class Channel:
    """A channel (C...) or a direct message (D...)."""

    id: str
    name: str
    members: list[str]
    is_im: bool = False
    is_private: bool = False
    is_archived: bool = False
    topic: str = ""


@dataclass
class File:
    """An uploaded file. ``ready_at``: when Slack has processed it (the clock's seconds)."""

    id: str
    name: str
    size: int
    user: str
    mimetype: str = ""
    alt: str = ""
    title: str = ""
    complete: bool = False
    granted: bool = False
    ready_at: float = 0.0
    shares: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class View:
    """An open modal, or somebody's App Home."""

    id: str
    user: str
    view: dict[str, Any]
    root: str
    previous: str | None = None
    hash: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)


PEOPLE = (
    User("U000000MIA", "mia", "Mia Sato", "Marketing", "Europe/Berlin", colour="#b4446c"),
    User("U000000SAM", "sam", "Sam Okafor", "Stakeholder", "Europe/London", colour="#2b6cb0"),
    User("U00000NOOR", "noor", "Noor Haddad", "Stakeholder", "Asia/Dubai", colour="#2f855a"),
    User("U000000LEA", "lea", "Lea Brandt", "Approver", "America/New_York", colour="#b7791f"),
    User("U000000TOM", "tom", "Tom Reyes", "Lead", "America/Los_Angeles", colour="#6b46c1", is_admin=True),
)
TEAM, APP, BOT_USER, BOT_ID = "T0SANDBOX", "A0SANDBOX", "U00000000B", "B00000000B"


class Workspace:
    """The state, and a bell that rings on every change."""

    def __init__(self, clock: Clock, app_name: str = "App", people: tuple[User, ...] = PEOPLE) -> None:
        self.clock = clock
        bot = User(BOT_USER, app_name.lower(), app_name, "App", is_bot=True, colour="#17181c")
        self.users = {u.id: User(**asdict(u)) for u in (*people, bot)}
        humans = [u.id for u in people]
        self.channels = {
            "C0CAMPAIGN": Channel("C0CAMPAIGN", "campaigns", [*humans, BOT_USER], topic="Briefs and drafts"),
            "C000LEADS0": Channel("C000LEADS0", "leads", [*humans, BOT_USER], topic="The week in figures"),
            "C000SECRET": Channel(
                "C000SECRET", "launch-secret", [*humans, BOT_USER], is_private=True, topic="A private channel"
            ),
            "C00RANDOM0": Channel("C00RANDOM0", "random", list(humans), topic="Lunch, mostly"),
        }
        self.messages: dict[str, list[Message]] = {c: [] for c in self.channels}
        self.ephemerals: dict[str, list[Message]] = {}
        self.files: dict[str, File] = {}
        self.content: dict[str, bytes] = {}
        self.views: dict[str, View] = {}
        self.homes: dict[str, dict[str, Any]] = {}
        self.revision = 0
        self._last_ts = 0
        self._bell = asyncio.Condition()
        self._tasks: set[asyncio.Task[None]] = set()

    def ts(self) -> str:
        """A message's time and name: unique, growing."""
        now = max(int(self.clock.now() * 1_000_000), self._last_ts + 1)
        self._last_ts = now
        return f"{now // 1_000_000}.{now % 1_000_000:06d}"

    def new_id(self, letter: str) -> str:
        """An id like Slack's."""
        return letter + "".join(secrets.choice("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789") for _ in range(10))

    def changed(self) -> None:
        """Ring the bell."""
        self.revision += 1

        async def ring() -> None:
            async with self._bell:
                self._bell.notify_all()

        task = asyncio.get_running_loop().create_task(ring())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def wait(self, revision: int, at_most: float = 20.0) -> int:
        """Until the revision is past ``revision``, or the time is up."""
        async with self._bell:
            try:
                # A page that was open before a restart knows a higher number: tell it at once.
                await asyncio.wait_for(self._bell.wait_for(lambda: self.revision != revision), at_most)
            except TimeoutError:
                return self.revision
        return self.revision

    def channel(self, id_: str) -> Channel:
        """The channel, a person's DM for a user id. Raises channel_not_found."""
        if id_ in self.users:
            return self.direct(id_)
        if id_ not in self.channels:
            raise SlackError("channel_not_found")
        return self.channels[id_]

    def direct(self, user: str) -> Channel:
        """The bot's direct message channel with somebody."""
        id_ = "D" + user[1:]
        if id_ not in self.channels:
            self.channels[id_] = Channel(id_, self.users[user].name, [user, BOT_USER], is_im=True)
            self.messages[id_] = []
        return self.channels[id_]

    def message(self, channel: str, ts: str) -> Message:
        """One message. Raises message_not_found."""
        found = next((m for m in self.messages.get(channel, ()) if m["ts"] == ts), None)
        if found is None:
            raise SlackError("message_not_found")
        return found

    def thread(self, channel: str, ts: str) -> list[Message]:
        """A root and its replies. Raises thread_not_found."""
        found = [m for m in self.messages[channel] if m["ts"] == ts or m.get("thread_ts") == ts]
        if not found or found[0]["ts"] != ts:
            raise SlackError("thread_not_found")
        return found

    def add(self, channel: str, message: Message) -> Message:
        """Put a message into a channel; a reply is counted at its root."""
        message = {"type": "message", "team": TEAM, **message, "ts": self.ts()}
        root_ts = message.get("thread_ts")
        if root_ts:
            root = self.message(channel, root_ts)
            if root.get("thread_ts", root_ts) != root_ts:
                raise SlackError("cannot_reply_to_message")
            root.setdefault("thread_ts", root_ts)
            root["reply_count"] = root.get("reply_count", 0) + 1
            root["latest_reply"] = message["ts"]
            root["reply_users"] = list(dict.fromkeys([*root.get("reply_users", []), message["user"]]))
            message["parent_user_id"] = root["user"]
        self.messages[channel].append(message)
        self.changed()
        return message

    def remove(self, channel: str, message: Message) -> None:
        """Delete a message; a root with replies stays as a tombstone."""
        if message.get("reply_count"):
            for key in ("blocks", "files", "reactions", "metadata"):
                message.pop(key, None)
            message |= {"subtype": "tombstone", "text": "This message was deleted."}
        else:
            self.messages[channel].remove(message)
        root_ts = message.get("thread_ts")
        if root_ts and root_ts != message["ts"]:
            root = self.message(channel, root_ts)
            root["reply_count"] = max(0, root.get("reply_count", 1) - 1)
        self.changed()

    def seen_by_app(self, file: File) -> bool:
        """May the app see it: its own, shared where it is, or given to it in a form."""
        here = any(BOT_USER in self.channels[c].members for c, _ in file.shares if c in self.channels)
        return file.user == BOT_USER or file.granted or here

    def whisper(
        self, channel: str, user: str, text: str, blocks: Any = None, thread: str | None = None
    ) -> str:
        """Something only one person sees; it is in no history."""
        ts = self.ts()
        self.ephemerals.setdefault(user, []).append(
            {
                "ts": ts,
                "channel": channel,
                "thread_ts": thread,
                "text": text,
                "blocks": blocks or [],
                "user": BOT_USER,
            }
        )
        self.changed()
        return ts

    def save(self, path: Path) -> None:
        """Keep the workspace in a folder, so that a demo can be stopped and gone on with."""
        path.mkdir(parents=True, exist_ok=True)
        for id_, data in self.content.items():
            if not (path / id_).exists():
                (path / id_).write_bytes(data)
        state = {
            "channels": [asdict(c) for c in self.channels.values()],
            "messages": self.messages,
            "ephemerals": self.ephemerals,
            "files": [asdict(f) for f in self.files.values()],
            "homes": self.homes,
        }
        fresh = path / "workspace.json.new"
        fresh.write_text(json.dumps(state), "utf-8")
        fresh.replace(path / "workspace.json")

    def load(self, path: Path) -> None:
        """Go on with a kept workspace; nothing when there is none."""
        if not (path / "workspace.json").exists():
            return
        state = json.loads((path / "workspace.json").read_text("utf-8"))
        self.channels = {c["id"]: Channel(**c) for c in state["channels"]}
        self.messages, self.ephemerals = state["messages"], state["ephemerals"]
        self.files = {f["id"]: File(**f) for f in state["files"]}
        self.homes = state["homes"]
        self.content = {id_: (path / id_).read_bytes() for id_ in self.files if (path / id_).exists()}
