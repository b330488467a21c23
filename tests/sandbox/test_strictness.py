"""The sandbox refuses what Slack refuses."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.limits import Fault
from bot.sandbox.server import APP_TOKEN, BOT_TOKEN, Sandbox, manifest
from bot.sandbox.workspace import BOT_USER

ROOT = Path(__file__).parent.parent.parent
C, MIA = "C0CAMPAIGN", "U000000MIA"


@pytest.fixture
async def strict() -> AsyncIterator[Sandbox]:
    made = Sandbox(manifest(ROOT / "manifest.yml"), file_delay=0.3)
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
def slack(strict: Sandbox) -> AsyncWebClient:
    return AsyncWebClient(token=BOT_TOKEN, base_url=strict.api_url, retry_handlers=[])


async def refused(work: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        await work
    return str(caught.value.response["error"])


def section(text: str = "hi") -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


async def test_arguments_come_from_query_form_and_json(strict: Sandbox, slack: AsyncWebClient) -> None:
    ts = (await slack.chat_postMessage(channel=C, text="json"))["ts"]
    await slack.reactions_add(channel=C, timestamp=ts, name="one")  # the SDK puts these into the query
    strict.clock.move(2)
    async with aiohttp.ClientSession() as session:
        form = {"channel": C, "text": "form", "token": BOT_TOKEN}
        answer = await (await session.post(strict.api_url + "chat.postMessage", data=form)).json()
        assert answer["ok"]
        headers = {"Authorization": f"Bearer {BOT_TOKEN}"}
        bare = await session.post(strict.api_url + "users.info", json={"user": MIA}, headers=headers)
        assert (await bare.json())["error"] == "user_not_found"  # this method takes no JSON


async def test_one_message_a_second_in_a_channel(strict: Sandbox, slack: AsyncWebClient) -> None:
    await slack.chat_postMessage(channel=C, text="a")
    with pytest.raises(SlackApiError) as caught:
        await slack.chat_postMessage(channel=C, text="b")
    assert caught.value.response.status_code == 429 and caught.value.response.headers["Retry-After"] == "1"
    await slack.chat_postMessage(channel="C000LEADS0", text="elsewhere")
    strict.clock.move(1)
    await slack.chat_postMessage(channel=C, text="b")


async def test_tiers_count_by_the_minute(strict: Sandbox, slack: AsyncWebClient) -> None:
    for _ in range(20):
        await slack.users_list()
    assert await refused(slack.users_list()) == "ratelimited"
    strict.clock.move(61)
    await slack.users_list()


async def test_scopes_are_the_manifests(strict: Sandbox, slack: AsyncWebClient) -> None:
    assert await refused(slack.emoji_list()) == "missing_scope"
    dm = (await slack.conversations_open(users=MIA))["channel"]["id"]
    assert await refused(slack.conversations_history(channel=dm)) == "missing_scope"
    assert (
        await refused(AsyncWebClient(token="xoxb-no", base_url=strict.api_url).auth_test()) == "invalid_auth"
    )
    wrong = AsyncWebClient(token=APP_TOKEN, base_url=strict.api_url)
    assert await refused(wrong.chat_postMessage(channel=C, text="x")) == "not_allowed_token_type"
    assert await refused(slack.api_call("chat.fly")) == "unknown_method"


async def test_where_the_app_is_no_member_it_sees_and_does_nothing(
    strict: Sandbox, slack: AsyncWebClient
) -> None:
    assert await refused(slack.chat_postMessage(channel="C00RANDOM0", text="x")) == "not_in_channel"
    said = await strict.people.say(MIA, "C00RANDOM0", "lunch?")
    assert said is not None
    assert (
        await refused(slack.reactions_add(channel="C00RANDOM0", timestamp=said["ts"], name="one"))
        == "not_in_channel"
    )
    strict.people.react(MIA, "C00RANDOM0", said["ts"], "one")
    await strict.delivery.quiet()
    assert not strict.delivery.log
    theirs = strict.people.upload(MIA, "a.png", b"\x89PNG")
    assert await refused(slack.files_info(file=theirs.id)) == "file_not_found"


@pytest.mark.parametrize(
    "block",
    [
        section("x" * 3001),
        {"type": "header", "text": {"type": "plain_text", "text": "x" * 151}},
        {"type": "image", "image_url": "https://x.org/a.png"},
        {"type": "image", "alt_text": "no picture"},
        {"type": "image", "alt_text": "x", "slack_file": {"id": "F1"}},
        {"type": "image", "alt_text": "x", "image_url": "http://127.0.0.1/a.png"},
        {
            "type": "actions",
            "elements": [
                {"type": "button", "action_id": "a", "text": {"type": "plain_text", "text": "x" * 76}}
            ],
        },
        {"type": "actions", "elements": []},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "x"}] * 11},
        {**section(), "colour": "red"},
        {"type": "sparkle"},
    ],
)
async def test_blocks_that_slack_refuses(slack: AsyncWebClient, block: dict[str, Any]) -> None:
    assert await refused(slack.chat_postMessage(channel=C, text="x", blocks=[block])) == "invalid_blocks"


async def test_messages_that_slack_refuses(strict: Sandbox, slack: AsyncWebClient) -> None:
    strict.web_api._limits.strict = False
    assert (
        await refused(slack.chat_postMessage(channel=C, text="x", blocks=[section()] * 51))
        == "invalid_blocks"
    )
    assert await refused(slack.api_call("chat.postMessage", json={"channel": C, "text": ""})) == "no_text"
    assert await refused(slack.chat_postMessage(channel="C0", text="x")) == "channel_not_found"
    assert await refused(slack.chat_postMessage(channel=C, text="x", thread_ts="1.0")) == "message_not_found"
    big = {"event_type": "x", "event_payload": {"k": "y" * 17000}}
    assert await refused(slack.chat_postMessage(channel=C, text="x", metadata=big)) == "metadata_too_large"
    ts = (await slack.chat_postMessage(channel=C, text="x", blocks=[section()]))["ts"]
    assert await refused(slack.chat_update(channel=C, ts=ts, text="x" * 4001)) == "msg_too_long"
    await slack.chat_update(channel=C, ts=ts, text="only words")
    assert strict.workspace.message(C, ts)["blocks"]  # blocks that are not mentioned stay
    theirs = await strict.people.say(MIA, C, "mine")
    assert (
        theirs
        and await refused(slack.chat_update(channel=C, ts=theirs["ts"], text="x")) == "cant_update_message"
    )


async def test_a_file_is_not_ready_when_the_upload_returns(strict: Sandbox, slack: AsyncWebClient) -> None:
    given = await slack.files_getUploadURLExternal(filename="a.png", length=4)
    async with aiohttp.ClientSession() as session:
        assert (await session.post(given["upload_url"], data=b"12345")).status == 400
        assert (await session.post(given["upload_url"], data=b"\x89PNG")).status == 200
    await slack.files_completeUploadExternal(files=[{"id": given["file_id"], "title": "a"}])
    image = {"type": "image", "alt_text": "a", "slack_file": {"id": given["file_id"]}}
    with pytest.raises(SlackApiError) as caught:
        await slack.chat_postMessage(channel=C, text="x", blocks=[image])
    assert "invalid slack file" in str(caught.value.response["errors"])
    assert "mimetype" not in (await slack.files_info(file=given["file_id"]))["file"]
    strict.clock.move(2)
    assert (await slack.files_info(file=given["file_id"]))["file"]["mimetype"] == "image/png"
    await slack.chat_postMessage(channel=C, text="x", blocks=[image])


async def test_a_file_is_handed_out_only_with_the_token(strict: Sandbox, slack: AsyncWebClient) -> None:
    file = strict.people.upload(MIA, "a.png", b"\x89PNG...")
    await strict.people.say(MIA, C, "look", files=(file.id,))
    async with aiohttp.ClientSession() as session:
        url = f"{strict.url}/files/{file.id}"
        assert (await session.get(url)).status == 403
        assert (await session.get(url, headers={"Authorization": "Bearer no"})).status == 403
        good = await session.get(url, headers={"Authorization": f"Bearer {BOT_TOKEN}"})
        assert await good.read() == b"\x89PNG..."


async def test_reactions_are_one_each(slack: AsyncWebClient) -> None:
    ts = (await slack.chat_postMessage(channel=C, text="x"))["ts"]
    await slack.reactions_add(channel=C, timestamp=ts, name="one")
    assert await refused(slack.reactions_add(channel=C, timestamp=ts, name="one")) == "already_reacted"
    assert await refused(slack.reactions_remove(channel=C, timestamp=ts, name="two")) == "no_reaction"
    assert await refused(slack.reactions_add(channel=C, timestamp=ts, name="no_such_emoji")) == "invalid_name"


async def test_a_trigger_works_once_and_for_three_seconds(strict: Sandbox, slack: AsyncWebClient) -> None:
    view = {"type": "modal", "title": {"type": "plain_text", "text": "t"}, "blocks": [section()]}
    trigger = strict.triggers.trigger(MIA)
    await slack.views_open(trigger_id=trigger, view=view)
    assert await refused(slack.views_open(trigger_id=trigger, view=view)) == "exchanged_trigger_id"
    late = strict.triggers.trigger(MIA)
    strict.clock.move(3.5)
    assert await refused(slack.views_open(trigger_id=late, view=view)) == "expired_trigger_id"
    assert await refused(slack.views_open(trigger_id="1.2.3", view=view)) == "invalid_trigger_id"
    long = {**view, "title": {"type": "plain_text", "text": "x" * 25}}
    assert (
        await refused(slack.views_open(trigger_id=strict.triggers.trigger(MIA), view=long))
        == "invalid_arguments"
    )


async def test_a_response_url_works_five_times_in_half_an_hour(strict: Sandbox) -> None:
    name = strict.triggers.response(C, MIA)
    async with aiohttp.ClientSession() as session:
        url = f"{strict.url}/respond/{name}"
        assert [(await session.post(url, json={"text": "x"})).status for _ in range(6)] == [200] * 5 + [404]
        other = f"{strict.url}/respond/{strict.triggers.response(C, MIA)}"
        strict.clock.move(1801)
        assert (await session.post(other, json={"text": "x"})).status == 404
    assert len(strict.workspace.ephemerals[MIA]) == 5


async def test_an_event_without_an_answer_comes_again_with_its_number() -> None:
    seen: list[tuple[str | None, str | None]] = []

    async def deaf(request: aiohttp.web.Request) -> aiohttp.web.Response:
        seen.append((request.headers.get("X-Slack-Retry-Num"), request.headers.get("X-Slack-Retry-Reason")))
        return aiohttp.web.Response(status=500)

    app = aiohttp.web.Application()
    app.router.add_post("/slack/events", deaf)
    runner = aiohttp.web.AppRunner(app)
    await runner.setup()
    await aiohttp.web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    made = Sandbox(manifest(ROOT / "manifest.yml"), request_url=url)
    await made.start()
    await made.people.say(MIA, C, "hello")
    for moved in (0, 61, 301):
        made.clock.move(moved)
        ends = time.monotonic() + 5
        want = {0: 2, 61: 3, 301: 4}[moved]
        while len(seen) < want and time.monotonic() < ends:
            await asyncio.sleep(0.02)
    assert seen == [(None, None), ("1", "http_error"), ("2", "http_error"), ("3", "http_error")]
    await made.stop()
    await runner.cleanup()


async def test_own_posts_and_changes_are_heard_as_events(strict: Sandbox, slack: AsyncWebClient) -> None:
    ts = (await slack.chat_postMessage(channel=C, text="x"))["ts"]
    await slack.chat_update(channel=C, ts=ts, text="y")
    await strict.delivery.quiet(0.3)
    assert len(strict.delivery._tasks) + len(strict.delivery.log) >= 2


async def test_faults_break_what_they_name_and_nothing_else(strict: Sandbox, slack: AsyncWebClient) -> None:
    strict.faults.calls = [Fault("chat.postMessage", "drop_after")]
    with pytest.raises((aiohttp.ClientError, SlackApiError)):
        await slack.chat_postMessage(channel=C, text="it got through")
    assert strict.workspace.messages[C][-1]["text"] == "it got through"
    strict.faults.add("auth.test", "500")
    with pytest.raises(SlackApiError):
        await slack.auth_test()
    assert (await slack.auth_test())["user_id"] == BOT_USER


async def test_the_page_answers_only_this_machine_and_its_own_page(strict: Sandbox) -> None:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        assert (await session.get(strict.url, headers={"Host": "evil.example"})).status == 403
        deed = f"{strict.url}/sandbox/say"
        body = {"user": MIA, "channel": C, "text": "x"}
        assert (await session.post(deed, json=body)).status == 403
        await session.get(strict.url)
        assert (await session.post(deed, json=body, headers={"Origin": "http://evil.example"})).status == 403
        assert (await session.post(deed, json=body)).status == 200
        assert (await session.post(deed, json={"user": MIA})).status == 400
