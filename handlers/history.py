"""The history as rows: the event log, and one row for each brief."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from bot.errors import Refused
from bot.events import Entry
from bot.model import Brief
from bot.settings import Settings


async def log_of(events: Path | None, environ: Mapping[str, str]) -> list[Entry]:
    """The log from an exported file, else from the database. Raises Refused naming the bad line."""
    if events is None:
        return [Entry.read(row) for row in await exported("events", environ)]
    return read_log(events)


def read_log(events: Path) -> list[Entry]:
    """An exported log. Raises Refused naming the bad line."""
    try:
        lines = events.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{events} cannot be read: {error}.") from error
    entries = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                entries.append(Entry.read(json.loads(line)))
            except (KeyError, ValueError, TypeError, AttributeError) as error:
                raise Refused(f"{events}, line {number} is not an event ({error}).") from None
    return entries


async def exported(what: str, environ: Mapping[str, str]) -> list[dict[str, Any]]:
    """All events or briefs, oldest first."""
    from handlers.app import store
    from storage import database

    settings = Settings.read(environ)
    kept = store(settings)
    try:
        if what == "events":
            return [entry.line() async for entry in kept.events()]
        return [row(brief) for brief in await kept.briefs()]
    except (SQLAlchemyError, OSError) as error:
        raise database.unreachable(settings.database_url, error) from error
    finally:
        await kept.close()


def row(brief: Brief) -> dict[str, Any]:
    """A brief in one line, as ``export briefs`` writes it."""
    done = brief.approved
    return {
        "brief": brief.id,
        "channel": brief.channel,
        "title": brief.wanted.title,
        "status": brief.stage.value,
        "submitted_at": brief.submitted_at.isoformat(),
        "approved_at": done.at.isoformat() if done else None,
        "ttfa_s": round((done.at - brief.submitted_at).total_seconds(), 3) if done else None,
        "rounds": len(brief.rounds),
        "edits": sum(c.state == "made" for c in brief.changes),
        "version": done.version if done else None,
        "sha256": done.sha256 if done else None,
        "usd": round(brief.usd, 6),
    }
