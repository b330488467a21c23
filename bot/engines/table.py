"""The engines that an operator has set up: the sketch engine always, and every model of a provider with a key."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import httpx

from bot.engines import comfyui
from bot.engines.adapter import Adapter
from bot.engines.ark import Ark
from bot.engines.bfl import BFL
from bot.engines.catalogue import Catalogue, Provider
from bot.engines.comfyui import ComfyUI
from bot.engines.compatible import Compatible
from bot.engines.engine import Engine
from bot.engines.fal import Fal
from bot.engines.gemini import Gemini
from bot.engines.local import Local
from bot.engines.openai import OpenAI
from bot.engines.remote import Remote
from bot.engines.routing import SKETCH
from bot.engines.wire import Wire
from bot.engines.xai import XAI
from bot.settings import OWN, Access


def opened(
    catalogue: Catalogue,
    access: Mapping[str, Access],
    today: date,
    *,
    font: Path | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
    pace: float = 1.0,
) -> dict[str, Engine]:
    """By model id, in the catalogue's order. Raises Misconfigured where a workflow cannot be used."""
    engines: dict[str, Engine] = {SKETCH: Local(font)}
    for id_, provider in catalogue.providers.items():
        given = access.get(id_)
        if given is None or not (given.base if id_ in OWN else given.key):
            continue
        adapter = adapters(id_, given)
        wire = wired(provider, given, adapter, transport)
        for model in catalogue.of(id_):
            if not model.retired(today):
                engines[model.id] = Remote(model, adapter, wire, pace=pace)
    return engines


def adapters(provider: str, access: Access) -> Adapter:
    """A provider's own ways."""
    match provider:
        case "gemini":
            return Gemini()
        case "openai":
            return OpenAI()
        case "bfl":
            return BFL()
        case "xai":
            return XAI()
        case "ark":
            return Ark()
        case "fal":
            return Fal()
        case "comfyui":
            return ComfyUI(comfyui.workflows(access.workflow or Path("comfyui.json")))
    return Compatible(access.model)


def wired(
    provider: Provider, access: Access, adapter: Adapter, transport: httpx.AsyncBaseTransport | None
) -> Wire:
    """The wire to a provider, with its key."""
    return Wire(
        provider.name,
        access.base or provider.base or "",
        adapter.headers(access.key),
        hosts=provider.hosts,
        key_hosts=provider.key_hosts,
        secret=access.key,
        key_name=provider.key or "",
        safe=provider.id not in OWN,
        at_once=provider.at_once,
        transport=transport,
    )
