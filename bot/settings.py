"""What the operator set, read once from the environment into a frozen value."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from bot.errors import Misconfigured

SLACK = "https://slack.com/api/"


PROVIDERS = ("gemini", "openai", "bfl", "xai", "ark", "fal")
"""Who has a key in ``<NAME>_API_KEY``, and another address than the usual one in ``<NAME>_BASE_URL``."""
OWN = frozenset({"comfyui", "images"})
"""Servers of the operator's own: they need an address, and no key."""


@dataclass(frozen=True, slots=True)
class Access:
    """How to reach one provider: its key, and its address where it is not the usual one; ``model`` and ``workflow``
    for servers of one's own."""

    key: str = field(default="", repr=False)
    base: str | None = None
    model: str | None = None
    workflow: Path | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting, checked. ``data`` is the folder for the database and the pictures; ``lease`` (seconds) how
    long another process waits before it takes the work of one that has gone silent; ``words`` the workspace's own
    words; ``reader`` the engine that reads unclear replies; ``access`` the providers that are set up; ``engines`` the
    operator's own catalogue, ``prefer`` the models that are asked first; ``drawn`` how many drafts are drawn for a
    round of four; budgets in USD."""

    data: Path
    database_url: str
    files_url: str | None
    public_url: str | None
    port: int
    bot_token: str | None
    app_token: str | None
    signing_secret: str | None
    slack_api_url: str
    approvers: tuple[str, ...]
    font: Path | None = None
    words: Path | None = None
    reader: str | None = None
    lease: float = 30.0
    access: Mapping[str, Access] = field(default_factory=dict)
    engines: Path | None = None
    prefer: tuple[str, ...] = ()
    drawn: int = 6
    brief_budget: float | None = None
    month_budget: float | None = None

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Settings:
        """The settings. Raises Misconfigured naming the variable and the way on."""
        data = Path(environ.get("PROOFTHREAD_DATA") or "proofthread-data").expanduser()
        return cls(
            data=data,
            database_url=_database(
                environ.get("DATABASE_URL") or f"sqlite:///{data.resolve()}/proofthread.db"
            ),
            files_url=_files(environ.get("FILES_URL")),
            public_url=_address("PUBLIC_URL", environ.get("PUBLIC_URL")),
            port=_port(environ.get("PORT") or "3000"),
            bot_token=_token("SLACK_BOT_TOKEN", environ.get("SLACK_BOT_TOKEN"), "xoxb-"),
            app_token=_token("SLACK_APP_TOKEN", environ.get("SLACK_APP_TOKEN"), "xapp-"),
            signing_secret=environ.get("SLACK_SIGNING_SECRET") or None,
            slack_api_url=(_address("SLACK_API_URL", environ.get("SLACK_API_URL")) or SLACK).rstrip("/")
            + "/",
            approvers=_people(environ.get("PROOFTHREAD_APPROVERS") or ""),
            lease=_lease(environ.get("PROOFTHREAD_LEASE") or "30"),
            font=_font(environ.get("PROOFTHREAD_FONT")),
            words=_words(environ.get("PROOFTHREAD_WORDS"), data),
            reader=environ.get("PROOFTHREAD_READER") or None,
            access=_access(environ),
            engines=_file("PROOFTHREAD_ENGINES", environ.get("PROOFTHREAD_ENGINES")),
            prefer=tuple((environ.get("PROOFTHREAD_PREFER") or "").replace(",", " ").split()),
            drawn=_drawn(environ.get("PROOFTHREAD_DRAWN") or "6"),
            brief_budget=_dollars("PROOFTHREAD_BRIEF_BUDGET", environ.get("PROOFTHREAD_BRIEF_BUDGET")),
            month_budget=_dollars("PROOFTHREAD_MONTH_BUDGET", environ.get("PROOFTHREAD_MONTH_BUDGET")),
        )

    def check_slack(self) -> None:
        """Raises Misconfigured when ``run`` could not talk to Slack with these settings."""
        if self.bot_token is None:
            raise Misconfigured(
                "SLACK_BOT_TOKEN is not set. Put the Bot User OAuth Token (xoxb-...) there, "
                "or run `python -m bot demo` to try the product without Slack."
            )
        if self.app_token is None and self.signing_secret is None:
            raise Misconfigured(
                "Neither SLACK_APP_TOKEN (Socket Mode, xapp-...) nor SLACK_SIGNING_SECRET (HTTP) is set. "
                "Set one of them; the README says where Slack shows them."
            )


def check_python() -> None:
    """Raises Misconfigured where the job engine cannot run: Python 3.12 and later with SQLite before 3.42."""
    if sys.version_info >= (3, 12) and sqlite3.sqlite_version_info < (3, 42):
        raise Misconfigured(
            f"Python {sys.version_info.major}.{sys.version_info.minor} has SQLite {sqlite3.sqlite_version} here, "
            "and the job engine needs 3.42 or newer on Python 3.12 and later. Use Python 3.11, or set DATABASE_URL to "
            "a Postgres server."
        )


def _access(environ: Mapping[str, str]) -> dict[str, Access]:
    """Every provider that has a key, and every server of one's own that has an address."""
    found = {}
    for name in PROVIDERS:
        variable = f"{name.upper()}_API_KEY"
        if key := (environ.get(variable) or "").strip():
            if not key.isascii() or any(c.isspace() for c in key):
                raise Misconfigured(f"{variable} holds spaces or odd characters. Copy the key again.")
            base = f"{name.upper()}_BASE_URL"
            found[name] = Access(key, _address(base, environ.get(base)))
    if base_ := _address("COMFYUI_URL", environ.get("COMFYUI_URL")):
        workflow = environ.get("COMFYUI_WORKFLOW")
        if not workflow or not Path(workflow).expanduser().exists():
            raise Misconfigured(
                "COMFYUI_URL is set, and COMFYUI_WORKFLOW names no workflow. Export one in ComfyUI (Export API), title "
                "the nodes as the README says, and put its path there."
            )
        found["comfyui"] = Access(base=base_, workflow=Path(workflow).expanduser())
    if base_ := _address("IMAGES_BASE_URL", environ.get("IMAGES_BASE_URL")):
        model, key = environ.get("IMAGES_MODEL"), environ.get("IMAGES_API_KEY") or ""
        found["images"] = Access(key, base_, model or None)
    return found


