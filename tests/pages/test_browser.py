"""The demo in a real browser: from /brief to the approved card, with pictures that load."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from browsing import browser_or_skip
from conftest import Start
from PIL import Image

from bot.imaging.picture import png
from bot.sandbox.server import Sandbox

pytestmark = pytest.mark.browser


@pytest.fixture
async def page(sandbox: Sandbox, start: Start) -> AsyncIterator[Any]:
    async with start(), browser_or_skip() as browser:
        made = await browser.new_page(viewport={"width": 1440, "height": 900})
        problems: list[str] = []
        made.on("pageerror", lambda error: problems.append(str(error)))
        await made.goto(sandbox.url)
        await made.wait_for_selector("#composer-text")
        yield made
        assert not problems


async def be(page: Any, name: str) -> None:
    labels = await page.eval_on_selector_all("#person option", "all => all.map(o => o.textContent)")
    await page.select_option("#person", label=next(x for x in labels if x.startswith(name)))


async def say(page: Any, box: str, words: str) -> None:
    await page.fill(box, words)
    await page.keyboard.press("Enter")


async def loaded(page: Any, selector: str) -> None:
    await page.wait_for_selector(selector)
    await page.wait_for_function(
        "s => [...document.querySelectorAll(s)].every(i => i.complete && i.naturalWidth > 0)", arg=selector
    )


async def test_from_brief_to_approved_by_mouse(page: Any) -> None:
    await say(
        page,
        "#composer-text",
        '/brief Summer sale poster for Park Avenue Bakery, 9:16, headline "Fresh at 7"',
    )
    await page.click("[data-kind=brief] .replies")
    await loaded(page, "#replies [data-kind=grid] img")
    await page.wait_for_selector("#replies .reaction[data-emoji=four]")
    await be(page, "Sam")
    await page.click("#replies .reaction[data-emoji=two]")
    await page.wait_for_selector("#replies .reaction[data-emoji=two][aria-pressed=true]")
    await say(page, "#reply-text", "make the background #FFD401 on 2")
    await loaded(page, "#replies [data-kind=draft] img")
    await be(page, "Lea")
    await page.click("#replies button:has-text('Approve 2b')")
    await page.wait_for_selector("#replies [data-kind=approval]:has-text('Approved: 2b')")
    await page.wait_for_selector("#messages [data-kind=brief]:has-text('Approved · 2b')")


async def test_the_form_and_the_large_picture_by_keyboard(page: Any) -> None:
    await say(page, "#composer-text", "/brief")
    await page.wait_for_selector("dialog[open] [data-block=text]")
    assert await page.evaluate("document.activeElement.dataset.block") == "text"
    await page.keyboard.type("🎉")
    await page.click("dialog button[type=submit]")
    await page.wait_for_selector("dialog [aria-invalid=true]")
    await page.fill("[data-block=text]", "A cat in the rain")
    await page.select_option("[data-block=count]", "2")
    await page.click("dialog button[type=submit]")
    await page.click("[data-kind=brief] .replies")
    await loaded(page, "#replies [data-kind=grid] img")
    await page.focus("#replies [data-kind=grid] .image button")
    await page.keyboard.press("Enter")
    await page.wait_for_selector("#large[open] img")
    await page.keyboard.press("Escape")
    await page.wait_for_selector("#large[open]", state="detached")
    await page.click("#replies button:has-text('Open 2')")
    await loaded(page, "dialog[open] img")
    await page.keyboard.press("Escape")
    await page.wait_for_selector("#modal[open]", state="detached")
    await page.keyboard.press("Escape")
    await page.wait_for_selector("#thread", state="hidden")


async def test_a_picture_is_dropped_in_and_becomes_a_draft(page: Any) -> None:
    await say(page, "#composer-text", "/brief a portrait, one draft")
    await page.click("[data-kind=brief] .replies")
    await loaded(page, "#replies [data-kind=grid] img")
    data = png(Image.effect_noise((300, 200), 80).convert("RGB"))
    await page.set_input_files(
        "#reply input[type=file]", {"name": "photo.png", "mimeType": "image/png", "buffer": data}
    )
    await page.wait_for_selector("#reply .files:has-text('photo.png')")
    await page.click("#reply .send")
    await loaded(page, "#replies [data-kind=draft] img")


async def test_a_phones_width_reads_without_scrolling_sideways(page: Any) -> None:
    await page.set_viewport_size({"width": 390, "height": 844})
    await say(page, "#composer-text", "/brief a cat in the rain")
    await page.click("[data-kind=brief] .replies")
    await loaded(page, "#replies [data-kind=grid] img")
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390


async def test_words_of_people_never_become_markup(page: Any) -> None:
    await say(
        page,
        "#composer-text",
        "<img src=x onerror=window.hit=1> <script>window.hit=1</script> *bold* javascript:alert(1)",
    )
    await page.wait_for_selector("#messages strong:has-text('bold')")
    assert await page.evaluate("window.hit === undefined && !document.querySelector('#messages script')")
