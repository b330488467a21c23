"""The one place that speaks HTTP to a provider: no redirects, no strangers, no more than fits, no key to others."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx

from bot.errors import Busy, Declined, Lost, Misconfigured, ProofthreadError, Unknown

log = logging.getLogger(__name__)
OUTSIDE = True
"""May anything but this machine be spoken to? The tests turn it off, so that no key there can ever cost anything."""
CONNECT = 10.0
"""Seconds to reach a provider."""
MOST_ANSWER = 160 * 1024 * 1024
"""Bytes of an answer: four large PNGs in base64."""
MOST_PICTURE = 40 * 1024 * 1024
HOPS = 3
"""Redirects that a result link may take, each to a host that is allowed."""
_GATEWAYS = frozenset({502, 504, 520, 522, 524})
"""Statuses of something in between: what is behind it may well be at work."""
_LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})
logging.getLogger("httpx").setLevel(logging.WARNING)  # it writes every address, and result links are secrets


@dataclass(frozen=True, slots=True)
class Part:
    """One field of a form: a text, or a file where it has a ``name``."""

    field: str
    value: str | bytes
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A call: ``path`` below the provider's base, or a whole address; JSON or a form."""

    method: str
    path: str
    body: Mapping[str, Any] | None = None
    form: Sequence[Part] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def account(self) -> dict[str, object]:
        """What is sent, for the record: pictures by their size only, no key."""
        sent: dict[str, object] = {"method": self.method, "path": self.path}
        if self.body is not None:
            sent["body"] = _shortened(self.body)
        if self.form:
            sent["form"] = [
                {p.field: f"<{len(p.value)} bytes>" if isinstance(p.value, bytes) else p.value}
                for p in self.form
            ]
        return sent


@dataclass(frozen=True, slots=True)
class Got:
    """An answer. ``body`` is JSON where it is any, else None."""

    status: int
    headers: Mapping[str, str]
    content: bytes
    body: Any = None


Trouble = Callable[[Got], ProofthreadError | None]
"""What an answer means that is none: an adapter's own reading of its provider's errors."""


