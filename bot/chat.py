"""The only caller of Slack's Web API: paced, patient with 429, and never posting twice by itself."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.blocks.kit import Said
from bot.errors import Busy, Declined, Misconfigured, ProofthreadError, Refused
from bot.imaging.picture import MOST_BYTES

PACE = 1.0
"""Seconds between two messages in one channel: Slack's own limit."""
_PATIENCE = 90.0
MOMENT = 0.2
"""Seconds that an answer to Slack may wait for what Slack knows of a person."""
_OPERATOR = {
    "invalid_auth",
    "not_authed",
    "account_inactive",
    "token_revoked",
    "token_expired",
    "missing_scope",
}
_PEOPLE = {
    "not_in_channel": "I am not in that channel. Invite me with `/invite @Proofthread`.",
    "channel_not_found": "I cannot see that channel. Invite me with `/invite @Proofthread`.",
    "is_archived": "That channel is archived, so nothing can be posted there.",
    "restricted_action": "This workspace does not let apps post there.",
    "file_uploads_disabled": "This workspace has switched file uploads off, and drafts are files. Ask an admin.",
    "file_type_not_allowed": "This workspace does not allow files of that kind. Ask an admin.",
    "storage_limit_reached": "This workspace's file storage is full, so drafts cannot be posted.",
}
_TRANSIENT = {"ratelimited", "internal_error", "service_unavailable", "request_timeout", "fatal_error"}


@dataclass(frozen=True, slots=True)
class Upload:
    """A picture for the thread. ``key`` is how the caller tells it from its siblings."""

    key: str
    name: str
    data: bytes
    alt: str


class Unsure(Busy):
    """The line broke during a post: nobody knows whether it got through, so look before posting again."""


