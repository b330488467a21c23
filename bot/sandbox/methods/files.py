"""files.*: three steps to upload, and a file that gets ready late."""

from __future__ import annotations

from typing import Any

from bot.sandbox import checks
from bot.sandbox.errors import SlackError
from bot.sandbox.methods.ground import Answer, Ground
from bot.sandbox.web_api import Arguments, Call, required
from bot.sandbox.workspace import BOT_ID, BOT_USER, File, Message


class Files(Ground):
    """files.*: three steps to upload, and a file that gets ready late."""

    def table(self) -> dict[str, Call]:
        """Method name to function."""
        return {
            "files.completeUploadExternal": self.complete_upload,
            "files.getUploadURLExternal": self.upload_url,
            "files.info": self.file_info,
        }

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
        return {"file_id": file.id, "upload_url": f"{self.address()}/upload/{file.id}"}

    def complete_upload(self, a: Arguments) -> Answer:
        listed = checks.parsed(a.get("files"), "invalid_arguments")
        if not isinstance(listed, list) or not listed:
            raise SlackError("invalid_arguments")
        target = self.postable(str(a["channel_id"])) if a.get("channel_id") else None
        if a.get("channels") or a.get("blocks"):
            raise SlackError("invalid_arguments")  # the sandbox shares into one channel, with words only
        files: list[File] = []
        for one in listed:
            file = self.workspace.files.get(str(one.get("id")))
            if file is None or file.id not in self.workspace.content:
                raise SlackError("file_not_found")
            file.title, file.complete = str(one.get("title") or file.name), True
            file.ready_at = self.workspace.clock.now() + self.file_delay
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
            self.said(target, added)
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
        if self.file_ready(file.id) or file.user != BOT_USER:
            kind = mimetype(self.workspace.content.get(file.id, b""), file.name)
            made |= {
                "mimetype": kind,
                "filetype": kind.split("/")[-1],
                "url_private": f"{self.address()}/files/{file.id}",
                "url_private_download": f"{self.address()}/files/{file.id}",
                "shares": {"public": {c: [{"ts": ts}] for c, ts in file.shares}},
            }
        return made


def mimetype(data: bytes, name: str) -> str:
    """Told from the first bytes, as Slack does, else from the name."""
    for start, kind in (
        (b"\x89PNG", "image/png"),
        (b"\xff\xd8", "image/jpeg"),
        (b"GIF8", "image/gif"),
        (b"RIFF", "image/webp"),
        (b"8BPS", "image/vnd.adobe.photoshop"),
    ):
        if data.startswith(start):
            return kind
    if data[4:8] == b"ftyp":
        return "video/mp4"
    return "image/png" if name.endswith(".png") else "text/plain"
