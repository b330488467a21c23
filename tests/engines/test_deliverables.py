"""Clips and layers by the providers' own contracts: made, looked for, called off, refused, no rubbish let through."""

from __future__ import annotations

import asyncio
import base64
import io
import json
from typing import Any

import httpx
import numpy as np
import pytest
from engines.providers import FOOTAGE, KEY, ArkDouble, Reply, b64, drawn
from engines.test_adapters import CATALOGUE, engine, made
from PIL import Image
from psd_tools import PSDImage

from bot.engines.engine import Asked
from bot.engines.remote import Remote
from bot.errors import Blocked, CalledOff, Declined, Failed, Lost, ProofthreadError, Rejected

CLIPS = [m.id for m in CATALOGUE.models.values() if m.clips]
SEEDREAM = "seedream-5-5-261028"
STILL = drawn("a still", (1200, 1500))


def clip(one: Remote, seconds: int = 5, **how: Any) -> Any:
    return asyncio.run(one.animate(STILL, "steam rises", seconds=seconds, **how))


@pytest.mark.parametrize("model", CLIPS)
def test_a_clip_is_made_of_a_still_and_looked_for_until_it_is_there(model: str) -> None:
    double = made(model)
    double.looks = 2
    got = clip(engine(model, double), 10)
    assert got.data == FOOTAGE and got.kind == "video/mp4"
    assert len(double.ledger) == 1 and "steam rises" in double.ledger[0]
    assert got.estimated and got.usd == pytest.approx(10 * CATALOGUE.models[model].usd_second)
    assert KEY not in json.dumps(got.request) and "iVBOR" not in json.dumps(got.request)


@pytest.mark.parametrize("model", CLIPS)
def test_a_clip_is_taken_up_again_by_its_ticket(model: str) -> None:
    double = made(model)
    tickets: list[str] = []

    class Till:
        def __init__(self, known: str | None) -> None:
            self.known = known

        async def begin(self, asked: Asked) -> str | None:
            return self.known

        async def ticket(self, ticket: str) -> None:
            tickets.append(ticket)

        async def wanted(self) -> bool:
            return True

    first = clip(engine(model, double), till=Till(None))
    assert clip(engine(model, double), till=Till(tickets[0])).data == first.data and len(double.ledger) == 1


@pytest.mark.parametrize("model", CLIPS)
def test_a_clip_that_is_not_wanted_any_more_is_called_off(model: str) -> None:
    double = made(model)
    double.looks = 99

    class Till:
        async def begin(self, asked: Asked) -> str | None:
            return None

        async def ticket(self, ticket: str) -> None:
            pass

        async def wanted(self) -> bool:
            return len(double.calls) < 3

    with pytest.raises(CalledOff):
        clip(engine(model, double), till=Till())
    assert {task["status"] for task in double.tasks.values()} == {"cancelled"}


FAILURES: list[tuple[str, dict[str, Any], type[ProofthreadError]]] = [
    (CLIPS[1], {"status": "failed", "error": {"code": "OutputVideoSensitiveContentDetected"}}, Blocked),
    (CLIPS[1], {"status": "failed", "error": {"code": "InternalServiceError"}}, Failed),
    (CLIPS[1], {"status": "expired"}, Failed),
    (CLIPS[1], {"status": "cancelled"}, CalledOff),
    (CLIPS[1], {"status": "succeeded", "content": {}}, Rejected),
    (CLIPS[0], {"status": "failed"}, Failed),
    (CLIPS[0], {"status": "cancelled"}, CalledOff),
    (CLIPS[0], {"status": "completed", "steps": []}, Rejected),
    (CLIPS[0], {"status": "completed", "steps": [{"content": [{"type": "text", "text": "no"}]}]}, Rejected),
    (CLIPS[0], {"status": "completed", "steps": "?"}, Rejected),
]


@pytest.mark.parametrize(("model", "end", "error"), FAILURES)
def test_every_end_of_a_clip_is_one_of_our_errors(
    model: str, end: dict[str, Any], error: type[ProofthreadError]
) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return httpx.Response(200, json={"id": "x", "status": "in_progress"})
        return httpx.Response(200, json={"id": "x", **end})

    with pytest.raises(error) as caught:
        clip(engine(model, made(model), transport=httpx.MockTransport(handler)))
    if error is Rejected:  # it was made, so it counts as paid
        assert caught.value.usd > 0  # type: ignore[attr-defined]
    if error is Failed:
        assert not caught.value.usd  # type: ignore[attr-defined]


