"""One suite over every engine: drawing, changing, every status and block, the key, and where it may go."""

from __future__ import annotations

import asyncio
import json
import logging
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from engines.providers import BASES, DOUBLES, EDITING, KEY, WORKFLOW, Double, Reply, drawn
from PIL import Image

from bot import briefing
from bot.engines import catalogue, table
from bot.engines.engine import Asked, Subject
from bot.engines.remote import Remote
from bot.errors import Blocked, Busy, Declined, Lost, Misconfigured, ProofthreadError, Rejected, Unknown
from bot.fixing.fix import fix
from bot.imaging import locate
from bot.model import Kind, Wanted, Wish
from bot.settings import OWN, Access

CATALOGUE = catalogue.read()
TODAY = date(2026, 11, 21)
MODELS = [m.id for m in CATALOGUE.models.values() if not m.retired(TODAY)]
DRAWING = [m for m in MODELS if CATALOGUE.models[m].draws]
MASKED = [m for m in MODELS if CATALOGUE.models[m].edits & {Kind.INPAINT, Kind.REMOVE}]


def wanted(text: str = "Winter sale for Lumen, square") -> Wanted:
    return briefing.read(text, now=datetime(2026, 11, 21, tzinfo=UTC), zone=UTC)


@pytest.fixture
def workflows(tmp_path: Path) -> Path:
    (tmp_path / "draw.json").write_text(json.dumps(WORKFLOW))
    (tmp_path / "edit.json").write_text(json.dumps(EDITING))
    return tmp_path


@pytest.fixture
def double(request: pytest.FixtureRequest) -> Double:
    return DOUBLES[CATALOGUE.models[request.param].provider]()


def engine(
    model: str, double: Double, workflows: Path | None = None, key: str = KEY, transport: Any = None
) -> Remote:
    provider = CATALOGUE.models[model].provider
    double.base = BASES[provider]
    access = {provider: Access(key, BASES[provider], workflow=workflows)}
    engines = table.opened(CATALOGUE, access, TODAY, transport=transport or double.transport(), pace=0.001)
    found = engines[model]
    assert isinstance(found, Remote)
    return found


def made(model: str) -> Double:
    return DOUBLES[CATALOGUE.models[model].provider]()


def draw(engine: Remote, size: tuple[int, int] = (1080, 1080), **how: Any) -> Any:
    given = {"n": 1, "wish": "", "references": (), "seed": 0, **how}
    return asyncio.run(engine.draw(wanted(), size=size, **given))


def ask(engine: Remote) -> Any:
    """Have a model do what it is there for."""
    known = engine.model
    if known.draws:
        return draw(engine)
    if known.locates:
        hand = Wish(Kind.INPAINT, region="hand")
        return asyncio.run(engine.locate(Subject(drawn("x", (300, 300))), hand))
    subject = Subject(drawn("x", (1024, 1024)))
    if known.clips:
        return asyncio.run(engine.animate(subject.picture, "steam rises", seconds=known.clips[0]))
    mask = locate.box_mask((1024, 1024), (300, 300, 600, 600))
    return asyncio.run(engine.edit(subject, mask, Wish(next(iter(known.edits)), "x", region="it"), ()))


@pytest.mark.parametrize("model", DRAWING)
@pytest.mark.parametrize("size", [(1080, 1080), (1080, 1920), (1200, 628)])
def test_every_engine_draws_a_picture_of_about_the_shape_asked_for(
    model: str, size: tuple[int, int], workflows: Path
) -> None:
    double = made(model)
    (drawing,) = draw(engine(model, double, workflows), size)
    assert len(double.ledger) == 1
    if model != "flux-3-image":  # its double draws squares
        assert abs(np.log(drawing.picture.width / drawing.picture.height * size[1] / size[0])) < 0.12
    assert drawing.original and drawing.request["method"] == "POST"
    assert KEY not in json.dumps(drawing.request)
    price = CATALOGUE.models[model].price(size)
    assert drawing.estimated == (price > 0 and CATALOGUE.models[model].provider in ("gemini", "ark", "fal"))
    assert drawing.usd > 0 or price == 0


