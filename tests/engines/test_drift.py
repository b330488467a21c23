"""What we send beside what the providers' own SDKs send for the same: so that a change on their side is seen."""

from __future__ import annotations

import email
import email.policy
import io
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from engines.providers import KEY, drawn, png

from bot.engines import catalogue
from bot.engines.adapter import Order
from bot.engines.fal import Fal
from bot.engines.gemini import Gemini
from bot.engines.openai import OpenAI
from bot.engines.wire import Request, _content

MODELS = catalogue.read().models
PICTURE, MASK = (
    drawn("a", (1024, 1024)),
    drawn("b", (1024, 1024)).convert("L").point(lambda v: 255 if v > 90 else 0),
)
ANSWERS: dict[str, Any] = {
    "openai": {"created": 1, "data": [{"b64_json": "aGk="}]},
    "gemini": {"candidates": [{"content": {"role": "model", "parts": [{"text": "x"}]}}]},
    "fal": {
        "request_id": "r",
        "response_url": "http://127.0.0.1/r",
        "status_url": "http://127.0.0.1/r/status",
        "cancel_url": "http://127.0.0.1/r/cancel",
    },
}


class Captured:
    """The last request that came to a socket of this machine."""

    method = path = ""
    headers: dict[str, str]
    body = b""

    @property
    def form(self) -> list[tuple[str, str | None, str]]:
        """Fields of a form: name, file name or None, content type."""
        return form(self.headers["content-type"], self.body)


def form(kind: str, body: bytes) -> list[tuple[str, str | None, str]]:
    message = email.message_from_bytes(
        f"Content-Type: {kind}\r\n\r\n".encode() + body, policy=email.policy.HTTP
    )
    return [
        (str(p.get_param("name", header="content-disposition")), p.get_filename(), p.get_content_type())
        for p in message.iter_parts()  # type: ignore[attr-defined]
    ]


@pytest.fixture
def socket() -> Iterator[tuple[str, Captured, dict[str, Any]]]:
    captured, answer = Captured(), {"body": {}}

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            captured.method, captured.path = "POST", self.path
            captured.headers = {k.lower(): v for k, v in self.headers.items()}
            captured.body = self.rfile.read(int(self.headers.get("content-length", 0)))
            data = json.dumps(answer["body"]).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", captured, answer
    server.shutdown()
    server.server_close()


def ours(request: Request, headers: dict[str, str]) -> httpx.Request:
    """Our request as it would go out."""
    return httpx.Request(
        request.method,
        "https://x.test" + request.path,
        headers={**headers, **request.headers},
        **_content(request),
    )


def test_openai_draws_as_its_sdk_does(socket: Any) -> None:
    openai = pytest.importorskip("openai", reason="the SDKs come with the dev extra")
    base, captured, answer = socket
    answer["body"] = ANSWERS["openai"]
    request = OpenAI().request(MODELS["gpt-image-2"], Order("p", (1536, 864)))
    assert request.body is not None
    openai.OpenAI(api_key=KEY, base_url=f"{base}/v1", max_retries=0).images.generate(**request.body)
    assert urlsplit(captured.path).path == f"/v1{request.path}"
    assert captured.headers["authorization"] == OpenAI().headers(KEY)["Authorization"]
    assert json.loads(captured.body) == request.body


def test_openai_edits_as_its_sdk_does(socket: Any) -> None:
    openai = pytest.importorskip("openai", reason="the SDKs come with the dev extra")
    base, captured, answer = socket
    answer["body"] = ANSWERS["openai"]
    client = openai.OpenAI(api_key=KEY, base_url=f"{base}/v1", max_retries=0)
    for references in ((), (drawn("c", (300, 300)),)):
        order = Order("p", (1024, 1024), picture=PICTURE, mask=MASK, references=references)
        request = OpenAI().request(MODELS["gpt-image-2.6-sunburst"], order)
        files = [
            (part.name, io.BytesIO(png(PICTURE))) for part in request.form if part.field.startswith("image")
        ]
        texts = {p.field: p.value for p in request.form if p.name is None}
        client.images.edit(
            image=files if references else files[0],
            mask=("mask.png", io.BytesIO(png(MASK))),
            **{**texts, "n": 1},
        )
        sent = ours(request, {})
        mine = form(sent.headers["content-type"], sent.read())
        assert urlsplit(captured.path).path == f"/v1{request.path}"
        assert sorted((n, f, k) for n, f, k in mine if f) == sorted(
            (n, f, k) for n, f, k in captured.form if f
        )
        assert {n for n, f, _ in mine if not f} == {n for n, f, _ in captured.form if not f}


