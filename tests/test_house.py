"""The house stands as it is drawn: layers that bite, a manifest that fits, a README that is true."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from bot.sandbox.catalogue import EVENT_SCOPES, METHODS

ROOT = Path(__file__).parent.parent
MANIFEST = yaml.safe_load((ROOT / "manifest.yml").read_text("utf-8"))
LINT = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]

BREACHES = {
    "The core knows neither storage nor handlers": ("bot/wording.py", "import storage.tables"),
    "The core in layers": ("bot/model.py", "import bot.review.decide"),
    "Storage in layers": ("storage/tables.py", "import storage.store"),
    "Handlers in layers": ("handlers/desk.py", "import handlers.app"),
    "The rules touch no clock": ("bot/metrics.py", "import time"),
    "Tables only in storage": ("bot/colours.py", "import sqlmodel"),
    "Bolt and the clock only in handlers": ("storage/files.py", "import slack_bolt"),
    "Slack's SDK only in bot.chat": ("handlers/desk.py", "import slack_sdk"),
    "Pixels only in imaging": ("bot/chat.py", "import PIL"),
    "The sandbox imports nothing of ours": ("bot/sandbox/clock.py", "import bot.errors"),
}


def lint(folder: Path) -> str:
    done = subprocess.run(LINT, cwd=folder, capture_output=True, text=True, timeout=120)
    return re.sub(r"\s+", " ", done.stdout + done.stderr)


def test_the_import_contracts_hold() -> None:
    assert "0 broken" in lint(ROOT)


def test_the_import_contracts_bite(tmp_path: Path) -> None:
    for package in ("bot", "storage", "handlers"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for path, line in BREACHES.values():
        file = tmp_path / path
        file.write_text(file.read_text("utf-8") + f"\n{line}\n", "utf-8")
    said = lint(tmp_path)
    for name in BREACHES:
        assert re.search(re.escape(name) + r"[^.]*? BROKEN", said), f"{name} does not bite"


def test_a_file_without_a_place_is_noticed(tmp_path: Path) -> None:
    for package in ("bot", "storage", "handlers"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "bot" / "helpers.py").write_text('"""No home."""\n')
    assert "helpers" in lint(tmp_path) and "BROKEN" in lint(tmp_path).upper()


def test_every_method_we_call_is_in_the_scopes() -> None:
    text = (ROOT / "bot" / "chat.py").read_text("utf-8")
    called = set(re.findall(r'"((?:chat|conversations|files|reactions|users|views|auth)\.[A-Za-z.]+)"', text))
    assert len(called) >= 12
    scopes = set(MANIFEST["oauth_config"]["scopes"]["bot"])
    for method in called:
        needed = METHODS[method].scopes
        assert not needed or scopes & set(needed), f"{method} needs one of {needed}"


def test_every_event_has_its_scope_and_a_handler() -> None:
    scopes = set(MANIFEST["oauth_config"]["scopes"]["bot"])
    app = (ROOT / "handlers" / "app.py").read_text("utf-8")
    for event in MANIFEST["settings"]["event_subscriptions"]["bot_events"]:
        assert not EVENT_SCOPES[event] or scopes & set(EVENT_SCOPES[event])
        assert f'app.event("{event.split(".")[0]}")' in app
    for command in MANIFEST["features"]["slash_commands"]:
        assert f'app.command("{command["command"]}")' in app
    for shortcut in MANIFEST["features"]["shortcuts"]:
        assert f'app.shortcut("{shortcut["callback_id"]}")' in app


def test_the_manifest_keeps_to_slacks_lengths() -> None:
    shown = MANIFEST["display_information"]
    assert 1 <= len(shown["name"]) <= 35 and len(shown["description"]) <= 140
    assert 175 <= len(shown["long_description"]) <= 4000
    for shortcut in MANIFEST["features"]["shortcuts"]:
        assert len(shortcut["name"]) <= 24 and len(shortcut["description"]) <= 150
    for command in MANIFEST["features"]["slash_commands"]:
        assert len(command["description"]) <= 2000 and len(command.get("usage_hint", "")) <= 1000


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md"])
def test_what_the_documents_point_at_is_there(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (ROOT / target).exists(), f"{name} points at {target}"


def test_the_readme_has_the_two_commands_and_every_environment_name_is_real() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert "pip install -e . && python -m bot demo" in text and "pip install -e '.[dev]' && pytest" in text
    settings = (ROOT / "bot" / "settings.py").read_text("utf-8")
    for name in set(re.findall(r"\b(?:SLACK|PROOFTHREAD|DATABASE|FILES|PUBLIC)_[A-Z_]+\b", text)):
        assert name in settings, f"the README speaks of {name}"
