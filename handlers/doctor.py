"""What is missing before the bot can work, and what to do about it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

import aiohttp
from slack_sdk.errors import SlackApiError
from sqlalchemy.exc import SQLAlchemyError

from bot.chat import Chat
from bot.engines import catalogue, probe, table
from bot.engines.catalogue import Catalogue, Provider
from bot.engines.engine import Engine, Mask
from bot.engines.remote import Remote
from bot.errors import Busy, Declined, Misconfigured, Unknown
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


async def examine(environ: Mapping[str, str], *, live: bool = False) -> list[Finding]:
    """Every check, in the order in which a start would meet them. ``live``: knock at the engines too."""
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
    found += await _engines(settings, live=live)
    return found


async def _engines(settings: Settings, *, live: bool) -> list[Finding]:
    today = datetime.now(UTC).date()
    try:
        known = catalogue.read(settings.engines, settings.prefer)
        engines = table.opened(known, settings.access, today, font=settings.font)
    except Misconfigured as error:
        return [Finding("engines", "bad", str(error))]
    found = [Finding("engine local", "ok", "draws sketches and edits, no key needed")]
    for provider in known.providers.values():
        if provider.id not in settings.access:
            says = f"{provider.name}: not set up ({_needs(provider)} is not set)"
            found.append(Finding(f"engine {provider.id}", "note", says))
        elif live:
            found.append(await _knocked(known, provider.id, settings))
            if isinstance(own := engines.get("images"), Remote) and provider.id == "images":
                found.append(await _tried(own))
        else:
            ready = ", ".join(m.id for m in known.of(provider.id) if m.id in engines)
            says = f"{provider.name}: {ready} (not tried; `doctor --live` does)"
            found.append(Finding(f"engine {provider.id}", "ok", says))
    return found + _retirements(known, engines, today)


def _needs(provider: Provider) -> str:
    """The variable without which a provider is not there."""
    return {"comfyui": "COMFYUI_URL", "images": "IMAGES_BASE_URL"}.get(provider.id) or provider.key or ""


def _retirements(known: Catalogue, engines: Mapping[str, Engine], today: date) -> list[Finding]:
    """Models in use that end soon."""
    return [
        Finding(
            f"model {model.id}",
            "note",
            f"retires on {model.retires}, in {(model.retires - today).days} days; the next of its tier takes over then",
        )
        for model in known.models.values()
        if model.id in engines and (model.tier or model.locates) and model.ending(today) and model.retires
    ]


async def _tried(engine: Remote) -> Finding:
    """What a server of one's own does with a mask: it costs nothing to see."""
    says = {
        Mask.HARD: "keeps to a mask",
        Mask.SOFT: "minds a mask, and changes a little everywhere",
        Mask.NONE: "pays no heed to a mask; every fix is still proved",
    }
    try:
        return Finding("masks of images", "ok", says[await probe.mask_of(engine)])
    except (Busy, Declined, Misconfigured) as error:
        return Finding("masks of images", "note", str(error))
    finally:
        await engine.close()


async def _knocked(known: Catalogue, provider: str, settings: Settings) -> Finding:
    """A call that costs nothing: is the address right, is the key taken?"""
    access = settings.access[provider]
    try:
        adapter = table.adapters(provider, access)
        wire = table.wired(known.providers[provider], access, adapter, None)
        try:
            await wire.call(adapter.knock(known.of(provider)[0]), adapter.trouble, paid=False, patience=15.0)
        finally:
            await wire.close()
    except Unknown:
        return Finding(f"engine {provider}", "ok", "answers, and has not refused the key")
    except Misconfigured as error:
        return Finding(f"engine {provider}", "bad", str(error))
    except (Busy, Declined) as error:
        return Finding(f"engine {provider}", "note", str(error))
    return Finding(f"engine {provider}", "ok", "answers, and takes the key")


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