@pytest.mark.parametrize("model", [m for m in DRAWING if CATALOGUE.models[m].references])
def test_the_chosen_draft_and_the_references_go_along_as_far_as_the_model_takes_them(
    model: str, workflows: Path
) -> None:
    double = made(model)
    like, reference = Subject(drawn("a", (512, 512))), drawn("b", (300, 200))
    draw(engine(model, double, workflows), wish="warmer", like=like, references=[reference] * 9)
    assert len(double.ledger) == 1 and "change only this: warmer" in double.ledger[0]


@pytest.mark.parametrize("model", MASKED)
def test_an_edit_by_every_engine_passes_the_same_proof(model: str, workflows: Path) -> None:
    double, picture = made(model), drawn("the picture", (1100, 900))
    kind = Kind.INPAINT if Kind.INPAINT in CATALOGUE.models[model].edits else Kind.REMOVE
    one = engine(model, double, workflows)
    wish = Wish(kind, "fix the hand", region="hand")
    box = (400, 300, 640, 560) if one.abilities.mask != "none" else None
    mask = locate.box_mask(picture.size, box or (400, 300, 700, 600))
    try:
        fixed = asyncio.run(fix(Subject(picture), wish, one, mask=mask))
    except (
        Declined
    ) as why:  # without a mask the double changes its own idea of a middle: that must be caught, in words
        assert one.abilities.mask == "none" and "Nothing was changed" in str(why)
        return
    differs = (np.asarray(picture) != np.asarray(fixed.picture)).any(axis=2)
    assert not (differs & (np.asarray(mask) == 0)).any() and differs.any()
    assert fixed.drawing.original and fixed.drawing.usd >= 0


def test_outpainting_by_a_model_leaves_the_picture_itself_untouched(workflows: Path) -> None:
    model = "flux-pro-1.0-expand"
    double, picture = made(model), drawn("the picture", (800, 800))
    wish = Wish(Kind.OUTPAINT, "make it 16:9", ratio="16:9")
    try:
        fixed = asyncio.run(fix(Subject(picture), wish, engine(model, double, workflows)))
    except Declined as why:
        pytest.fail(str(why))
    at = (fixed.picture.width - 800) // 2
    assert fixed.picture.size == (1422, 800) and len(double.ledger) == 1
    assert fixed.picture.crop((at, 0, at + 800, 800)).tobytes() == picture.tobytes()


def test_enlarging_by_a_model_is_the_same_picture_in_more_pixels(workflows: Path) -> None:
    model = "fal-ai/clarity-upscaler"
    double, picture = made(model), drawn("the picture", (500, 400))
    fixed = asyncio.run(
        fix(Subject(picture), Wish(Kind.UPSCALE, "upscale it"), engine(model, double, workflows))
    )
    assert fixed.picture.size == (1000, 800) and len(double.ledger) == 1


@pytest.mark.parametrize("model", [m for m in MODELS if CATALOGUE.models[m].locates])
def test_a_locator_tells_where_a_thing_is(model: str, workflows: Path) -> None:
    picture = drawn("the picture", (800, 400))
    wish = Wish(Kind.INPAINT, "fix the hand", region="hand")
    found = asyncio.run(engine(model, made(model), workflows).locate(Subject(picture), wish))
    assert found is not None and found.mask.getbbox() is not None and found.confidence >= 0.7


