"""What is missing before the bot can work, and what to do about it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp
from slack_sdk.errors import SlackApiError
from sqlalchemy.exc import SQLAlchemyError

from bot.chat import Chat
from bot.engines import ENGINES
from bot.errors import Misconfigured
from bot.sandbox.server import manifest
from bot.settings import Settings, check_python
from handlers.app import check_socket, store
from handlers.demo import found_manifest
from storage import database
from storage.files import Files


@dataclass(frozen=True, slots=True)
class Finding:
    """``state``: ok, note (works, worth knowing) or bad (the bot could not run)."""

    what: str
    state: str
    says: str


async def examine(environ: Mapping[str, str]) -> list[Finding]:
    """Every check, in the order in which a start would meet them."""
    found: list[Finding] = []
    try:
        check_python()
        settings = Settings.read(environ)
    except Misconfigured as error:
        return [Finding("settings", "bad", str(error))]
    found.append(Finding("settings", "ok", f"data in {settings.data}"))
    found.append(await _database(settings))
    found.append(_files(settings))
    found += await _slack(settings)
    found.append(_pages(settings))
    found += [
        Finding(
            f"engine {name}", "ok", "draws sketches and edits, no key needed" if name == "local" else "ready"
        )
        for name in ENGINES
    ]
    return found


def _pages(settings: Settings) -> Finding:
    if settings.public_url is None:
        return Finding(
            "pages",
            "note",
            "PUBLIC_URL is not set: no brush and no comparison. Set it to where browsers reach this bot.",
        )
    return Finding("pages", "ok", f"{settings.public_url} leads to port {settings.port}, if your proxy does")


async def _database(settings: Settings) -> Finding:
    shown = database.sync_url(settings.database_url).render_as_string(hide_password=True)
    try:
        kept = store(settings)
        try:
            await kept.alive()
        finally:
            await kept.close()
    except Misconfigured as error:
        return Finding("database", "bad", str(error))
    except (SQLAlchemyError, OSError) as error:
        if "leases" in str(error):
            return Finding(
                "database",
                "note",
                f"{shown} is new; it is set up at the first start, or by `python -m bot migrate`",
            )
        return Finding("database", "bad", str(database.unreachable(settings.database_url, error)))
    return Finding("database", "ok", shown)


def _files(settings: Settings) -> Finding:
    try:
        Files.opened(settings.files_url, settings.data / "files")
    except Misconfigured as error:
        return Finding("pictures", "bad", str(error))
    return Finding("pictures", "ok", settings.files_url or str(settings.data / "files"))


async def _slack(settings: Settings) -> list[Finding]:
    try:
        settings.check_slack()
    except Misconfigured as error:
        return [Finding("Slack", "bad", str(error))]
    found = []
    try:
        who = await asyncio.wait_for(Chat(settings.bot_token or "", settings.slack_api_url).whoami(), 10)
        found.append(Finding("Slack token", "ok", f"@{who.get('user')} in {who.get('team')}"))
        scopes = manifest(found_manifest())["oauth_config"]["scopes"]["bot"]
        missing = sorted(set(scopes) - set(who["scopes"])) if who["scopes"] else []
        if missing:
            says = f"missing: {', '.join(missing)}. Reinstall the app with manifest.yml."
            found.append(Finding("Slack scopes", "bad", says))
        elif who["scopes"]:
            found.append(Finding("Slack scopes", "ok", f"all {len(scopes)} of manifest.yml"))
    except SlackApiError as error:
        says = f"refused: {error.response.get('error')}. Copy the Bot User OAuth Token again."
        found.append(Finding("Slack token", "bad", says))
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        says = f"{settings.slack_api_url} does not answer ({type(error).__name__}). Check SLACK_API_URL."
        found.append(Finding("Slack", "bad", says))
    if settings.app_token:
        found.append(await _socket(settings))
    else:
        found.append(
            Finding("transport", "note", f"HTTP: Slack must reach /slack/events on port {settings.port}")
        )
    return found


async def _socket(settings: Settings) -> Finding:
    try:
        await check_socket(settings)
    except Misconfigured as error:
        return Finding("Socket Mode", "bad", str(error))
    return Finding("Socket Mode", "ok", "a connection can be opened")
