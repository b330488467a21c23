"""How Alembic reaches the database; our own tables only, the job engine keeps its own."""

from typing import Literal

from alembic import context
from sqlalchemy import create_engine, text

from storage.tables import Base, Utc

TABLES = set(Base.metadata.tables)


def _ours(name: str | None, type_: str, parent: object) -> bool:
    return name in TABLES if type_ == "table" else True


def _plain(kind: str, thing: object, _: object) -> str | Literal[False]:
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(thing, Utc) else False


engine = create_engine(context.config.get_main_option("sqlalchemy.url") or "")
with engine.connect() as connection:
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA foreign_keys=OFF"))
        connection.commit()
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        transaction_per_migration=True,
        include_name=_ours,
        render_item=_plain,
    )
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
