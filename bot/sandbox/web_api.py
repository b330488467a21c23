"""The door of the Web API: arguments from query, form and JSON, tokens, scopes, limits, faults."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from bot.sandbox.catalogue import METHODS, NO_JSON
from bot.sandbox.errors import SlackError
from bot.sandbox.limits import Faults, Limits
from bot.sandbox.workspace import APP

Arguments = dict[str, Any]
Call = Callable[[Arguments], Awaitable[dict[str, Any]] | dict[str, Any]]


class WebApi:
    """Answers ``/api/METHOD``. ``calls`` is the log: (method, arguments, error or None)."""

    def __init__(
        self,
        methods: dict[str, Call],
        limits: Limits,
        faults: Faults,
        *,
        bot_token: str,
        app_token: str,
        scopes: frozenset[str],
        resolve: Callable[[str], str],
    ) -> None:
        self._methods, self._limits, self.faults, self._resolve = methods, limits, faults, resolve
        self.bot_token, self.app_token, self.scopes = bot_token, app_token, scopes
        self.calls: list[tuple[str, Arguments, str | None]] = []

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """One call."""
        method = request.match_info["method"]
        arguments: Arguments = {}
        try:
            arguments = await _arguments(request, method)
            token = _token(request, arguments)
            self._allowed(method, token)
            channel = arguments.get("channel") or arguments.get("channel_id")
            self._limits.check(method, self._resolve(str(channel)) if channel else None)
            fault = self.faults.take(method)
            if fault in ("429", "500", "drop_before"):
                return await self._broken(request, fault, method, arguments)
            done = self._methods[method](arguments)
            answer = await done if isinstance(done, Awaitable) else done
            self.calls.append((method, arguments, None))
            if fault == "drop_after":
                return await self._broken(request, fault, method, arguments)
        except (TypeError, ValueError, KeyError, AttributeError) as wrong:
            self.calls.append((method, arguments, "invalid_arguments"))
            message = f"[ERROR] {type(wrong).__name__}: {wrong}"
            return web.json_response(
                {"ok": False, "error": "invalid_arguments", "response_metadata": {"messages": [message]}}
            )
        except SlackError as error:
            self.calls.append((method, arguments, error.code))
            body = {"ok": False, "error": error.code, **error.more}
            return web.json_response(body, status=error.status, headers=error.headers)
        headers = {
            "X-OAuth-Scopes": ",".join(sorted(self.scopes)),
            "X-Accepted-OAuth-Scopes": ",".join(METHODS[method].scopes),
        }
        return web.json_response({"ok": True, **answer}, headers=headers)

    async def _broken(
        self, request: web.Request, fault: str, method: str, arguments: Arguments
    ) -> web.StreamResponse:
        if fault in ("429", "500"):
            self.calls.append((method, arguments, fault))
        if fault == "429":
            return web.json_response(
                {"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": "1"}
            )
        if fault == "500":
            return web.Response(status=500, text="upstream error")
        if request.transport is not None:
            request.transport.close()  # the work may be done, the line is gone: the caller cannot know
        return web.Response(status=500)

    def _allowed(self, method: str, token: str | None) -> None:
        if method not in METHODS or method not in self._methods:
            raise SlackError("unknown_method", req_method=method)
        if token is None:
            raise SlackError("not_authed")
        if token not in (self.bot_token, self.app_token):
            raise SlackError("invalid_auth")
        rule = METHODS[method]
        if rule.app_token != (token == self.app_token):
            raise SlackError("not_allowed_token_type")
        if rule.scopes and not self.scopes & set(rule.scopes):
            raise SlackError(
                "missing_scope", needed=",".join(rule.scopes), provided=",".join(sorted(self.scopes))
            )


async def _arguments(request: web.Request, method: str) -> Arguments:
    """Query and body together: the SDK puts the arguments of many POST calls into the query."""
    found: Arguments = dict(request.query)
    if request.content_type == "application/json":
        text = await request.text()
        try:
            body = json.loads(text) if text else {}
        except ValueError:
            raise SlackError("invalid_json") from None
        if not isinstance(body, dict):
            raise SlackError("json_not_object")
        if method not in NO_JSON:
            found |= {k: v for k, v in body.items() if k != "token"}
    elif request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        found |= {k: v for k, v in (await request.post()).items() if isinstance(v, str)}
    return found


def _token(request: web.Request, arguments: Arguments) -> str | None:
    said = request.headers.get("Authorization", "")
    if said.startswith("Bearer "):
        return said.removeprefix("Bearer ").strip()
    token = arguments.pop("token", None)
    return str(token) if token else None


def truth(value: Any) -> bool:
    """Slack takes true, "true", 1 and "1"."""
    return str(value).lower() in ("1", "true")


def required(arguments: Arguments, *names: str) -> None:
    """Raises invalid_arguments when one is missing."""
    missing = [n for n in names if arguments.get(n) in (None, "")]
    if missing:
        raise SlackError(
            "invalid_arguments",
            response_metadata={
                "messages": [f"[ERROR] missing required field: {n}" for n in missing],
                "app": APP,
            },
        )
