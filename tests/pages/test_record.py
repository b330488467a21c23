"""The record of a brief answers the five questions, with the picture and its hash, and gives nothing to strangers."""

from __future__ import annotations

import hashlib

import aiohttp
import pytest
from browsing import browser_or_skip
from conftest import Start
from telling import PEOPLE, Story

from bot.links import Pass

THREAD = """
    mia: /brief <b>Winter</b> sale for Lumen, square, approval: 2 of @lea @tom @noor
    bot: [grid 1 2 3 4]
    sam: make the background #FFD400 on 2
    bot: [before | after 2b]
    lea: 2b is approved
    bot: 2b: approved by
    noor presses Approve 2b
    bot: Approved: 2b, by
"""


async def got(url: str) -> tuple[int, bytes, str]:
    async with aiohttp.ClientSession() as client, client.get(url) as answer:
        return answer.status, await answer.read(), answer.headers["Content-Security-Policy"]


async def test_the_record_answers_who_which_when_by_what_right_and_what_changed_after(
    start: Start, story: Story
) -> None:
    async with start(serve=True) as desk:
        await story.told(THREAD)
        for person in PEOPLE.values():
            await desk.chat.name(person)  # asked once, known from then on
        (brief,) = await desk.store.briefs()
        assert brief.approved is not None and desk.links is not None
        url = desk.links.to_record(brief.id, "2b", brief.approved.at)
        assert url in str(await story.slot("approval:2b"))
        status, body, policy = await got(url)
        page = body.decode()
        assert status == 200 and "default-src 'none'" in policy and "<b>Winter" not in page
        for said in (
            f"Lea Brandt ({PEOPLE['lea']}); Noor Haddad ({PEOPLE['noor']})",
            brief.approved.sha256,
            brief.approved.at.strftime("%Y-%m-%d %H:%M:%S UTC"),
            "The rule: 2 approvers",
            "on the message C0CAMPAIGN/",
            "Nothing.",
            "make the background #FFD400 on 2",
            "0 pixels changed outside",
            "approved 2b",
        ):
            assert said in page, said
        picture = (await got(f"{url}/picture"))[1]
        assert hashlib.sha256(picture).hexdigest() == brief.approved.sha256
        await story.told("noor presses Take back\nbot: 2b: approved by")
        assert "not approved" in (await got(url))[1].decode()
        await story.told("noor presses Approve 2b\ntom presses Layered file\nbot: is here")
        assert "handed over" in (await got(url))[1].decode()


@pytest.mark.parametrize("change", [{"page": "mark"}, {"until": 1}, {"brief": "BNOTHERE00"}])
async def test_a_link_that_is_not_for_this_page_opens_nothing(
    change: dict[str, object], start: Start, story: Story
) -> None:
    async with start(serve=True) as desk:
        await story.told(THREAD)
        (brief,) = await desk.store.briefs()
        assert desk.links is not None
        given = {"page": "record", "brief": brief.id, "version": "2b", "until": 2**40, **change}
        url = desk.links.address(Pass(**given)).replace("/mark/", "/record/")  # type: ignore[arg-type]
        for address in (url, url[:-3] + "AAA"):
            status, body, _ = await got(address)
            assert status == 403 and b"Winter" not in body


@pytest.mark.browser
async def test_the_record_reads_on_a_phone(start: Start, story: Story) -> None:
    async with start(serve=True) as desk, browser_or_skip() as browser:
        await story.told(THREAD)
        (brief,) = await desk.store.briefs()
        assert brief.approved is not None and desk.links is not None
        page = await browser.new_page(viewport={"width": 390, "height": 800})
        await page.goto(desk.links.to_record(brief.id, "2b", brief.approved.at))
        assert await page.locator("dt").all_text_contents() == [
            "Who?",
            "Which exact version?",
            "When?",
            "With what authority?",
            "What changed after?",
        ]
        wide = await page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390 and await page.locator("img").evaluate("i => i.naturalWidth") == 1080
