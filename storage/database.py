"""One door to the database: SQLite by default, Postgres at scale, the same code for both."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.errors import Misconfigured


def opened(url: str) -> AsyncEngine:
    """An engine. Raises Misconfigured when the folder of a SQLite file cannot be made."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        return create_async_engine(parsed.set(drivername="postgresql+psycopg"), pool_pre_ping=True)
    if parsed.database:
        try:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Misconfigured(
                f"The folder of the database {parsed.database} cannot be made ({error.strerror}). "
                "Set PROOFTHREAD_DATA or DATABASE_URL to a place that can be written."
            ) from error
    engine = create_async_engine(parsed.set(drivername="sqlite+aiosqlite"))

    @event.listens_for(engine.sync_engine, "connect")
    def _connect(raw: Any, _: object) -> None:
        raw.isolation_level = None  # we say BEGIN ourselves
        # The waiting comes first: turning to WAL needs the file for itself, and another process may just hold it.
        for pragma in ("busy_timeout=30000", "journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
            raw.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Any) -> None:
        # A deferred BEGIN that turns into a write fails at once under load; IMMEDIATE waits its turn.
        reading = connection.get_execution_options().get("read_only")
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


def sync_url(url: str) -> URL:
    """The same database for code that is not async (migrations, the job engine)."""
    parsed = make_url(url)
    return parsed.set(
        drivername="postgresql+psycopg" if parsed.get_backend_name() == "postgresql" else "sqlite"
    )


def unreachable(url: str, error: Exception) -> Misconfigured:
    """The sentence for an operator whose database cannot be opened; the password stays out of it."""
    shown = make_url(url).render_as_string(hide_password=True)
    cause = (
        str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        if str(error)
        else type(error).__name__
    )
    way = (
        "Check that the server runs and that the name and password are right"
        if shown.startswith("postgresql")
        else "Check that the path exists and can be written"
    )
    return Misconfigured(f"The database {shown} cannot be opened: {cause}. {way} (DATABASE_URL).")


DatabaseError = SQLAlchemyError