@pytest.mark.parametrize("pictures", [0, 2])
def test_gemini_draws_and_edits_as_its_sdk_does(pictures: int, socket: Any) -> None:
    genai = pytest.importorskip("google.genai", reason="the SDKs come with the dev extra")
    from google.genai import types

    base, captured, answer = socket
    answer["body"] = ANSWERS["gemini"]
    given = tuple(drawn(str(n), (64, 64)) for n in range(pictures))
    request = Gemini().request(
        MODELS["gemini-nano-banana-2.1"], Order("a cat", (1820, 1024), references=given)
    )
    assert request.body is not None
    config = request.body["generationConfig"]
    client = genai.Client(api_key=KEY, http_options=types.HttpOptions(base_url=base))
    parts = [types.Part.from_bytes(data=png(p), mime_type="image/png") for p in given]
    client.models.generate_content(
        model="gemini-nano-banana-2.1",
        contents=[types.Content(role="user", parts=[*parts, types.Part(text="a cat")])],
        config=types.GenerateContentConfig(
            response_modalities=config["responseModalities"],
            image_config=types.ImageConfig(
                aspect_ratio=config["imageConfig"]["aspectRatio"],
                image_size=config["imageConfig"]["imageSize"],
            ),
        ),
    )
    assert urlsplit(captured.path).path == f"/v1{request.path}"
    assert captured.headers["x-goog-api-key"] == KEY
    assert shape(json.loads(captured.body)) == shape(request.body)


def test_a_clip_is_asked_for_as_geminis_sdk_does(socket: Any) -> None:
    genai = pytest.importorskip("google.genai", reason="the SDKs come with the dev extra")
    from google.genai import types

    base, captured, answer = socket
    answer["body"] = {"id": "v1_a", "object": "interaction", "status": "in_progress", "model": "x"}
    still = drawn("a", (64, 64))
    model = MODELS["gemini-omni-1.2-flash"]
    request = Gemini().clip(model, Order("steam rises", (1080, 1920), picture=still, seconds=5))
    assert request is not None and request.body is not None
    client = genai.Client(api_key=KEY, http_options=types.HttpOptions(base_url=base))
    began = client.interactions.create(**request.body)
    assert urlsplit(captured.path).path == f"/v1{request.path}" and captured.headers["x-goog-api-key"] == KEY
    assert json.loads(captured.body) == json.loads(json.dumps(request.body))
    assert (began.id, began.status) == ("v1_a", "in_progress")


def test_fal_submits_as_its_sdk_does(socket: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    fal = pytest.importorskip("fal_client", reason="the SDKs come with the dev extra")
    client_module = pytest.importorskip("fal_client.client")
    base, captured, answer = socket
    answer["body"] = ANSWERS["fal"]
    monkeypatch.setattr(client_module, "QUEUE_URL_FORMAT", base + "/", raising=True)
    order = Order("", (1024, 1024), picture=PICTURE, mask=MASK, seed=3)
    request = Fal().request(MODELS["fal-ai/flux-pro/v1/erase"], order)
    fal.SyncClient(key=KEY).submit("fal-ai/flux-pro/v1/erase", arguments=dict(request.body or {}))
    assert urlsplit(captured.path).path == request.path
    assert captured.headers["authorization"] == Fal().headers(KEY)["Authorization"]
    assert json.loads(captured.body) == request.body


def shape(value: Any) -> Any:
    """The same with every long text replaced: names and structure are what can drift."""
    if isinstance(value, dict):
        return {k: shape(v) for k, v in value.items()}
    if isinstance(value, list):
        return [shape(v) for v in value]
    return "…" if isinstance(value, str) and len(value) > 60 else value