class Chat:
    """Slack as the product uses it. One for each process."""

    def __init__(self, token: str, base_url: str, pace: float = PACE) -> None:
        # No retry handlers: the default one posts a second time when the line breaks after the first got through.
        self.client = AsyncWebClient(token=token, base_url=base_url, retry_handlers=[], timeout=20)
        self.token, self._gap = token, pace
        self._next: dict[str, float] = {}
        self._changed: dict[str, float] = {}
        self._open_at: dict[str, float] = {}
        self._people: dict[str, tuple[float, dict[str, Any]]] = {}
        self._looking: set[asyncio.Task[None]] = set()

    async def post(self, channel: str, said: Said, thread: str | None = None) -> str:
        """Post; gives the ts. Raises Unsure when the line broke in mid-call."""
        await self._pace(channel)
        answer = await self._call(
            "chat.postMessage",
            channel=channel,
            text=said.text,
            blocks=list(said.blocks),
            metadata=said.metadata,
            thread_ts=thread,
            unfurl_links=False,
            unfurl_media=False,
        )
        return str(answer["ts"])

    async def rest(self, ts: str) -> None:
        """Wait until a message may be changed again: once a second at most, however fast its state changes."""
        if (wait := self._changed.get(ts, 0.0) + self._gap - time.monotonic()) > 0:
            await asyncio.sleep(wait)

    async def update(self, channel: str, ts: str, said: Said) -> None:
        """Say something else in the same place."""
        self._changed = {t: at for t, at in self._changed.items() if time.monotonic() - at < self._gap}
        self._changed[ts] = time.monotonic()
        await self._call(
            "chat.update",
            channel=channel,
            ts=ts,
            text=said.text[:3900],
            blocks=list(said.blocks),
            metadata=said.metadata,
        )

    async def tell(self, channel: str, person: str, text: str, thread: str | None) -> None:
        """Something for one person's eyes, where they are."""
        await self._call("chat.postEphemeral", channel=channel, user=person, text=text, thread_ts=thread)

    async def opened(self, person: str) -> str:
        """The channel of our direct messages with somebody."""
        return str((await self._call("conversations.open", users=person))["channel"]["id"])

    async def direct(self, person: str, text: str) -> None:
        """A direct message: the way to somebody whose channel does not take us."""
        await self._call("chat.postMessage", channel=await self.opened(person), text=text)

    async def react(self, channel: str, ts: str, name: str) -> None:
        """Add our emoji; fine when it is there already."""
        await self._call("reactions.add", fine=("already_reacted",), channel=channel, timestamp=ts, name=name)

    async def find(self, channel: str, thread: str | None, said: Said) -> str | None:
        """The ts of a message of ours with the same metadata, None when there is none.

        This is how a post that may or may not have got through is found again. What Slack has taken but not
        yet listed cannot be found by anybody: then it is posted a second time, and the later one is kept.
        """
        listing = "conversations.replies" if thread else "conversations.history"
        cursor = ""
        for _ in range(5):
            answer = await self._call(
                listing,
                channel=channel,
                limit=100,
                include_all_metadata=True,
                cursor=cursor or None,
                ts=thread,
            )
            for message in answer["messages"]:
                found = message.get("metadata") or {}
                payload = found.get("event_payload") or {}
                if found.get("event_type") == said.kind and _same(payload, said.payload):
                    return str(message["ts"])
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor or not thread:
                return None
        return None

    async def upload(self, uploads: Sequence[Upload]) -> dict[str, str]:
        """Upload pictures and wait until Slack has processed them; gives Slack's file id for each key."""
        ids = await asyncio.gather(*(self._send(u) for u in uploads))
        files = [{"id": id_, "title": u.name} for id_, u in zip(ids, uploads, strict=True)]
        await self._call("files.completeUploadExternal", files=files)
        await asyncio.gather(*(self._ready(id_) for id_ in ids))
        return {u.key: id_ for u, id_ in zip(uploads, ids, strict=True)}

    async def send(self, upload: Upload) -> str:
        """Upload a file that nobody sees yet; gives Slack's id, for ``share``."""
        return await self._send(upload)

    async def share(self, file: str, title: str, channel: str, thread: str, *, again: bool = False) -> None:
        """Put an uploaded file into a thread. ``again``: an earlier try may have got through, so look first; what Slack
        has taken and does not list yet cannot be seen by anybody. Raises Declined when the upload is gone."""
        if again and await self._stands(file, channel, thread):
            return
        await self._call(
            "files.completeUploadExternal",
            files=[{"id": file, "title": title}],
            channel_id=channel,
            thread_ts=thread,
        )

    async def _stands(self, file: str, channel: str, thread: str) -> bool:
        for wait in (0.5, 1.0, 2.0, 0.0):
            known = await self._call("files.info", fine=("file_not_found",), file=file)
            shares = (known.get("file") or {}).get("shares") or {}
            if any(channel in where for where in shares.values()):
                return True
            listed = await self._call("conversations.replies", channel=channel, ts=thread, limit=200)
            if any(f.get("id") == file for m in listed["messages"] for f in m.get("files") or ()):
                return True
            await asyncio.sleep(wait)
        return False

    async def download(self, file: str) -> tuple[str, bytes]:
        """A file somebody shared: its name and bytes. Raises Refused when it is too large or gone."""
        info = (await self._call("files.info", file=file))["file"]
        name, url = (
            str(info.get("name") or "that file"),
            info.get("url_private_download") or info.get("url_private"),
        )
        if not url:
            raise Refused(f"I cannot open {name}.")
        if int(info.get("size") or 0) > MOST_BYTES:
            raise Refused(f"{name} weighs too much; I can take pictures up to {MOST_BYTES // 1048576} MB.")
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as session,
                session.get(
                    url, headers={"Authorization": f"Bearer {self.token}"}, allow_redirects=False
                ) as answer,
            ):
                if answer.status != 200:
                    raise Refused(
                        f"Slack did not hand {name} over (HTTP {answer.status}). Upload it once more."
                    )
                data = await answer.content.read(MOST_BYTES + 1)
                while len(data) <= MOST_BYTES and (more := await answer.content.read(MOST_BYTES)):
                    data += more
                return name, data
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Busy(f"The download of {name} broke off.") from error

    async def open_view(self, trigger: str, view: Mapping[str, Any], *, over: bool = False) -> str:
        """Open a modal, ``over`` one that is open; gives its id. The trigger lives three seconds and works once."""
        method = "views.push" if over else "views.open"
        return str((await self._call(method, trigger_id=trigger, view=dict(view)))["view"]["id"])

    async def update_view(self, id_: str, view: Mapping[str, Any]) -> None:
        """Show something else in an open modal; fine when it was closed meanwhile."""
        await self._call("views.update", fine=("not_found",), view_id=id_, view=dict(view))

    async def publish_home(self, person: str, view: Mapping[str, Any]) -> None:
        """The App Home of one person."""
        await self._call("views.publish", user_id=person, view=dict(view))

    async def permalink(self, channel: str, ts: str) -> str:
        """A link to a message."""
        return str((await self._call("chat.getPermalink", channel=channel, message_ts=ts))["permalink"])

    async def zone(self, person: str) -> str:
        """The person's time zone as Slack knows it; UTC when it does not."""
        return str((await self._person(person)).get("tz") or "UTC")

    async def is_bot(self, person: str) -> bool:
        """Is it another app? Unknown people are taken for people."""
        return bool((await self._person(person)).get("is_bot"))

    async def name(self, person: str) -> str:
        """What somebody is called; their id where Slack does not say."""
        known = await self._person(person)
        return str(known.get("real_name") or known.get("name") or person)

    async def is_admin(self, person: str) -> bool:
        """Does Slack know them as an admin or owner of the workspace?"""
        known = await self._person(person)
        return bool(known.get("is_admin") or known.get("is_owner"))

    async def _person(self, person: str) -> dict[str, Any]:
        """What Slack knows of somebody, an hour old at most.

        An answer to Slack may wait for this, so it waits a moment only; what comes later is known next time.
        """
        asked, known = self._people.get(person, (-3600.0, {}))
        if time.monotonic() - asked > 3600:
            look = asyncio.create_task(self._look_up(person))
            self._looking.add(look)
            look.add_done_callback(self._looking.discard)
            await asyncio.wait({look}, timeout=MOMENT)
            return self._people.get(person, (0.0, known))[1]
        return known

    async def _look_up(self, person: str) -> None:
        try:
            answer = await self._call("users.info", user=person)
        except ProofthreadError:
            return
        self._people[person] = (time.monotonic(), dict(answer["user"]))

    async def whoami(self) -> dict[str, Any]:
        """Whom the token belongs to: ``user_id``, ``team_id``, ``bot_id`` and, in ``scopes``, what it may do."""
        answer = await self.client.auth_test()
        scopes = {k.lower(): v for k, v in answer.headers.items()}.get("x-oauth-scopes", "")
        return {**dict(answer.data), "scopes": [s.strip() for s in scopes.split(",") if s.strip()]}  # type: ignore[arg-type]

    async def _send(self, upload: Upload) -> str:
        given = await self._call(
            "files.getUploadURLExternal",
            filename=upload.name,
            length=len(upload.data),
            alt_txt=upload.alt[:1000],
        )
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as session,
                session.post(str(given["upload_url"]), data=upload.data) as answer,
            ):
                if answer.status != 200:
                    raise Busy(f"Slack did not take an upload (HTTP {answer.status}).")
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Busy("An upload to Slack broke off.") from error
        return str(given["file_id"])

    async def _ready(self, file: str) -> None:
        # Slack refuses a slack_file block until the upload has been processed (invalid_blocks); the file says when.
        wait = 0.15
        for _ in range(40):
            await asyncio.sleep(wait)
            if (await self._call("files.info", file=file))["file"].get("mimetype"):
                return
            wait = min(2.0, wait * 1.6)
        raise Busy("Slack is taking long to process an upload.")

    async def _pace(self, channel: str) -> None:
        now = time.monotonic()
        turn = max(now, self._next.get(channel, 0.0))
        self._next[channel] = turn + self._gap
        if turn > now:
            await asyncio.sleep(turn - now)

    async def _call(self, method: str, *, fine: tuple[str, ...] = (), **arguments: Any) -> Any:
        """One call, waiting out 429 as long as Slack asks. Maps every failure to one of our errors."""
        given = {k: v for k, v in arguments.items() if v is not None}
        ends = time.monotonic() + _PATIENCE
        while True:
            # A 429 closes the method for everybody in this process; each then enters in a turn of its own.
            if (shut := self._open_at.get(method, 0.0) - time.monotonic()) > 0:
                await asyncio.sleep(shut + random.uniform(0, 0.5))
            try:
                # By the SDK's own names, so that each call leaves as the SDK sends it (query, form or JSON).
                return await getattr(self.client, method.replace(".", "_"))(**given)
            except SlackApiError as error:
                # A proxy's error page comes as text; only Slack's own answers are objects.
                data = error.response.data if isinstance(error.response.data, dict) else {}
                code = str(data.get("error") or "")
                if code in fine:
                    return error.response
                if code == "ratelimited":
                    after = _after(error)
                    self._open_at[method] = time.monotonic() + after
                    if time.monotonic() + after < ends:
                        continue
                    raise Busy(f"Slack is busy ({method}).", after) from error
                raise _mapped(method, code, data, error.response.status_code) from error
            except (aiohttp.ClientError, SlackClientError, TimeoutError) as error:
                kind = Unsure if method == "chat.postMessage" else Busy
                raise kind(f"Slack could not be reached ({method}).") from error


def _after(error: SlackApiError) -> float:
    said = {k.lower(): v for k, v in error.response.headers.items()}.get("retry-after", "1")
    return float(said) if str(said).replace(".", "", 1).isdigit() else 1.0


def _mapped(method: str, code: str, data: Mapping[str, Any], status: int) -> Exception:
    if code in _OPERATOR:
        needed = f" (scope {data.get('needed')})" if code == "missing_scope" else ""
        return Misconfigured(f"Slack refused {method}: {code}{needed}. Reinstall the app with manifest.yml.")
    if code in _PEOPLE:
        return Refused(_PEOPLE[code])
    if code in _TRANSIENT or status >= 500:
        kind = Unsure if method == "chat.postMessage" else Busy
        return kind(f"Slack failed in {method}.")
    details = str((data.get("response_metadata") or {}).get("messages") or "")
    if code == "invalid_blocks" and "slack file" in details:
        return Busy("Slack has not processed an upload yet.")
    return Declined(f"Slack refused {method}: {code or status} {details}".strip())


def _same(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    return all(found.get(k) == wanted.get(k) for k in ("brief", "slot"))
