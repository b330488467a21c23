"""Brings the database to the newest schema."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy.exc import SQLAlchemyError

from storage import database


def config(url: str) -> Config:
    """Alembic's settings for our migrations on this database."""
    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    rendered = database.sync_url(url).render_as_string(hide_password=False)
    settings.set_main_option("sqlalchemy.url", rendered.replace("%", "%%"))
    return settings


def migrate(url: str) -> None:
    """Upgrade to the newest. Raises Misconfigured when the database cannot be opened."""
    try:
        command.upgrade(config(url), "head")
    except (SQLAlchemyError, OSError) as error:
        raise database.unreachable(url, error) from error
