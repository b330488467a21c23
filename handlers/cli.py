"""Somebody types: ``python -m bot COMMAND``, also installed as ``proofthread``."""

from __future__ import annotations

import asyncio
import contextlib
import csv
import json
import logging
import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bot.errors import Busy, Declined, Misconfigured, ProofthreadError, Refused
from bot.settings import Settings, check_python

app = typer.Typer(
    name="proofthread",
    help="From a creative brief to an approved picture, in one Slack thread.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON value on stdout and nothing else there.")]


def main() -> None:
    """Run, and end with 0 (done), 2 (input or settings are at fault) or 3 (the outside world declined)."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        app()
    except (Refused, Misconfigured) as error:
        _end(error, 2)
    except (Declined, Busy) as error:
        _end(error, 3)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        sys.exit(130)


def _end(error: ProofthreadError, code: int) -> None:
    sys.stderr.write(" ".join(str(error).split()) + "\n")
    sys.exit(code)


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="Where the page is served, on this machine only.")] = 3900,
    data: Annotated[Path | None, typer.Option(help="Folder for the demo's database and pictures.")] = None,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Print the address, open nothing.")
    ] = False,
) -> None:
    """Try the whole product here: a Slack of its own and the bot, no account and no key."""
    from handlers.demo import serve

    asyncio.run(serve(port, data or Path("proofthread-data") / "demo", open_browser=not no_browser))


@app.command()
def run() -> None:
    """Serve a real Slack: Socket Mode when SLACK_APP_TOKEN is set, else HTTP on PORT at /slack/events."""
    from handlers.app import running

    settings = Settings.read(os.environ)

    async def until_stopped() -> None:
        stop = stopping()
        async with running(settings):
            how = "Socket Mode" if settings.app_token else f"HTTP on port {settings.port} at /slack/events"
            sys.stderr.write(f"Proofthread is at work ({how}). Stop with Ctrl-C.\n")
            await stop.wait()

    asyncio.run(until_stopped())


@app.command()
def doctor(
    as_json: JsonOption = False,
    live: Annotated[
        bool, typer.Option("--live", help="Also knock at each engine, with a call that costs nothing.")
    ] = False,
) -> None:
    """Check settings, tokens, scopes, database and engines; exit 2 if the bot could not run."""
    from handlers.doctor import examine

    findings = asyncio.run(examine(os.environ, live=live))
    if as_json:
        _print([{"what": f.what, "state": f.state, "says": f.says} for f in findings])
    else:
        table = Table(box=None, pad_edge=False)
        for column in ("", "what", "says"):
            table.add_column(column)
        for f in findings:
            table.add_row(
                {"ok": "[green]ok[/]", "note": "[yellow]note[/]", "bad": "[red]bad[/]"}[f.state],
                f.what,
                f.says,
            )
        Console(soft_wrap=True).print(table)
    if any(f.state == "bad" for f in findings):
        sys.exit(2)


@app.command()
def read(
    jsonl: Annotated[bool, typer.Option("--jsonl", help="One JSON object a line in, one out.")] = False,
) -> None:
    """Say what replies mean: stdin lines {"id","text","context":{"n_drafts","selected"}}, or plain words."""
    for number, line in enumerate(sys.stdin, 1):
        if not line.strip():
            continue
        if jsonl:
            _print(_meaning(_one_line(line, number)))
        else:
            _print(_meaning({"id": str(number), "text": line.strip()}))


def _one_line(line: str, number: int) -> dict[str, Any]:
    try:
        asked = json.loads(line)
    except ValueError:
        raise Refused(f"Line {number} is not JSON.") from None
    if not isinstance(asked, dict) or not isinstance(asked.get("text"), str):
        raise Refused(f'Line {number} needs "text".')
    return asked


def _meaning(asked: dict[str, Any]) -> dict[str, Any]:
    from bot.model import PERHAPS, SURE, Kind
    from bot.replies.read import read as read_reply

    context = asked.get("context") or {}
    wishes = read_reply(
        asked["text"], n_drafts=context.get("n_drafts") or 4, selected=context.get("selected")
    )
    wish = wishes[0]
    quiet = wish.kind in (Kind.CHATTER, Kind.QUESTION)
    params = {
        k: getattr(wish, k)
        for k in ("colour", "quoted", "amount", "ratio", "direction", "count", "version", "topic")
        if getattr(wish, k) is not None
    }
    if len(wishes) > 1:
        params["also"] = [
            {"kind": w.kind.value, "targets": list(w.targets), "region": w.region} for w in wishes[1:]
        ]
    return {
        "id": asked.get("id"),
        "kind": wish.kind.value,
        "targets": [] if quiet else list(wish.targets),
        "region": wish.region,
        "ask": not quiet and PERHAPS <= wish.confidence < SURE,
        "confidence": round(wish.confidence, 3),
        "params": params,
    }


@app.command()
def edit(
    photo: Path,
    say: Annotated[str, typer.Option(help="What should change, in your own words.")],
    out: Annotated[Path, typer.Option(help="Folder for after.png, mask.png and before_after.png.")],
    box: Annotated[str | None, typer.Option(help="x0,y0,x1,y1 in pixels: the change stays inside.")] = None,
    mask: Annotated[
        Path | None, typer.Option(help="A picture of the photo's size: white may change.")
    ] = None,
    engine: Annotated[str, typer.Option(help="Which engine makes the change.")] = "local",
    as_json: JsonOption = False,
) -> None:
    """Make one edit outside Slack, with the same proof that nothing else changed."""
    from handlers.retouch import retouch

    result = asyncio.run(
        retouch(photo, say, out, box=box, mask=mask, engine=engine, settings=Settings.read(os.environ))
    )
    if as_json:
        _print(result)
    else:
        from bot.wording import percent

        rest = (
            f"{percent(1 - result['mask_share'])} of the picture is bit-identical"
            if result["mask_share"] < 1
            else "all of it was in reach"
        )
        sys.stdout.write(
            f"{result['op']}: {percent(result['mask_share'])} may have changed, {rest}. See {out}/before_after.png\n"
        )


@app.command()
def digest(
    week: Annotated[
        str | None, typer.Option(help="ISO week, like 2026-W46; this week when left out.")
    ] = None,
    events: Annotated[Path | None, typer.Option(help="An exported log instead of the database.")] = None,
    tz: Annotated[str, typer.Option(help="Time zone, like Europe/Berlin.")] = "UTC",
    as_json: JsonOption = False,
) -> None:
    """Print the week's figures, from the database or from an exported log."""
    from bot.digest import of, week_of, zone_of
    from handlers.history import log_of

    now = datetime.now(UTC)
    log_ = asyncio.run(log_of(events, os.environ))
    figures = of(log_, week or week_of(now, zone_of(tz)), tz, now)
    if as_json:
        _print(figures.json())
        return
    from bot.blocks.digest import digest as said
    from bot.metrics import lives

    titles = {life.brief: life.title for life in lives(log_, now)}
    message = said(figures, titles, {}, "")
    for block in message.blocks:
        texts = [block["text"]["text"]] if "text" in block else [e["text"] for e in block.get("elements", [])]
        sys.stdout.write("\n".join(texts).replace("*", "") + "\n")


