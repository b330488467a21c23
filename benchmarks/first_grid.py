"""How long until the page is ready, and from /brief to pictures a person can see, in a real browser.

    python benchmarks/first_grid.py [--briefs 5]

Starts the demo as a person would, drives the system's Chromium, and prints seconds.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parent.parent
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-sync",
]
SHOWN = """() => {
    const grids = [...document.querySelectorAll('#replies [data-kind=grid] img')];
    return grids.length && grids.every(i => i.naturalWidth);
}"""


def measure(briefs: int) -> None:
    with tempfile.TemporaryDirectory() as data:
        started = time.monotonic()
        words = [sys.executable, "-m", "bot", "demo", "--no-browser", "--port", "3955", "--data", data]
        demo = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert demo.stdout is not None
        address = demo.stdout.readline().split()[-1]
        print(f"page ready after {time.monotonic() - started:.2f} s")
        try:
            with sync_playwright() as driver:
                browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
                page = browser.new_page()
                page.goto(address)
                page.wait_for_selector("#composer-text")
                for i in range(briefs):
                    began = time.monotonic()
                    page.fill("#composer-text", f"/brief Poster number {i} for Park Avenue Bakery, 9:16")
                    page.keyboard.press("Enter")
                    card = page.locator("#messages [data-kind=brief]").nth(i)
                    card.locator(".replies").click()
                    page.wait_for_function(SHOWN)
                    print(f"/brief to the grid in sight: {time.monotonic() - began:.2f} s")
                    page.click("#close-thread")
                    time.sleep(2)
                browser.close()
        finally:
            demo.terminate()
            demo.wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--briefs", type=int, default=5)
    measure(parser.parse_args().briefs)