STATUSES: list[tuple[int, dict[str, str], type[ProofthreadError]]] = [
    (400, {}, Declined),
    (401, {}, Misconfigured),
    (402, {}, Misconfigured),
    (403, {}, Misconfigured),
    (404, {}, Unknown),
    (408, {}, Busy),
    (409, {}, Busy),
    (413, {}, Declined),
    (422, {}, Declined),
    (429, {"retry-after": "7"}, Busy),
    (500, {}, Busy),
    (502, {}, Lost),
    (503, {"retry-after": "3"}, Busy),
    (504, {}, Lost),
    (301, {"location": "https://elsewhere.example/"}, Declined),
    (307, {"location": "https://elsewhere.example/"}, Declined),
]


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(("status", "headers", "error"), STATUSES, ids=[str(s) for s, _, _ in STATUSES])
def test_every_status_becomes_one_of_our_errors_in_words_without_the_key(
    model: str,
    status: int,
    headers: dict[str, str],
    error: type[ProofthreadError],
    workflows: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    double, known = made(model), CATALOGUE.models[model]
    double.next = [Reply(status, {"error": {"message": f"no, {KEY}", "code": "x"}}, headers)] * 3
    one = engine(model, double, workflows)
    with pytest.raises(error) as caught:
        ask(one)
    said = str(caught.value)
    named = CATALOGUE.providers[known.provider].name
    assert (
        said and (said[0].isupper() or said.startswith(named)) and KEY not in said and "Traceback" not in said
    )
    assert not double.ledger and not any("elsewhere" in c.headers.get("host", "") for c in double.calls)
    assert KEY not in caplog.text
    if status == 429:
        assert getattr(caught.value, "after", None) == 7


def test_a_gateway_that_cuts_a_free_call_is_only_busy(workflows: Path) -> None:
    double = made("gemini-3.8-flash")
    double.next = [Reply(504, {})]
    one = engine("gemini-3.8-flash", double, workflows)
    with pytest.raises(Busy):
        asyncio.run(one.wire.call(_post(), one.adapter.trouble, paid=False, patience=5.0))


GEMINI = "gemini-nano-banana-2.1"
BLOCKS: list[tuple[str, Reply]] = [
    (GEMINI, Reply(200, {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}})),
    *(
        (GEMINI, Reply(200, {"candidates": [{"finishReason": reason, "index": 0}]}))
        for reason in ("IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION", "SAFETY", "RECITATION")
    ),
    (
        "gpt-image-2",
        Reply(
            400,
            {
                "error": {
                    "code": "moderation_blocked",
                    "type": "image_generation_user_error",
                    "message": "no",
                    "moderation_details": {"moderation_stage": "input", "categories": ["violence"]},
                }
            },
        ),
    ),
    ("grok-imagine-image-2.0", Reply(200, {"data": [{"b64_json": None, "respect_moderation": False}]})),
    *(
        ("seedream-5-5-261028", Reply(400, {"error": {"code": code, "message": "no"}}))
        for code in (
            "OutputImageSensitiveContentDetected",
            "InputTextSensitiveContentDetected",
            "InputTextRiskDetection",
        )
    ),
    (
        "seedream-5-5-261028",
        Reply(200, {"data": [{"error": {"code": "OutputImageSensitiveContentDetected"}}]}),
    ),
    ("flux-2-pro", Reply(200, {"id": "a", "status": "Request Moderated"})),
]


@pytest.mark.parametrize(("model", "reply"), BLOCKS, ids=[f"{m}-{i}" for i, (m, _) in enumerate(BLOCKS)])
def test_a_safety_block_is_told_apart_and_never_asked_twice(
    model: str, reply: Reply, workflows: Path
) -> None:
    double = made(model)
    double.next = [reply]
    with pytest.raises(Blocked, match="in other words"):
        draw(engine(model, double, workflows))
    assert sum(c.method == "POST" for c in double.calls) == 1


