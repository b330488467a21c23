"""Rows as they stand in the database; they never leave this package."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, Column, DateTime, Dialect, Index, MetaData, Text, UniqueConstraint
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel


class Utc(TypeDecorator[datetime]):
    """Always UTC, in and out: SQLite drops the offset without converting, so both ways pass this one door."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Into the database; a time without zone is a mistake of ours."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a time without zone cannot be stored")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Out of the database."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(SQLModel):
    """Constraint names, so that migrations can find them on both databases."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class BriefRow(Base, table=True):
    """A brief as one document, with the columns it is looked up by. ``revision`` counts its changes."""

    __tablename__ = "briefs"

    id: str = Field(primary_key=True)
    team: str = Field(index=True)
    channel: str = Field(index=True)
    stage: str = Field(index=True)
    submitted_at: datetime = Field(sa_column=Column(Utc(), nullable=False, index=True))
    revision: int = 0
    document: str = Field(sa_column=Column(Text, nullable=False))


class EventRow(Base, table=True):
    """One line of the append-only log."""

    __tablename__ = "events"
    __table_args__ = (Index("ix_events_brief_id", "brief", "id"), Index("ix_events_kind_at", "kind", "at"))

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_column=Column(Utc(), nullable=False))
    brief: str
    kind: str
    by: str | None = None
    data: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


class MessageRow(Base, table=True):
    """What the bot said, where, and what it shows now. ``ts`` is empty while nobody knows if it got through."""

    __tablename__ = "messages"
    __table_args__ = (UniqueConstraint("brief", "slot"), Index("ix_messages_channel_ts", "channel", "ts"))

    id: int | None = Field(default=None, primary_key=True)
    brief: str
    slot: str
    channel: str
    ts: str | None = None
    thread: str | None = None
    shown: str = ""
    files: str = Field(default="[]", sa_column=Column(Text, nullable=False))


class DeliveryRow(Base, table=True):
    """What Slack delivered, by its own key, so that a repeat does nothing."""

    __tablename__ = "deliveries"

    key: str = Field(primary_key=True)
    at: datetime = Field(sa_column=Column(Utc(), nullable=False, index=True))


class JobRow(Base, table=True):
    """A job's particulars; its id orders the jobs of a channel."""

    __tablename__ = "jobs"

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    data: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    at: datetime = Field(sa_column=Column(Utc(), nullable=False, index=True))


class LearnedRow(Base, table=True):
    """What a person meant by a wording the bot once had to ask about; no ``kind``: they were just talking."""

    __tablename__ = "learned"

    person: str = Field(primary_key=True)
    wording: str = Field(primary_key=True)
    kind: str | None = None
    at: datetime = Field(sa_column=Column(Utc(), nullable=False))


class HouseRow(Base, table=True):
    """The rules of a workspace as one document."""

    __tablename__ = "houses"

    id: str = Field(primary_key=True)
    document: str = Field(sa_column=Column(Text, nullable=False))
    at: datetime = Field(sa_column=Column(Utc(), nullable=False))


class LeaseRow(Base, table=True):
    """A process that is alive; seconds since 1970 on the database's own clock."""

    __tablename__ = "leases"

    who: str = Field(primary_key=True)
    seen: float


class CallRow(Base, table=True):
    """One paid call, kept before it is made: ``usd`` is the estimate until it has ended.

    ``state``: begun, done, spent (charged, and no picture came), failed (not charged), blocked, or lost (nobody
    knows); ``ticket``: where the provider keeps it; ``result``: what came, as JSON.
    """

    __tablename__ = "calls"

    key: str = Field(primary_key=True)
    brief: str = Field(index=True)
    engine: str
    model: str
    state: str
    usd: float
    at: datetime = Field(sa_column=Column(Utc(), nullable=False, index=True))
    ended: datetime | None = Field(default=None, sa_column=Column(Utc(), nullable=True))
    ticket: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    request: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    result: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
