"""The sandbox alone, for any Slack app: ``python -m bot.sandbox --manifest manifest.yml [--port 3900]``."""

import argparse
import asyncio
import sys
from pathlib import Path

from bot.sandbox.server import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, Sandbox, manifest


async def serve(options: argparse.Namespace) -> None:
    """Until interrupted."""
    sandbox = Sandbox(manifest(options.manifest), request_url=options.request_url)
    await sandbox.start(options.port)
    sys.stdout.write(
        f"Page:                 {sandbox.url}/\nSLACK_API_URL         {sandbox.api_url}\n"
        f"SLACK_BOT_TOKEN       {BOT_TOKEN}\nSLACK_APP_TOKEN       {APP_TOKEN}\n"
        f"SLACK_SIGNING_SECRET  {SIGNING_SECRET}\n"
    )
    sys.stdout.flush()
    try:
        await asyncio.Event().wait()
    finally:
        await sandbox.stop()


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox", description=__doc__)
    parser.add_argument("--manifest", type=Path, default=Path("manifest.yml"))
    parser.add_argument("--port", type=int, default=3900)
    parser.add_argument("--request-url", help="deliver by signed HTTP to this address instead of Socket Mode")
    try:
        asyncio.run(serve(parser.parse_args()))
    except KeyboardInterrupt:
        pass
    except (OSError, ValueError) as error:
        sys.exit(f"The sandbox could not start: {error}")


if __name__ == "__main__":
    main()
