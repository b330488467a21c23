"""Somebody types: every command, and every way it can be wrong, ends with one clear line."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from matplotlib import cbook
from PIL import Image

ROOT = Path(__file__).parent.parent.parent
PHOTO = str(cbook.get_sample_data("grace_hopper.jpg", asfileobj=False))


def run(
    *words: str, environ: dict[str, str] | None = None, stdin: str = "", cwd: Path = ROOT
) -> subprocess.CompletedProcess[str]:
    clean = {
        k: v
        for k, v in os.environ.items()
        if not k.startswith(("SLACK_", "DATABASE_", "PROOFTHREAD_", "PORT"))
    }
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        env={**clean, **(environ or {})},
        input=stdin,
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=60,
    )


def fault(done: subprocess.CompletedProcess[str], says: str, code: int = 2) -> None:
    assert done.returncode == code, done.stderr
    assert says in done.stderr and "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1 and done.stdout == ""


@pytest.mark.parametrize(
    ("environ", "says"),
    [
        ({}, "SLACK_BOT_TOKEN is not set"),
        ({"SLACK_BOT_TOKEN": "xapp-1"}, "must start with xoxb-"),
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_SIGNING_SECRET"),
        ({"PORT": "http"}, "PORT is 'http'"),
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL starts with 'mysql'"),
        ({"DATABASE_URL": "sqlite://"}, "in memory"),
        ({"FILES_URL": "ftp://x"}, "FILES_URL"),
        ({"SLACK_API_URL": "slack.com"}, "SLACK_API_URL"),
        ({"PROOFTHREAD_APPROVERS": "@lea"}, "member ids"),
        (
            {
                "SLACK_BOT_TOKEN": "xoxb-1",
                "SLACK_SIGNING_SECRET": "s",
                "DATABASE_URL": "sqlite:////dev/null/x.db",
            },
            "DATABASE_URL",
        ),
        (
            {
                "SLACK_BOT_TOKEN": "xoxb-1",
                "SLACK_SIGNING_SECRET": "s",
                "DATABASE_URL": "postgresql://u:secret@127.0.0.1:1/x",
            },
            "cannot be opened",
        ),
        (
            {
                "SLACK_BOT_TOKEN": "xoxb-1",
                "SLACK_APP_TOKEN": "xapp-1",
                "SLACK_API_URL": "http://127.0.0.1:1/api/",
            },
            "Socket Mode could not be opened",
        ),
    ],
)
def test_settings_that_are_wrong_say_what_to_do(environ: dict[str, str], says: str, tmp_path: Path) -> None:
    done = run("run", environ={"PROOFTHREAD_DATA": str(tmp_path), **environ})
    fault(done, says)
    assert "secret" not in done.stderr


def test_a_port_in_use(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        fault(
            run("demo", "--no-browser", "--port", str(port), "--data", str(tmp_path)),
            f"Port {port} is in use",
        )
    with socket.socket() as taken:
        taken.bind(("0.0.0.0", 0))  # noqa: S104
        taken.listen()
        port = taken.getsockname()[1]
        environ = {
            "PROOFTHREAD_DATA": str(tmp_path),
            "SLACK_BOT_TOKEN": "xoxb-1",
            "SLACK_SIGNING_SECRET": "s",
            "PORT": str(port),
        }
        fault(run("run", environ=environ), f"Port {port} is in use")


def test_an_old_sqlite_on_a_new_python(monkeypatch: pytest.MonkeyPatch) -> None:
    from bot import settings
    from bot.errors import Misconfigured

    monkeypatch.setattr(
        settings.sys, "version_info", type("V", (tuple,), {"major": 3, "minor": 12})((3, 12, 1))
    )
    monkeypatch.setattr(settings.sqlite3, "sqlite_version_info", (3, 40, 1))
    with pytest.raises(Misconfigured, match=r"3\.42"):
        settings.check_python()


def test_two_processes_on_one_sqlite_are_one_too_many(tmp_path: Path) -> None:
    import fcntl

    with (tmp_path / "proofthread.db.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        environ = {
            "PROOFTHREAD_DATA": str(tmp_path),
            "SLACK_BOT_TOKEN": "xoxb-1",
            "SLACK_SIGNING_SECRET": "s",
        }
        fault(run("run", environ=environ), "Another process is using")


def test_doctor_tells_what_is_missing(tmp_path: Path) -> None:
    done = run("doctor", "--json", environ={"PROOFTHREAD_DATA": str(tmp_path)})
    assert done.returncode == 2
    found = {f["what"]: f for f in json.loads(done.stdout)}
    assert found["Slack"]["state"] == "bad" and "SLACK_BOT_TOKEN" in found["Slack"]["says"]
    assert found["engine local"]["state"] == "ok"
    assert "SLACK_BOT_TOKEN" in run("doctor", environ={"PROOFTHREAD_DATA": str(tmp_path)}).stdout


def test_read_says_what_replies_mean() -> None:
    lines = [
        {"id": "a", "text": "make the background #FFD400 on 2", "context": {"n_drafts": 4, "selected": None}},
        {"id": "b", "text": "lunch?", "context": {"n_drafts": 4, "selected": None}},
        {"id": "c", "text": "love it", "context": {"n_drafts": 1, "selected": 1}},
    ]
    done = run("read", "--jsonl", stdin="\n".join(json.dumps(x) for x in lines))
    a, b, c = (json.loads(x) for x in done.stdout.splitlines())
    assert (a["kind"], a["targets"], a["region"], a["params"]) == (
        "background",
        [2],
        "the background",
        {"colour": "#FFD400"},
    )
    assert (
        b["kind"] in ("chatter", "question")
        and not b["ask"]
        and (c["kind"], c["targets"]) == ("approve", [1])
    )
    assert set(a) == {"id", "kind", "targets", "region", "ask", "confidence", "params"}
    fault(run("read", "--jsonl", stdin="{not json"), "Line 1 is not JSON")


def test_edit_changes_a_photograph_and_nothing_outside(tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = run(
        "edit",
        PHOTO,
        "--say",
        "make the jacket #0057B8",
        "--box",
        "150,430,440,600",
        "--out",
        str(out),
        "--json",
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert set(result) == {
        "op",
        "engine",
        "model",
        "mask_share",
        "changed_inside",
        "changed_outside",
        "usd",
        "seconds",
        "sha256",
    }
    before, after = (np.asarray(Image.open(p).convert("RGB")) for p in (PHOTO, out / "after.png"))
    outside = np.asarray(Image.open(out / "mask.png")) == 0
    assert (before[outside] == after[outside]).all() and (before[~outside] != after[~outside]).any()
    assert result["changed_outside"] == 0 and result["op"] == "recolour"
    box = np.ones(outside.shape, bool)
    box[430:600, 150:440] = False
    assert outside[box].all()
    assert Image.open(out / "before_after.png").size[0] > 600


@pytest.mark.parametrize(
    ("words", "says", "code"),
    [
        (("edit", "none.png", "--say", "darker", "--out", "o"), "cannot be read", 2),
        (("edit", str(ROOT / "manifest.yml"), "--say", "make it darker", "--out", "o"), "not a picture", 2),
        (("edit", PHOTO, "--say", "hello", "--out", "o"), "could not read a change", 2),
        (("edit", PHOTO, "--say", "make it darker", "--box", "1,2", "--out", "o"), "four numbers", 2),
        (
            ("edit", PHOTO, "--say", "make it darker", "--box", "1,2,9999,9999", "--out", "o"),
            "outside the picture",
            3,
        ),
        (("edit", PHOTO, "--say", "make it darker", "--engine", "x", "--out", "o"), "no engine", 2),
        (("edit", PHOTO, "--say", "fix the hand", "--out", "o"), "GEMINI_API_KEY", 3),
        (("digest", "--week", "soon"), "not a week", 2),
        (("digest", "--tz", "Mars/Base"), "time zone", 2),
        (("export", "secrets"), "no export", 2),
        (("export", "events", "--format", "xml"), "no format", 2),
        (("demo", "--port", "99999"), "65535", 2),
    ],
)
def test_what_cannot_be_done_ends_with_one_line(
    words: tuple[str, ...], says: str, code: int, tmp_path: Path
) -> None:
    environ = {"PROOFTHREAD_DATA": str(tmp_path)}
    if words[0] in ("export", "digest"):
        run("migrate", environ=environ)
    fault(run(*words, environ=environ), says, code)


def test_the_history_goes_out_and_comes_back_as_figures(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    rows = [
        {
            "at": f"2026-11-{d:02d}T10:00:00.000Z",
            "brief": f"B{d}",
            "kind": "brief_submitted",
            "by": "U1",
            "channel": "C",
            "requester": "U1",
            "title": "t",
            "placements": [],
            "deadline": None,
        }
        for d in range(9, 14)
    ]
    rows += [
        {
            "at": "2026-11-12T10:00:00.000Z",
            "brief": "B9",
            "kind": "brief_approved",
            "by": "U2",
            "draft": 1,
            "version": "1",
            "sha256": "0",
            "rule": "any approver",
        }
    ]
    log.write_text("\n".join(json.dumps(r) for r in rows))
    figures = json.loads(
        run("digest", "--events", str(log), "--week", "2026-W46", "--tz", "Europe/Berlin", "--json").stdout
    )
    assert (figures["submitted"], figures["approved"], figures["open"]) == (5, 1, 4)
    assert figures["ttfa"]["wall"] == {"median_s": None, "p90_s": None, "n": 5, "n_open": 4}
    assert "too few" in run("digest", "--events", str(log), "--week", "2026-W46").stdout
    log.write_text("nonsense")
    fault(run("digest", "--events", str(log), "--week", "2026-W46"), "line 1 is not an event")


def test_migrate_twice_and_export_nothing(tmp_path: Path) -> None:
    environ = {"PROOFTHREAD_DATA": str(tmp_path)}
    assert run("migrate", environ=environ).returncode == 0 == run("migrate", environ=environ).returncode
    assert run("export", "briefs", "--format", "csv", environ=environ).stdout.strip() == ""


def test_the_help_names_every_command() -> None:
    text = run("--help").stdout
    assert all(c in text for c in ("demo", "run", "doctor", "read", "edit", "digest", "export", "migrate"))
