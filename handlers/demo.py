"""The sandbox and the bot in one process: the whole product with no account and no key."""

from __future__ import annotations

import asyncio
import errno
import socket
import sys
import webbrowser
from dataclasses import replace
from pathlib import Path

from bot.errors import Misconfigured
from bot.sandbox.server import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, Sandbox, manifest
from bot.settings import Settings, check_python
from handlers.app import running
from handlers.cli import stopping

APPROVER = "U000000LEA"


async def serve(port: int, data: Path, *, open_browser: bool) -> None:
    """Until stopped. The address is printed when the page is ready."""
    check_python()
    if not 1 <= port <= 65535:
        raise Misconfigured(f"--port is {port}. Use a number from 1 to 65535.")
    sandbox = Sandbox(manifest(found_manifest()), data=_folder(data) / "slack")
    stop = stopping()
    try:
        await sandbox.start(port)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise Misconfigured(
                f"Port {port} cannot be used ({error.strerror}). Try --port {port + 1}."
            ) from error
        raise Misconfigured(f"Port {port} is in use. Try `python -m bot demo --port {port + 1}`.") from error
    try:
        async with running(settings(sandbox, data)):
            sys.stdout.write(f"Proofthread demo: {sandbox.url}/\n")
            sys.stdout.write(
                'Type /brief Summer sale poster for Park Avenue Bakery, 9:16, headline "Fresh at 7", by Friday\n'
            )
            sys.stdout.write(
                "Lea approves; switch people at the top left. Stop with Ctrl-C; the thread is kept.\n"
            )
            sys.stdout.flush()
            if open_browser:
                await asyncio.to_thread(webbrowser.open, sandbox.url)
            await stop.wait()
    finally:
        await sandbox.stop()


def _folder(data: Path) -> Path:
    try:
        data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Misconfigured(
            f"The folder {data} cannot be made ({error.strerror}). Name another with --data."
        ) from error
    return data


def settings(sandbox: Sandbox, data: Path) -> Settings:
    """The bot's settings for the sandbox; nothing of the operator's own environment gets in."""
    pages = _free_port()
    return replace(
        Settings.read({"PROOFTHREAD_DATA": str(data)}),
        bot_token=BOT_TOKEN,
        app_token=APP_TOKEN,
        signing_secret=SIGNING_SECRET,
        slack_api_url=sandbox.api_url,
        approvers=(APPROVER,),
        port=pages,
        public_url=f"http://127.0.0.1:{pages}",
    )


def _free_port() -> int:
    """A port nobody listens on, for the bot's own pages."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def found_manifest() -> Path:
    """manifest.yml: of the folder we stand in, else beside the packages."""
    for folder in (Path.cwd(), Path(__file__).parent.parent):
        if (folder / "manifest.yml").is_file():
            return folder / "manifest.yml"
    raise Misconfigured("manifest.yml was not found. Start the demo in the folder of the repository.")
