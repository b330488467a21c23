"""The brush and the comparison in a real browser, with a mouse and with touch; and every bad way to send a mask."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import numpy as np
import pytest
from browsing import browser_or_skip
from conftest import Start
from deciding import SAM, do, drafted, picture
from PIL import Image
from telling import PEOPLE, Story

from bot import commands as c
from bot.blocks.thread import version
from bot.imaging import locate
from bot.imaging.picture import png
from bot.links import Pass
from bot.model import Kind, Wish
from handlers.desk import Desk


@dataclass
class Thread:
    """A brief with drafts, and the bot that serves its pages."""

    desk: Desk
    story: Story
    brief: str
    files: Path

    async def kept(self) -> tuple[list[Path], int]:
        """The files that are stored, and how many changes were asked for: neither grows when something is refused."""
        files = await asyncio.to_thread(lambda: sorted(self.files.rglob("*")))
        brief = await self.desk.store.brief(self.brief)
        assert files and brief is not None
        return files, len(brief.changes)

    def mark(self, version: str = "2", once: str = "once", **change: Any) -> str:
        assert self.desk.links is not None
        until = int(self.desk.now().timestamp()) + 3600
        fields = {"page": "mark", "brief": self.brief, "version": version, "until": until}
        return self.desk.links.address(Pass(**{**fields, "person": PEOPLE["sam"], "once": once, **change}))


@pytest.fixture
async def thread(start: Start, story: Story, tmp_path: Path) -> AsyncIterator[Thread]:
    async with start(serve=True) as desk:
        await story.told("mia: /brief Winter sale for Lumen, square\nbot: [grid 1 2 3 4]")
        (brief,) = await desk.store.briefs()
        yield Thread(desk, story, brief.id, tmp_path / "bot" / "files")


async def sent(
    url: str, words: str = "make it #0057B8", mask: bytes | None = None
) -> tuple[int, dict[str, Any]]:
    """What the page sends, sent by hand."""
    picture = base64.b64encode(spot() if mask is None else mask).decode()
    return await posted(
        url, json.dumps({"words": words, "mask": f"data:image/png;base64,{picture}"}).encode()
    )


async def posted(url: str, body: bytes) -> tuple[int, dict[str, Any]]:
    async with aiohttp.ClientSession() as client, client.post(url, data=body) as answer:
        return answer.status, json.loads(await answer.text())


def spot(size: tuple[int, int] = (1080, 1080), box: locate.Box = (100, 100, 300, 240)) -> bytes:
    return png(locate.box_mask(size, box))


async def test_what_is_marked_is_changed_and_nothing_else(thread: Thread) -> None:
    status, told = await sent(thread.mark())
    assert status == 200 and "thread" in told["text"]
    await thread.story.told("bot: [before | after 2b]")
    brief = await thread.desk.store.brief(thread.brief)
    version = brief.version("2b") if brief else None
    assert version is not None and version.by == PEOPLE["sam"] and version.changed_outside == 0
    assert version.mask is not None
    mask = Image.open(io.BytesIO(await thread.desk.files.read(version.mask)))
    assert mask.getbbox() == (100, 100, 300, 240)


async def test_a_link_works_once(thread: Thread) -> None:
    url = thread.mark()
    assert (await sent(url))[0] == 200
    status, told = await sent(url)
    assert status == 409 and "already" in told["text"]
    await thread.story.told("bot: [before | after 2b]")
    await thread.story.settled()
    brief = await thread.desk.store.brief(thread.brief)
    assert brief is not None and len(brief.changes) == 1


async def test_a_link_that_is_forged_expired_or_foreign_opens_nothing(thread: Thread) -> None:
    good = thread.mark()
    was = await thread.kept()
    late = thread.mark(until=int((datetime.now(UTC) - timedelta(minutes=1)).timestamp()))
    body, _, signature = good.rpartition(".")
    wrong = {
        good[:-2] + ("AA" if not good.endswith("AA") else "BB"): "not one of mine",
        body + "x." + signature: "not one of mine",
        late: "expired",
        thread.mark(brief="BXXXXXXXX"): "do not know",
        thread.mark(version="9z"): "do not know",
        good.replace("/mark/", "/compare/"): "another page",
        f"{body}.": "not one of mine",
        re.sub(r"mark/.*", "mark/" + "A" * 4000, good): "not one of mine",
    }
    async with aiohttp.ClientSession() as client:
        for url, says in wrong.items():
            async with client.get(url) as answer:
                assert answer.status == 403 and says in await answer.text(), url
            if "/mark/" in url:
                status, told = await sent(url)
                assert status == 403 and says in told["text"]
    assert await thread.kept() == was


@pytest.mark.parametrize(
    ("mask", "words", "says"),
    [
        (spot(box=(0, 0, 0, 0)), "remove it", "Nothing is marked"),
        (spot((500, 500)), "remove it", "500 x 500"),
        (b"", "remove it", "no picture"),
        (b"<html>", "remove it", "no picture"),
        (spot()[:90], "remove it", "no picture"),
        (spot(), "", "Say what should happen"),
        (spot(), "  \u200b ", "Say what should happen"),
        (b"x" * 50_000_000, "remove it", "too large"),
        (png(Image.new("1", (9000, 9000), 1)), "remove it", "9000 x 9000"),
    ],
    ids=[
        "empty",
        "other size",
        "nothing",
        "a page",
        "half",
        "no words",
        "invisible words",
        "50 MB",
        "a bomb",
    ],
)
async def test_a_mask_that_is_none_is_refused_in_words(
    thread: Thread, mask: bytes, words: str, says: str
) -> None:
    was = await thread.kept()
    status, told = await sent(thread.mark(), words, mask)
    assert status == 400 and says in told["text"], told
    assert await thread.kept() == was


async def test_a_see_through_mask_means_what_is_painted(thread: Thread) -> None:
    clear = Image.new("RGBA", (1080, 1080), (0, 0, 0, 0))
    clear.paste((200, 30, 60, 255), (50, 60, 150, 160))
    assert (await sent(thread.mark(), mask=png(clear)))[0] == 200
    await thread.story.told("bot: [before | after 2b]")
    brief = await thread.desk.store.brief(thread.brief)
    version = brief.version("2b") if brief else None
    assert version is not None and version.mask_share == pytest.approx(100 * 100 / 1080**2)


async def test_a_closed_brief_takes_no_marks(thread: Thread) -> None:
    await thread.story.told("lea: 2 is approved\nbot: Approved: 2")
    status, told = await sent(thread.mark())
    assert status == 403 and "approved" in told["text"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"words": 1}',
        b'{"words": "x", "mask": 7}',
        b'{"words": "x", "mask": "%"}',
    ],
)
async def test_what_is_no_form_is_refused_in_words(thread: Thread, body: bytes) -> None:
    status, told = await posted(thread.mark(), body)
    assert status == 400 and "whole" in told["text"]


async def test_a_version_that_was_undone_takes_no_marks(thread: Thread) -> None:
    await thread.story.told(
        "sam: make the background #336699 on 2\nbot: [before | after 2b]\nsam: undo\nbot: Undone"
    )
    status, told = await sent(thread.mark("2b"))
    assert status == 403 and "undone" in told["text"]


@pytest.fixture
async def page(request: pytest.FixtureRequest) -> AsyncIterator[Any]:
    async with browser_or_skip() as browser:
        touch = getattr(request, "param", "mouse") == "touch"
        viewport = {"width": 390, "height": 780} if touch else {"width": 1200, "height": 800}
        context = await browser.new_context(viewport=viewport, has_touch=touch, is_mobile=touch)
        made = await context.new_page()
        problems: list[str] = []
        made.on("pageerror", lambda error: problems.append(str(error)))
        made.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
        yield made
        assert not [p for p in problems if "400" not in p]


async def touched(page: Any, points: list[tuple[float, float]]) -> None:
    """One finger drawn along points."""
    session = await page.context.new_cdp_session(page)
    for kind, (x, y) in zip(["touchStart", *["touchMove"] * (len(points) - 1)], points, strict=True):
        await session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    await session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


@pytest.mark.browser
@pytest.mark.parametrize("page", ["mouse", "touch"], indirect=True)
async def test_a_person_paints_says_and_sends(thread: Thread, page: Any) -> None:
    await page.goto(thread.mark())
    await page.wait_for_selector("body[data-ready]")
    await page.click("#send")
    assert "Paint or box" in await page.inner_text("#said")
    box = await page.locator("#stage").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    if page.viewport_size["width"] < 500:
        await touched(page, [(x - 60, y), (x, y + 10), (x + 60, y)])
    else:
        await page.mouse.move(x - 60, y)
        await page.mouse.down()
        await page.mouse.move(x + 60, y, steps=8)
        await page.mouse.up()
    await page.fill("#words", "make it #0057B8")
    await page.click("#send")
    await page.wait_for_selector("#said:has-text('Sent')")
    await thread.story.told("bot: [before | after 2b]")
    brief = await thread.desk.store.brief(thread.brief)
    version = brief.version("2b") if brief else None
    assert version is not None and version.mask is not None
    mask = np.asarray(Image.open(io.BytesIO(await thread.desk.files.read(version.mask)))) > 0
    rows, columns = np.nonzero(mask)
    assert abs(rows.mean() - 540) < 60 and abs(columns.mean() - 540) < 60
    assert np.ptp(columns) > 2 * np.ptp(rows) and 0.002 < mask.mean() < 0.2


@pytest.mark.browser
async def test_box_erase_undo_and_the_keyboard(thread: Thread, page: Any) -> None:
    await page.goto(thread.mark())
    await page.wait_for_selector("body[data-ready]")
    painted = "() => { const c = document.querySelector('#stage canvas'); const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; let n = 0; for (let i = 3; i < d.length; i += 4) n += d[i] > 127; return n; }"  # noqa: E501
    box = await page.locator("#stage").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    await page.click("#box")
    await page.mouse.move(x - 50, y - 50)
    await page.mouse.down()
    await page.mouse.move(x + 50, y + 50, steps=4)
    await page.mouse.up()
    boxed = await page.evaluate(painted)
    await page.click("#erase")
    await page.mouse.move(x - 60, y)
    await page.mouse.down()
    await page.mouse.move(x + 60, y, steps=4)
    await page.mouse.up()
    erased = await page.evaluate(painted)
    assert 0 < erased < boxed
    await page.click("#undo")
    assert await page.evaluate(painted) == boxed
    await page.click("#clear")
    assert await page.evaluate(painted) == 0
    await page.click("#brush")
    await page.focus("#stage")
    for key in ("ArrowLeft", "Space", "ArrowRight", "Space", "]", "Space"):
        await page.keyboard.press(key)
    assert await page.evaluate(painted) > 0
    before = await page.evaluate("document.querySelector('#stage canvas').style.transform")
    await page.keyboard.press("+")
    assert await page.evaluate("document.querySelector('#stage canvas').style.transform") != before


@pytest.mark.browser
@pytest.mark.parametrize("page", ["mouse", "touch"], indirect=True)
async def test_before_and_after_are_compared(thread: Thread, page: Any) -> None:
    await thread.story.told("sam: make the background #336699 on 2\nbot: [before | after 2b]")
    shown = await thread.story.slot("version:2b")
    url = next(e["url"] for b in shown["blocks"] for e in b.get("elements") or [] if e.get("url"))
    await page.goto(url)
    await page.wait_for_selector("body[data-ready]")
    clip = "document.querySelectorAll('#stage img')[1].style.clipPath"
    half = await page.evaluate(clip)
    await page.evaluate(
        "const p = document.getElementById('part'); p.value = 100; p.dispatchEvent(new Event('input'))"
    )
    assert await page.evaluate(clip) != half
    await page.click("#blink")
    await page.wait_for_selector("#said:text-matches('^2b?$')")
    await page.click("#differ")
    said = await page.inner_text("#said")
    assert "pixels differ" in said and not said.startswith("0 of")


def test_the_thread_offers_the_pages_only_where_there_are_any() -> None:
    brief = do(drafted(), c.Fix("B1", SAM, 2, Wish(Kind.RECOLOUR, "make it navy", (2,))))
    brief = do(brief, c.TakeVersion("B1", 1, "2", picture(9)))
    changed = brief.version("2b")
    assert changed is not None
    with_page, without = (
        json.dumps(version(brief, changed, "F1", page, marks=page is not None).blocks)
        for page in ("https://x/c", None)
    )
    assert "Mark the spot" in with_page and "Mark the spot" not in without
