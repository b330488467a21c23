"""Pictures by their content: the name is the sha256, so the same picture is kept once."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import obstore
from obstore.store import LocalStore, from_url

from bot.errors import Misconfigured, Refused


class Files:
    """A folder, S3, GCS or Azure behind one interface."""

    def __init__(self, store: Any) -> None:
        self._store = store

    @classmethod
    def opened(cls, url: str | None, folder: Path) -> Files:
        """The store at ``url``, else the folder. Raises Misconfigured when it cannot be opened."""
        try:
            if url is None:
                folder.mkdir(parents=True, exist_ok=True)
                return cls(LocalStore(prefix=str(folder.resolve())))
            return cls(from_url(url))
        except Exception as error:
            where = url or str(folder)
            raise Misconfigured(
                f"The picture store {where} cannot be opened ({error}). Check FILES_URL."
            ) from error

    async def keep(self, data: bytes) -> str:
        """Store the bytes; gives their sha256. Twice is harmless."""
        sha = hashlib.sha256(data).hexdigest()
        await obstore.put_async(self._store, _path(sha), data)
        return sha

    async def read(self, sha: str) -> bytes:
        """The bytes. Raises Refused when they are gone."""
        try:
            found = await obstore.get_async(self._store, _path(sha))
        except FileNotFoundError:
            raise Refused("That picture is no longer stored.") from None
        return bytes(await found.bytes_async())


def _path(sha: str) -> str:
    return f"{sha[:2]}/{sha}"