def _file(name: str, said: str | None) -> Path | None:
    path = Path(said).expanduser() if said else None
    if path is not None and not path.is_file():
        raise Misconfigured(f"{name} names {said}, and there is no such file.")
    return path


def _drawn(said: str) -> int:
    if not said.isdigit() or not 1 <= int(said) <= 12:
        raise Misconfigured(
            f"PROOFTHREAD_DRAWN is {said!r}. Use a whole number from 1 to 12: drafts drawn for a round."
        )
    return int(said)


def _dollars(name: str, said: str | None) -> float | None:
    if not said:
        return None
    try:
        amount = float(said.lstrip("$"))
    except ValueError:
        amount = -1.0
    if not 0 < amount < 1_000_000:
        raise Misconfigured(f"{name} is {said!r}. Use an amount in US dollars, such as 5 or 0.50.")
    return amount


def _words(said: str | None, data: Path) -> Path | None:
    """The file of the workspace's own words: the one that is named, or ``words.toml`` in the data folder."""
    path = Path(said).expanduser() if said else data / "words.toml"
    if said and not path.is_file():
        raise Misconfigured(f"PROOFTHREAD_WORDS names {said}, and there is no such file.")
    return path if path.is_file() else None


def _database(url: str) -> str:
    scheme = url.split(":", 1)[0].split("+", 1)[0]
    if scheme == "postgres":
        url, scheme = "postgresql" + url[len("postgres") :], "postgresql"
    if scheme not in ("sqlite", "postgresql"):
        raise Misconfigured(
            f"DATABASE_URL starts with {scheme!r}. Use sqlite:////path/to/file.db or postgresql://user@host/name."
        )
    if scheme == "sqlite" and url.rstrip("/").endswith((":memory:", "sqlite:")):
        raise Misconfigured("DATABASE_URL names a database in memory, which loses everything. Name a file.")
    return url


def _files(url: str | None) -> str | None:
    if url and urlsplit(url).scheme not in ("s3", "gs", "az", "azure", "file"):
        raise Misconfigured(
            f"FILES_URL is {url!r}. Use s3://bucket/path, gs://..., az://... or leave it unset."
        )
    return url or None


def _address(name: str, url: str | None) -> str | None:
    if url and (urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname):
        raise Misconfigured(f"{name} is {url!r}. It must be an address that starts with https:// or http://.")
    return url or None


def _port(said: str) -> int:
    if not said.isdigit() or not 1 <= int(said) <= 65535:
        raise Misconfigured(f"PORT is {said!r}. Use a number from 1 to 65535.")
    return int(said)


def _token(name: str, token: str | None, start: str) -> str | None:
    if token and not token.startswith(start):
        raise Misconfigured(f"{name} must start with {start}; the value set is another kind of token.")
    return token or None


def _lease(said: str) -> float:
    if not said.isdigit() or not 1 <= int(said) <= 3600:
        raise Misconfigured(f"PROOFTHREAD_LEASE is {said!r}. Use whole seconds from 1 to 3600.")
    return float(said)


def _font(path: str | None) -> Path | None:
    if path and (not Path(path).is_file() or Path(path).suffix.lower() not in (".ttf", ".otf")):
        raise Misconfigured(f"PROOFTHREAD_FONT is {path!r}. Name a .ttf or .otf file, or leave it unset.")
    return Path(path) if path else None


def _people(said: str) -> tuple[str, ...]:
    ids = tuple(dict.fromkeys(said.replace(",", " ").split()))
    for one in ids:
        if one[:1] not in "UW" or not one.isalnum():
            raise Misconfigured(
                f"PROOFTHREAD_APPROVERS names {one!r}. Use Slack member ids such as U012AB3CD, separated by commas."
            )
    return ids