@app.command()
def export(
    what: Annotated[str, typer.Argument(help="events or briefs")],
    form: Annotated[str, typer.Option("--format", help="jsonl or csv")] = "jsonl",
) -> None:
    """Write the history to stdout."""
    from handlers.history import exported

    if what not in ("events", "briefs"):
        raise Refused(f"There is no export of {what!r}. There are: events, briefs.")
    if form not in ("jsonl", "csv"):
        raise Refused(f"There is no format {form!r}. There are: jsonl, csv.")
    rows = asyncio.run(exported(what, os.environ))
    if form == "jsonl":
        for row in rows:
            _print(row)
        return
    columns = list(dict.fromkeys(k for row in rows for k in row))
    writer = csv.DictWriter(sys.stdout, columns)
    writer.writeheader()
    for row in rows:
        writer.writerow(
            {
                k: json.dumps(v, ensure_ascii=False) if isinstance(v, list | dict) else _safe(v)
                for k, v in row.items()
            }
        )


@app.command()
def migrate() -> None:
    """Bring the database to the newest schema."""
    from storage import schema

    check_python()
    settings = Settings.read(os.environ)
    from storage.database import opened

    opened(settings.database_url)
    schema.migrate(settings.database_url)
    sys.stderr.write("The database is up to date.\n")


def stopping() -> asyncio.Event:
    """Set by SIGTERM or Ctrl-C from now on."""
    done = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, done.set)
    return done


def _safe(value: Any) -> Any:
    """A cell that a spreadsheet will not take for a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@") else value


def _print(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")
