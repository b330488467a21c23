"""The doctor's word on engines: what is set up, what answers, what ends soon; never the key."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from engines.providers import DOUBLES, KEY, served

from handlers import doctor

NEEDED = {"gemini": "/v1", "openai": "/v1", "bfl": "", "xai": "/v1", "ark": "/api/v3", "fal": ""}


@pytest.mark.parametrize("provider", NEEDED)
async def test_a_live_check_costs_nothing_and_tells_a_good_key_from_a_wrong_one(
    provider: str, tmp_path: Path
) -> None:
    double = DOUBLES[provider]()
    name = provider.upper()
    async with served(double) as base:
        for key, state in ((KEY, "ok"), ("sk-quite-another-key-4711", "bad")):
            environ = {
                "PROOFTHREAD_DATA": str(tmp_path),
                f"{name}_API_KEY": key,
                f"{name}_BASE_URL": base + NEEDED[provider],
            }
            found = {f.what: f for f in await doctor.examine(environ, live=True)}
            assert found[f"engine {provider}"].state == state, found[f"engine {provider}"]
            assert key not in " ".join(f.says for f in found.values())
    assert not double.ledger


async def test_without_being_asked_nobody_is_called_and_missing_keys_are_named(tmp_path: Path) -> None:
    own, soon = tmp_path / "engines.toml", datetime.now(UTC).date() + timedelta(days=30)
    own.write_text(f"[[model]]\nid = 'gpt-image-2'\nretires = {soon}")
    environ = {"PROOFTHREAD_DATA": str(tmp_path), "OPENAI_API_KEY": KEY, "PROOFTHREAD_ENGINES": str(own)}
    found = {f.what: f for f in await doctor.examine(environ)}
    assert found["engine openai"].state == "ok" and "not tried" in found["engine openai"].says
    assert "GEMINI_API_KEY is not set" in found["engine gemini"].says
    assert "COMFYUI_URL" in found["engine comfyui"].says and "IMAGES_BASE_URL" in found["engine images"].says
    retiring = found["model gpt-image-2"]
    assert retiring.state == "note" and f"retires on {soon}" in retiring.says


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[model]]\nname = 'x'", "has no id"),
        ("[[model]]\nid = 'gpt-image-2'\nusd = 'much'", "usd"),
        ("[[model]]\nid = 'gpt-image-2'\ncolour = 'red'", "colour"),
        ("[[model]]\nid = 'x'\nprovider = 'nobody'\nname = 'X'", "nobody"),
        ("[[model]]\nid = 'gpt-image-2'\nedits = ['dance']", "dance"),
        ("nonsense", "cannot be read"),
    ],
)
async def test_a_catalogue_of_ones_own_that_is_wrong_is_said_in_a_line(
    text: str, says: str, tmp_path: Path
) -> None:
    own = tmp_path / "engines.toml"
    own.write_text(text)
    environ = {"PROOFTHREAD_DATA": str(tmp_path), "PROOFTHREAD_ENGINES": str(own)}
    (bad,) = [f for f in await doctor.examine(environ) if f.what == "engines"]
    assert bad.state == "bad" and says in bad.says and "\n" not in bad.says