def test_what_bfl_finds_while_polling_is_a_block_too(workflows: Path) -> None:
    double = made("flux-2-pro")

    def handler(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return httpx.Response(
                200, json={"id": "a", "polling_url": "https://api.eu1.bfl.ai/v1/get_result?id=a"}
            )
        assert request.url.host == "api.eu1.bfl.ai" and request.headers["x-key"] == KEY
        return httpx.Response(
            200, json={"status": "Content Moderated", "details": {"Moderation Reasons": ["faces"]}}
        )

    with pytest.raises(Blocked, match="faces"):
        draw(engine("flux-2-pro", double, workflows, transport=httpx.MockTransport(handler)))


def test_geminis_delay_stands_in_the_body_and_a_daily_quota_is_told_from_a_burst(workflows: Path) -> None:
    def quota(name: str) -> Reply:
        details = [
            {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [{"quotaId": name}]},
            {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "34s"},
        ]
        return Reply(429, {"error": {"code": 429, "status": "RESOURCE_EXHAUSTED", "details": details}})

    for name, after in (
        ("GenerateRequestsPerMinutePerProject", 34.0),
        ("GenerateRequestsPerDayPerProject", 3600.0),
    ):
        double = made(GEMINI)
        double.next = [quota(name)]
        with pytest.raises(Busy) as busy:
            draw(engine(GEMINI, double, workflows))
        assert busy.value.after == after


def test_after_a_pause_is_asked_for_nobody_asks_again_until_it_is_over(workflows: Path) -> None:
    double = made("gpt-image-2")
    double.next = [Reply(429, {}, {"retry-after": "60"})]
    one = engine("gpt-image-2", double, workflows)
    for _ in range(3):
        with pytest.raises(Busy):
            draw(one)
    assert len(double.calls) == 1


@pytest.mark.parametrize("model", [m for m in MODELS if CATALOGUE.models[m].provider not in OWN])
def test_a_wrong_key_is_the_operators_to_mend(model: str, workflows: Path) -> None:
    known, double = CATALOGUE.models[model], made(model)
    one = engine(model, double, workflows, key="sk-another-key-entirely-987654")
    with pytest.raises(Misconfigured, match=CATALOGUE.providers[known.provider].key) as caught:
        ask(one)
    assert "987654" not in str(caught.value)


ODD: dict[str, Reply] = {
    "an HTML page": Reply(
        200, headers={"content-type": "text/html"}, content=b"<!doctype html><title>hi</title>"
    ),
    "nothing": Reply(200, content=b""),
    "null": Reply(200, None),
    "a list": Reply(200, []),
    "half a JSON": Reply(200, content=b'{"data": [{"b64_'),
    "no picture": Reply(200, {"data": [], "candidates": [], "images": []}),
    "a text for a picture": Reply(200, {"data": [{"b64_json": "aGVsbG8="}]}),
    "deep": Reply(200, content=b"[" * 100_000),
}


@pytest.mark.parametrize("model", DRAWING)
@pytest.mark.parametrize("odd", ODD)
def test_rubbish_for_an_answer_is_rejected_in_words(model: str, odd: str, workflows: Path) -> None:
    double = made(model)
    double.next = [ODD[odd]]
    with pytest.raises(Rejected):
        draw(engine(model, double, workflows))


BAD_LINKS = (
    "http://delivery.bfl.ai/x.png",
    "https://bfl.ai.evil.example/x.png",
    "https://evil.example/x.png",
    "https://169.254.169.254/latest/meta-data",
    "file:///etc/passwd",
    "ftp://bfl.ai/x",
    "//bfl.ai/x",
    "https://user@evil.example\\@bfl.ai/x",
    "",
)


@pytest.mark.parametrize("link", BAD_LINKS)
@pytest.mark.parametrize("where", ["poll", "sample"])
def test_links_lead_only_to_the_providers_own_hosts(link: str, where: str, workflows: Path) -> None:
    asked: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        if request.method == "POST":
            poll = link if where == "poll" else "https://api.bfl.ai/v1/get_result?id=a"
            return httpx.Response(200, json={"id": "a", "polling_url": poll})
        return httpx.Response(200, json={"status": "Ready", "result": {"sample": link}})

    with pytest.raises(Declined):
        draw(engine("flux-2-pro", made("flux-2-pro"), workflows, transport=httpx.MockTransport(handler)))
    assert all(a.startswith("https://api.bfl.ai/") for a in asked)


def test_a_result_is_fetched_without_the_key_and_may_move_only_within_the_house(workflows: Path) -> None:
    good = made("flux-2-pro").kept(drawn("x", (256, 256)))
    seen: list[tuple[str, bool]] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append((request.url.host, "x-key" in request.headers))
        if request.method == "POST":
            return httpx.Response(
                200, json={"id": "a", "polling_url": "https://api.us1.bfl.ai/v1/get_result?id=a"}
            )
        if request.url.path == "/v1/get_result":
            return httpx.Response(200, json={"status": "Ready", "result": {"sample": "https://a.bfl.ai/1"}})
        if request.url.path == "/1":
            return httpx.Response(302, headers={"location": "https://b.bfl.ai/2"})
        if request.url.path == "/2":
            return httpx.Response(302, headers={"location": "https://evil.example/3"})
        return httpx.Response(200, content=b"")

    with pytest.raises(Declined, match="not its own"):
        draw(engine("flux-2-pro", made("flux-2-pro"), workflows, transport=httpx.MockTransport(handler)))
    assert (
        seen == [("api.bfl.ai", True), ("api.us1.bfl.ai", True), ("a.bfl.ai", False), ("b.bfl.ai", False)]
        and good
    )


def test_a_bomb_for_a_picture_is_not_opened(workflows: Path) -> None:
    from engines.providers import png as as_png

    bomb = as_png(Image.new("1", (30_000, 30_000)))
    assert len(bomb) < 200_000

    def handler(request: httpx.Request) -> httpx.Response:
        import base64

        return httpx.Response(200, json={"data": [{"b64_json": base64.b64encode(bomb).decode()}]})

    with pytest.raises(Rejected):
        draw(engine("gpt-image-2", made("gpt-image-2"), workflows, transport=httpx.MockTransport(handler)))


def test_an_endless_answer_is_cut_off(workflows: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.engines import wire

    monkeypatch.setattr(wire, "MOST_ANSWER", 1_000_000)

    class Endless(httpx.AsyncByteStream):
        async def __aiter__(self) -> Any:
            while True:
                yield b"x" * 65536

    def handler(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, stream=Endless())

    one = engine("gpt-image-2", made("gpt-image-2"), workflows, transport=httpx.MockTransport(handler))
    with pytest.raises(Lost, match="stopped listening"):  # it was made, so nobody else is paid for the same
        asyncio.run(
            one.wire.call(_post(), one.adapter.trouble, paid=True, patience=5.0, most=wire.MOST_ANSWER)
        )


def _post() -> Any:
    from bot.engines.wire import Request

    return Request("POST", "/images/generations", {})


@pytest.mark.parametrize(
    ("cut", "error"),
    [
        (httpx.ReadError("cut"), Lost),
        (httpx.RemoteProtocolError("cut"), Lost),
        (httpx.ReadTimeout("late"), Lost),
        (httpx.WriteError("cut"), Lost),
        (httpx.ConnectError("no route"), Busy),
        (httpx.ConnectTimeout("no route"), Busy),
        (httpx.PoolTimeout("full"), Busy),
    ],
)
def test_what_broke_off_after_it_was_sent_is_lost_and_before_only_busy(
    cut: Exception, error: type[ProofthreadError], workflows: Path
) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        raise cut

    one = engine(GEMINI, made(GEMINI), workflows, transport=httpx.MockTransport(handler))
    with pytest.raises(error) as caught:
        draw(one)
    if error is Lost:
        assert "may have been charged" in str(caught.value)
        assert caught.value.usd == CATALOGUE.models[GEMINI].price((1080, 1080))  # type: ignore[attr-defined]


def test_a_piece_of_work_is_taken_up_again_by_its_ticket(workflows: Path) -> None:
    """What a crash leaves behind: no second submission, only looks."""
    double = made("flux-2-pro")
    one = engine("flux-2-pro", double, workflows)
    tickets: list[str] = []

    class Till:
        def __init__(self, known: str | None) -> None:
            self.known = known

        async def begin(self, asked: Asked) -> str | None:
            assert asked.usd > 0 and KEY not in json.dumps(asked.request)
            return self.known

        async def ticket(self, ticket: str) -> None:
            tickets.append(ticket)

        async def wanted(self) -> bool:
            return True

    first = draw(one, till=Till(None))
    again = draw(one, till=Till(tickets[0]))
    assert len(double.ledger) == 1 and first[0].picture.tobytes() == again[0].picture.tobytes()
    assert again[0].usd == 0.045


def test_what_is_not_wanted_any_more_is_called_off(workflows: Path) -> None:
    double = made("fal-ai/flux-pro/v1/erase")
    double.looks = 99
    one = engine("fal-ai/flux-pro/v1/erase", double, workflows)

    class Till:
        async def begin(self, asked: Asked) -> str | None:
            return None

        async def ticket(self, ticket: str) -> None:
            pass

        async def wanted(self) -> bool:
            return len(double.calls) < 4

    mask = locate.box_mask((1024, 1024), (300, 300, 600, 600))
    with pytest.raises(Declined, match="called off"):
        asyncio.run(
            one.edit(Subject(drawn("x", (1024, 1024))), mask, Wish(Kind.REMOVE, region="it"), (), till=Till())
        )
    assert double.calls[-1].method == "PUT" and double.calls[-1].path.endswith("/cancel")


def test_endless_polling_ends_within_its_time(workflows: Path) -> None:
    from dataclasses import replace

    double = made("flux-2-pro")
    double.looks = 10**9
    one = engine("flux-2-pro", double, workflows)
    one.model = replace(one.model, patience=0.3)
    with pytest.raises(Lost, match="not done after"):
        draw(one)


def test_no_test_can_reach_a_provider() -> None:
    from bot.engines.wire import Request, Wire

    outside = Wire("X", "https://api.openai.com/v1", {})
    with pytest.raises(Misconfigured, match="switched off"):
        asyncio.run(outside.call(Request("GET", "/models"), lambda got: None, paid=False, patience=1.0))


@pytest.mark.parametrize(("masks", "found"), [("kept", "hard"), ("dropped", "none")])
def test_what_a_server_says_of_masks_is_tried_out(masks: str, found: str, workflows: Path) -> None:
    from bot.engines import probe

    double = made("images")
    double.masks = masks  # type: ignore[attr-defined]
    assert asyncio.run(probe.mask_of(engine("images", double, workflows))) == found


def test_the_key_goes_only_where_work_is_taken_and_not_where_results_lie(workflows: Path) -> None:
    model, asked = "fal-ai/flux-pro/v1/erase", []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        there = "https://v3.fal.media/requests/r"
        return httpx.Response(
            200, json={"status_url": f"{there}/status", "response_url": there, "request_id": "r"}
        )

    one = engine(model, made(model), workflows, transport=httpx.MockTransport(handler))
    mask = locate.box_mask((1024, 1024), (300, 300, 600, 600))
    with pytest.raises(Declined, match="not its own"):
        asyncio.run(one.edit(Subject(drawn("x", (1024, 1024))), mask, Wish(Kind.REMOVE, region="it"), ()))
    assert asked == ["queue.fal.run"]


@pytest.mark.parametrize("model", ["fal-ai/flux-pro/v1/erase", GEMINI])
def test_a_model_that_cannot_find_things_is_not_asked_to(model: str, workflows: Path) -> None:
    double = made(model)
    found = engine(model, double, workflows).locate(
        Subject(drawn("x", (300, 300))), Wish(Kind.TEXT, region="it")
    )
    assert asyncio.run(found) is None and not double.calls


def test_a_pause_of_one_model_leaves_the_others_free(workflows: Path) -> None:
    double = made(GEMINI)
    double.next = [Reply(429, {}, {"retry-after": "60"})]
    access = {"gemini": Access(KEY, BASES["gemini"])}
    engines = table.opened(CATALOGUE, access, TODAY, transport=double.transport())
    one, other = engines[GEMINI], engines["gemini-3-pro-image"]
    assert isinstance(one, Remote) and isinstance(other, Remote)

    async def both() -> None:
        given: dict[str, Any] = {"n": 1, "size": (1080, 1080), "wish": "", "references": (), "seed": 0}
        for _ in range(2):
            with pytest.raises(Busy):
                await one.draw(wanted(), **given)
        assert len(await other.draw(wanted(), **given)) == 1

    asyncio.run(both())
    assert len(double.calls) == 2