@pytest.mark.parametrize("page", [b"<!doctype html>", b"", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_clip_is_not_handed_on(page: bytes) -> None:
    double = ArkDouble()

    def handler(request: httpx.Request) -> httpx.Response:
        if "/files/" in request.url.path:
            return httpx.Response(200, content=page)
        return double.transport().handler(request)  # type: ignore[return-value]

    double.base = "https://ark.ap-southeast.bytepluses.com"
    with pytest.raises(Rejected, match="no clip"):
        clip(engine(CLIPS[1], double, transport=httpx.MockTransport(handler)))


def test_a_length_that_the_model_does_not_make_is_not_asked_for() -> None:
    double = made(CLIPS[0])
    with pytest.raises(Declined, match="7 seconds"):
        clip(engine(CLIPS[0], double), 7)
    with pytest.raises(Declined, match="no clips"):
        clip(engine(SEEDREAM, ArkDouble()))
    assert not double.calls


def test_a_picture_is_taken_apart_into_layers_in_their_order() -> None:
    double = ArkDouble()
    picture = drawn("the picture", (1024, 1280))
    got = asyncio.run(engine(SEEDREAM, double).separate(picture))
    assert len(double.ledger) == 1 and got.kind == "image/vnd.adobe.photoshop"
    assert got.usd == CATALOGUE.models[SEEDREAM].usd_layers and got.estimated
    file = PSDImage.open(io.BytesIO(got.data))
    assert [(layer.name, layer.bbox, layer.visible) for layer in file] == [
        ("base", (0, 0, 1024, 1280), True),
        ("headline", (256, 320, 512, 640), True),
        ("as approved, to compare", (0, 0, 1024, 1280), False),
    ]
    whole = np.asarray(list(file)[2].topil().convert("RGB"))
    assert (whole == np.asarray(picture)).all()


@pytest.mark.parametrize(
    "row",
    [
        {"b64_json": "aGVsbG8="},
        {"b64_json": ""},
        {"b64_json": "X", "bounding_box": {"absolute": [0, 0, 9_000_000, 9_000_000]}},
        {"b64_json": "X", "bounding_box": {"absolute": [50, 50, 10, 10]}},
        {"b64_json": "X", "bounding_box": {"absolute": ["a", "b", "c", "d"]}},
        {"b64_json": "X", "bounding_box": {"absolute": [10**12, 0, 10**12 + 9, 9]}},
        {"error": {"code": "OutputImageSensitiveContentDetected"}},
    ],
)
def test_layers_that_are_none_are_rejected_in_words(row: dict[str, Any]) -> None:
    base = {"b64_json": b64(Image.new("RGB", (64, 64)))}
    if row.get("b64_json") == "X":
        row = {**row, "b64_json": base["b64_json"]}
    double = ArkDouble()
    double.next = [Reply(200, {"data": [base, row]})]
    if row.get("b64_json") == "":
        double.next = [Reply(200, {"data": []})]
    with pytest.raises((Rejected, Blocked)) as caught:
        asyncio.run(engine(SEEDREAM, double).separate(drawn("x", (64, 64))))
    assert str(caught.value)


def test_a_bomb_for_a_layer_is_not_opened() -> None:
    out = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(out, "PNG")
    bomb = {"b64_json": base64.b64encode(out.getvalue()).decode(), "z_index": 1}
    double = ArkDouble()
    double.next = [Reply(200, {"data": [{"b64_json": b64(drawn("x", (64, 64)))}, bomb]})]
    with pytest.raises(Rejected):
        asyncio.run(engine(SEEDREAM, double).separate(drawn("x", (64, 64))))


def test_layers_that_break_off_are_lost_and_not_asked_for_again() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadError("cut")

    one = engine(SEEDREAM, ArkDouble(), transport=httpx.MockTransport(handler))
    with pytest.raises(Lost, match="may have been charged"):
        asyncio.run(one.separate(drawn("x", (64, 64))))


def test_a_row_without_a_picture_is_left_out_and_any_name_is_kept() -> None:
    rows = [
        {"b64_json": b64(drawn("x", (64, 64))), "name": "标题文字 🎉"},
        {"name": "nothing", "z_index": 1},
        {"b64_json": b64(drawn("y", (9, 9))), "name": "cup", "z_index": 2},
    ]
    double = ArkDouble()
    double.next = [Reply(200, {"data": rows})]
    got = asyncio.run(engine(SEEDREAM, double).separate(drawn("x", (64, 64))))
    names = [layer.name for layer in PSDImage.open(io.BytesIO(got.data))]
    assert names == ["标题文字 🎉", "cup", "as approved, to compare"]