class Wire:
    """Calls to one provider. ``headers`` carry the key; ``hosts``: domains its result links may point to.

    ``safe`` False: a server of the operator's own, where http and addresses of a private network are meant.
    """

    def __init__(
        self,
        name: str,
        base: str,
        headers: Mapping[str, str],
        *,
        hosts: Sequence[str] = (),
        key_hosts: Sequence[str] = (),
        secret: str = "",
        key_name: str = "",
        safe: bool = True,
        at_once: int = 2,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.name, self.base, self.key_name = name, base.rstrip("/"), key_name
        own = urlsplit(self.base).hostname or ""
        self.hosts, self.key_hosts = (*hosts, *key_hosts, own), (*key_hosts, own)
        self._headers, self._secret, self._safe = dict(headers), secret, safe
        self._turns = asyncio.Semaphore(at_once)
        self._transport = transport
        self._client: httpx.AsyncClient | None = None
        self._rests: dict[str, float] = {}

    @asynccontextmanager
    async def turn(self, lane: str) -> AsyncIterator[None]:
        """Wait for a place among the calls in flight. Raises Busy while the ``lane`` (a model) was asked to pause."""
        async with self._turns:
            if (rest := self._rests.get(lane, 0.0) - time.monotonic()) > 0:
                raise Busy(f"{self.name} asked for a pause.", rest)
            try:
                yield
            except Busy as busy:
                if busy.after:
                    self._rests[lane] = time.monotonic() + busy.after
                raise

    async def call(
        self, request: Request, trouble: Trouble, *, paid: bool, patience: float, most: int = MOST_ANSWER
    ) -> Got:
        """Send it and give the answer. ``paid``: where it breaks off after sending, nobody knows whether it was done.

        Raises Lost there, Busy where it surely was not, and what ``trouble`` or the status says otherwise.
        """
        own = request.path.startswith("/") and not request.path.startswith("//")
        address = f"{self.base}{request.path}" if own else request.path
        self._check(address)
        got = await self._sent(request, address, paid, patience, most)
        try:
            known = trouble(got)
        except (AttributeError, KeyError, TypeError, ValueError, IndexError):
            known = None  # an answer in no shape that is known: its status tells
        if got.status < 300 and known is None:
            return got
        error = known or self._usual(got)
        if paid and got.status in _GATEWAYS and isinstance(error, Busy):
            raise Lost(
                f"{self.name} was cut off on its side ({got.status}), and nobody knows whether it had begun."
            )
        raise error

    async def fetch(self, link: str, *, patience: float = 60.0) -> bytes:
        """A result, without the key, from the provider's own hosts only. Raises Declined or Busy."""
        for _ in range(HOPS + 1):
            self._check(link, result=True)
            got = await self._sent(Request("GET", link), link, False, patience, MOST_PICTURE, bare=True)
            if got.status not in (301, 302, 303, 307, 308):
                break
            try:
                link = str(httpx.URL(link).join(got.headers.get("location", "")))
            except httpx.InvalidURL as error:
                raise Declined(f"{self.name} named an address that is none.") from error
        if got.status in (403, 404, 410):
            raise Declined(f"{self.name} no longer keeps its picture.")
        if got.status != 200:
            raise Busy(f"{self.name} does not hand its picture over ({got.status}).")
        return got.content

    async def close(self) -> None:
        """Give the connections back."""
        if self._client is not None:
            await self._client.aclose()

    def ours(self, address: str, *, result: bool = False) -> bool:
        """Is this an address of the provider: one where the key may go, or one where a ``result`` may lie?"""
        try:
            parts = urlsplit(address)
        except ValueError:
            return False
        if parts.username is not None or "\\" in address or not address.isprintable():
            return False  # an address that two readers may read differently
        secure = parts.scheme == "https" or not self._safe or parts.hostname in _LOCAL
        host, known = parts.hostname or "", self.hosts if result else self.key_hosts
        return secure and any(host == name or host.endswith("." + name) for name in known)

    async def _sent(
        self, request: Request, address: str, paid: bool, patience: float, most: int, *, bare: bool = False
    ) -> Got:
        given = dict(request.headers) if bare else {**self._headers, **request.headers}
        sending = False
        try:
            async with asyncio.timeout(patience):
                client = self._opened()
                asked = client.build_request(
                    request.method,
                    address,
                    headers=given,
                    timeout=httpx.Timeout(patience, connect=CONNECT),
                    **_content(request),
                )
                sending = True
                answer = await client.send(asked, stream=True)
                try:
                    return await self._read(answer, most)
                finally:
                    await answer.aclose()
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError) as error:
            raise Busy(f"{self.name} cannot be reached.") from error
        except Declined as why:  # too long to be read: it was made all the same
            raise Lost(str(why)) if paid else why from None
        except httpx.InvalidURL as error:
            raise Declined(f"{self.name} named an address that is none.") from error
        except (TimeoutError, httpx.HTTPError) as error:
            late = isinstance(error, TimeoutError | httpx.TimeoutException)
            what = "did not answer in time" if late else "broke off"
            if paid and sending:
                raise Lost(f"{self.name} {what}, and nobody knows whether it had begun.") from error
            raise Busy(f"{self.name} {what}.") from error

    async def _read(self, answer: httpx.Response, most: int) -> Got:
        content = bytearray()
        async for chunk in answer.aiter_bytes():
            content += chunk
            if len(content) > most:
                raise Declined(f"{self.name} sent more than {most // 1048576} MB, so I stopped listening.")
        if self._secret:  # some providers repeat the key in what they say about it
            content = content.replace(self._secret.encode(), "…".encode())
        body = None
        if "json" in answer.headers.get("content-type", "") or content.startswith((b"{", b"[")):
            try:
                body = json.loads(content)
            except (ValueError, RecursionError):
                body = None
        return Got(answer.status_code, answer.headers, bytes(content), body)

    def _opened(self) -> httpx.AsyncClient:
        if self._client is None:
            self._client = httpx.AsyncClient(
                transport=self._transport, follow_redirects=False, trust_env=self._transport is None
            )
        return self._client

    def _check(self, address: str, *, result: bool = False) -> None:
        if not self.ours(address, result=result):
            what = "a result" if result else "a call"
            raise Declined(f"{self.name} sent me to a place that is not its own for {what}, so I did not go.")
        if not OUTSIDE and self._transport is None and urlsplit(address).hostname not in _LOCAL:
            raise Misconfigured(f"{self.name} is outside this machine, and that is switched off here.")

    def _usual(self, got: Got) -> ProofthreadError:
        says = said(got)
        match got.status:
            case 401 | 403:
                return Misconfigured(
                    f"{self.name} refused the key ({self.key_name or 'none is set'}). {says}".strip()
                )
            case 402:
                return Misconfigured(f"{self.name}: the account has no credit left. {says}".strip())
            case 404:
                return Unknown(f"{self.name} does not know that. {says}".strip())
            case 408 | 409 | 425 | 429:
                return Busy(f"{self.name} is busy.", after(got))
            case status if status >= 500:
                return Busy(f"{self.name} has a fault of its own ({status}).", after(got))
            case status if status >= 300 and status < 400:
                return Declined(f"{self.name} pointed elsewhere instead of answering, so I did not follow.")
        return Declined(f"{self.name} did not take the request ({got.status}). {says}".strip())


def said(got: Got) -> str:
    """What the provider's error says, in one line of at most 200 characters; empty where it says nothing."""
    body = got.body
    text: object = None
    if isinstance(body, dict):
        error = body.get("error")
        text = error.get("message") if isinstance(error, dict) else error
        text = body.get("message") or text if not isinstance(error, dict) else text
        text = text or body.get("detail")
        if isinstance(text, list):
            text = "; ".join(str(d.get("msg", d)) if isinstance(d, dict) else str(d) for d in text[:3])
    if not isinstance(text, str):
        return ""
    text = " ".join(re.sub(r"[<>&`*_~]", " ", text).split())
    return text[:199] + "…" if len(text) > 200 else text


def after(got: Got) -> float | None:
    """Seconds to wait, as the headers say; None when they do not."""
    for name, scale in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            wait = float(got.headers.get(name, "")) * scale
        except ValueError:
            continue
        if 0 <= wait <= 24 * 3600:
            return wait
    return None


def _content(request: Request) -> dict[str, Any]:
    if request.form:
        files = [
            (p.field, (p.name, p.value, "image/png") if p.name else (None, p.value)) for p in request.form
        ]
        return {"files": files}
    return {"json": request.body} if request.body is not None else {}


def _shortened(value: Any) -> Any:
    """The same with long texts (pictures in base64) named by their length."""
    if isinstance(value, Mapping):
        return {k: _shortened(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_shortened(v) for v in value]
    if isinstance(value, str) and (
        value.startswith("data:") or (len(value) > 4000 and " " not in value[:400])
    ):
        return f"<{len(value)} characters>"
    return value
