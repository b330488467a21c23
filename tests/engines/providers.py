"""Doubles of the image providers, stricter than the real ones: what they do not know they refuse, and what they did is
in a ledger. They answer over a mock transport or over a real socket on this machine."""

from __future__ import annotations

import asyncio
import base64
import email
import email.policy
import hashlib
import io
import json
import random
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import numpy as np
from aiohttp import web
from PIL import Image, ImageChops, ImageDraw

FOOTAGE = b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 8
KEY = "sk-proj-A_key_that*is~secret-0123456789_"


@dataclass(frozen=True)
class Call:
    """A request as it came in."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, list[bytes]]:
        """The parts of a multipart body, by name."""
        head = f"Content-Type: {self.headers['content-type']}\r\n\r\n".encode()
        message = email.message_from_bytes(head + self.body, policy=email.policy.HTTP)
        parts: dict[str, list[bytes]] = {}
        for part in message.iter_parts():  # type: ignore[attr-defined]
            name = part.get_param("name", header="content-disposition")
            parts.setdefault(str(name), []).append(part.get_payload(decode=True))
        return parts


@dataclass(frozen=True)
class Reply:
    """What is answered."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None

    @property
    def bytes(self) -> bytes:
        return self.content if self.content is not None else json.dumps(self.body).encode()

    @property
    def kind(self) -> str:
        return self.headers.get("content-type", "application/json")


class Bad(Exception):
    """The request is not as this provider wants it."""


@dataclass
class Double:
    """One provider. ``ledger``: what was paid for, by the words that were asked; ``base``: where it lives; ``next``:
    what to answer instead, once each, before anything is done or charged."""

    base: str = "https://api.example.test"
    ledger: list[str] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    next: list[Reply] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    tasks: dict[str, Any] = field(default_factory=dict)
    looks: int = 1
    """How often a piece of work is still underway before it is done."""

    def handle(self, call: Call) -> Reply:
        self.calls.append(call)
        if call.path.startswith("/files/"):
            if any(KEY in value for value in call.headers.values()):
                return Reply(400, {"error": "a key has no business here"})
            return Reply(200, headers={"content-type": "image/png"}, content=self.files[call.path])
        if not self.allowed(call):
            return self.denied()
        if self.next and call.method == "POST":
            return self.next.pop(0)
        try:
            return self.answer(call)
        except (Bad, KeyError, ValueError, TypeError) as error:
            return Reply(
                422, {"detail": [{"loc": ["body"], "msg": f"{type(error).__name__}: {error}", "type": "bad"}]}
            )

    def allowed(self, call: Call) -> bool:
        return call.headers.get("authorization") == f"Bearer {KEY}"

    def denied(self) -> Reply:
        return Reply(
            401, {"error": {"message": f"Incorrect API key provided: {KEY}", "type": "invalid_request_error"}}
        )

    def answer(self, call: Call) -> Reply:
        raise NotImplementedError

    def charge(self, prompt: str) -> None:
        self.ledger.append(prompt)

    def kept(self, picture: Image.Image) -> str:
        """The address of a result."""
        data = png(picture)
        path = f"/files/{hashlib.sha256(data).hexdigest()[:16]}.png"
        self.files[path] = data
        return self.base + path

    def transport(self) -> httpx.MockTransport:
        """The same without a socket."""

        def handler(request: httpx.Request) -> httpx.Response:
            parts = urlsplit(str(request.url))
            call = Call(
                request.method, parts.path, parse_qs(parts.query), dict(request.headers), request.content
            )
            reply = self.handle(call)
            return httpx.Response(
                reply.status, headers={"content-type": reply.kind, **reply.headers}, content=reply.bytes
            )

        return httpx.MockTransport(handler)

    def app(self, faults: list[str], seconds: float = 0.0) -> web.Application:
        """The same over a socket. ``faults``: what goes wrong with the paid calls to come, one each (see ``served``);
        ``seconds`` a paid call takes."""

        async def handler(request: web.Request) -> web.StreamResponse:
            headers = {k.lower(): v for k, v in request.headers.items()}
            query = {k: list(request.query.getall(k)) for k in request.query}
            call = Call(request.method, request.path, query, headers, await request.read())
            fault = faults.pop(0) if faults and call.method == "POST" else ""
            if call.method == "POST" and seconds:
                await asyncio.sleep(seconds)
            if fault.isdigit():
                after = {"retry-after": "0.05"} if fault in ("429", "503") else {}
                return web.json_response({"error": {"message": "no"}}, status=int(fault), headers=after)
            if fault == "cut before":
                request.transport.abort()  # type: ignore[union-attr]
                raise web.HTTPBadRequest
            if fault == "redirect":
                raise web.HTTPTemporaryRedirect("http://203.0.113.9/elsewhere")
            reply = self.handle(call)
            if fault == "cut after":
                request.transport.abort()  # type: ignore[union-attr]
            if fault == "cut midway":
                response = web.StreamResponse(headers={"Content-Length": str(len(reply.bytes))})
                await response.prepare(request)
                await response.write(reply.bytes[: len(reply.bytes) // 2])
                request.transport.abort()  # type: ignore[union-attr]
                return response
            if fault == "foreign" and self.tasks:
                self.tasks[list(self.tasks)[-1]]["link"] = "http://203.0.113.9/x.png"
            if fault == "bomb" and self.tasks:
                path = f"/files/bomb-{len(self.files)}.png"
                self.files[path] = png(Image.new("1", (30_000, 30_000)))
                self.tasks[list(self.tasks)[-1]]["link"] = self.base + path
            if fault == "pending" and self.tasks:
                self.tasks[list(self.tasks)[-1]]["looks"] = -(10**9)
            rest = {k: v for k, v in reply.headers.items() if k != "content-type"}
            return web.Response(
                status=reply.status, body=reply.bytes, headers={"Content-Type": reply.kind, **rest}
            )

        app = web.Application(client_max_size=200 * 1024 * 1024)
        app.router.add_route("*", "/{path:.*}", handler)
        return app


@asynccontextmanager
async def served(double: Double, *faults: str, seconds: float = 0.0) -> AsyncIterator[str]:
    """The double on a socket of this machine; gives its address.

    Faults: a status ("429"), "cut before" and "cut after" (the picture was made and paid), "cut midway" (of the
    answer), "redirect", "foreign" (a result elsewhere), "bomb" (for a result), "pending" (for ever).
    """
    runner = web.AppRunner(double.app(list(faults), seconds))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    double.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield double.base
    await runner.cleanup()


def only(body: Mapping[str, Any], *known: str) -> None:
    """Refuse fields that this provider does not know, and nulls."""
    if odd := sorted(set(body) - set(known)):
        raise Bad(f"unknown: {odd}")
    if nulls := [k for k, v in body.items() if v is None]:
        raise Bad(f"null: {nulls}")


def drawn(prompt: str, size: tuple[int, int], salt: str = "") -> Image.Image:
    """A picture for some words: another for others, never flat."""
    dice = random.Random(hashlib.sha256(f"{prompt}{salt}".encode()).digest())
    small = np.array(
        [[[dice.randint(0, 255) for _ in range(3)] for _ in range(5)] for _ in range(5)], np.uint8
    )
    picture = Image.fromarray(small).resize(size, Image.Resampling.BICUBIC)
    pen = ImageDraw.Draw(picture)
    for _ in range(40):
        x, y = dice.randrange(size[0]), dice.randrange(size[1])
        r = dice.randint(8, 60)
        pen.ellipse((x - r, y - r, x + r, y + r), fill=tuple(dice.randint(0, 255) for _ in range(3)))
    return picture


def changed(picture: Image.Image, mask: Image.Image | None, prompt: str) -> Image.Image:
    """The picture with something new in the mask (white), faded in as a model would; without one, in its middle."""
    if mask is None:
        mask = Image.new("L", picture.size, 0)
        wide, high = picture.size
        ImageDraw.Draw(mask).rectangle((wide // 3, high // 3, 2 * wide // 3, 2 * high // 3), fill=255)
    from misbehaving import painted

    from bot.engines.engine import Subject

    return painted(Subject(picture.convert("RGB")), mask.convert("L"))


def opened(data: bytes | str) -> Image.Image:
    """A picture out of bytes, base64 or a data URL. Raises Bad."""
    if isinstance(data, str):
        data = base64.b64decode(data.partition("base64,")[2] or data)
    try:
        picture = Image.open(io.BytesIO(data))
        picture.load()
    except OSError as error:
        raise Bad("no picture") from error
    return picture


def png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def b64(picture: Image.Image) -> str:
    return base64.b64encode(png(picture)).decode()


def two_valued(mask: Image.Image, picture: Image.Image) -> Image.Image:
    """A mask of the picture's size with nothing but black and white. Raises Bad."""
    if mask.size != picture.size:
        raise Bad("the mask has another size")
    if mask.mode not in ("L", "1") or set(np.unique(np.asarray(mask.convert("L")))) - {0, 255}:
        raise Bad("the mask is not black and white")
    return mask.convert("L")


class GeminiDouble(Double):
    """generateContent."""

    RATIOS = frozenset("1:1 2:3 3:2 3:4 4:3 4:5 5:4 9:16 16:9 21:9 1:8 8:1 1:4 4:1".split())
    STEPS = {"1K": 1024, "2K": 2048, "4K": 4096}

    def __init__(self, gone: set[str] | None = None) -> None:
        super().__init__()
        self.gone = gone or set()

    def allowed(self, call: Call) -> bool:
        return call.headers.get("x-goog-api-key") == KEY and "key" not in call.query

    def denied(self) -> Reply:
        detail = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}
        error = {
            "code": 400,
            "message": f"API key not valid: {KEY}",
            "status": "INVALID_ARGUMENT",
            "details": [detail],
        }
        return Reply(400, {"error": error})

    def answer(self, call: Call) -> Reply:
        if call.path.startswith("/v1/interactions"):
            return self._interaction(call)
        if call.method == "GET":
            return Reply(200, {"name": call.path})
        model = call.path.removeprefix("/v1/models/").removesuffix(":generateContent")
        if "/" in model or model in self.gone:
            return Reply(404, {"error": {"code": 404, "message": "not found", "status": "NOT_FOUND"}})
        body = call.json
        only(body, "contents", "generationConfig", "systemInstruction")
        (content,) = body["contents"]
        only(content, "role", "parts")
        config, parts = body["generationConfig"], content["parts"]
        pictures = [opened(p["inlineData"]["data"]) for p in parts if "inlineData" in p]
        words = " ".join(p["text"] for p in parts if "text" in p)
        if "responseSchema" in config or "responseJsonSchema" in config:
            self.charge(words)
            answer = self.tasks.get("says", '[{"box_2d": [250, 250, 500, 500], "label": "hand"}]')
            return self._said([{"text": answer}])
        only(config, "responseModalities", "imageConfig")
        shape = config["imageConfig"]
        if config["responseModalities"] != ["IMAGE"] or shape["aspectRatio"] not in self.RATIOS:
            raise Bad("what shape?")
        wide, high = (int(n) for n in shape["aspectRatio"].split(":"))
        side = self.STEPS[shape["imageSize"]]
        scale = side / (wide * high) ** 0.5
        size = (round(wide * scale), round(high * scale))
        self.charge(words)
        made = (
            changed(pictures[0], None, words).resize(size) if "Change only" in words else drawn(words, size)
        )
        thought = {
            "thought": True,
            "inlineData": {"mimeType": "image/png", "data": b64(Image.new("RGB", (9, 9)))},
        }
        return self._said([thought, {"inlineData": {"mimeType": "image/png", "data": b64(made)}}])

    def _interaction(self, call: Call) -> Reply:
        """A clip, made in the background; nothing of it can be had later unless it is stored."""
        number = call.path.removeprefix("/v1/interactions").strip("/").partition("/")[0]
        if call.path.endswith("/cancel"):
            self.tasks[number]["status"] = "cancelled"
            return Reply(200, {"id": number, "status": "cancelled"})
        if call.method == "GET":
            task = self.tasks.get(number)
            if task is None:
                return Reply(404, {"error": {"code": 404, "message": "not found", "status": "NOT_FOUND"}})
            task["looks"] += 1
            if task["looks"] <= self.looks or task["status"] != "in_progress":
                return Reply(200, {"id": number, "status": task["status"]})
            clip = {
                "type": "video",
                "mime_type": "video/mp4",
                "data": base64.b64encode(FOOTAGE).decode(),
            }
            step = {"type": "model_output", "content": [clip]}
            body = {"id": number, "status": "completed", "model": task["model"], "steps": [step]}
            return Reply(200, body)
        body = call.json
        only(body, "model", "input", "response_format", "generation_config", "background", "store")
        if not (body["background"] and body["store"]):
            raise Bad("nobody could look for it")
        (turn,) = body["input"]
        words, still = turn["content"]
        opened(still["data"])
        shape = body["response_format"]
        only(shape, "type", "aspect_ratio", "delivery", "duration", "resolution")
        if (
            turn["type"] != "user_input"
            or shape["aspect_ratio"] not in ("16:9", "9:16")
            or shape["delivery"] != "inline"
            or not 3 <= int(shape["duration"].removesuffix("s")) <= 10
            or body["generation_config"] != {"video_config": {"task": "image_to_video"}}
        ):
            raise Bad("what clip?")
        number = f"v1_{len(self.tasks)}"
        self.tasks[number] = {"looks": 0, "status": "in_progress", "model": body["model"]}
        self.charge(words["text"])
        return Reply(200, {"id": number, "status": "in_progress", "model": body["model"]})

    @staticmethod
    def _said(parts: list[dict[str, Any]]) -> Reply:
        candidate = {"content": {"role": "model", "parts": parts}, "finishReason": "STOP", "index": 0}
        return Reply(200, {"candidates": [candidate], "modelVersion": "gemini-double-001", "responseId": "r"})


class OpenAIDouble(Double):
    """Images: generations in JSON, edits as a form."""

    def answer(self, call: Call) -> Reply:
        if call.method == "GET":
            return Reply(200, {"data": []})
        if call.path.endswith("/images/generations"):
            body = call.json
            only(body, "model", "prompt", "n", "size", "quality", "output_format", "background", "moderation")
            size = self._size(body["size"])
            self.charge(body["prompt"])
            return self._made(drawn(body["prompt"], size))
        form = call.form
        if odd := set(form) - {
            "model",
            "prompt",
            "n",
            "size",
            "quality",
            "output_format",
            "image",
            "image[]",
            "mask",
        }:
            return Reply(
                400,
                {
                    "error": {
                        "message": f"Unknown parameter: {odd}",
                        "type": "invalid_request_error",
                        "code": "unknown_parameter",
                    }
                },
            )
        pictures = [opened(d) for d in form.get("image", []) + form.get("image[]", [])]
        if not pictures or ("image" in form) != (len(pictures) == 1):
            raise Bad("one picture is image, several are image[]")
        size, prompt = self._size(form["size"][0].decode()), form["prompt"][0].decode()
        mask = None
        if "mask" in form:
            given = opened(form["mask"][0])
            if given.mode != "RGBA" or given.size != pictures[0].size or len(form["mask"][0]) > 4_000_000:
                raise Bad("a mask is RGBA, of the first picture's size, under 4 MB")
            mask = ImageChops.invert(given.getchannel("A"))
        self.charge(prompt)
        return self._made(changed(pictures[0], mask, prompt).resize(size))

    @staticmethod
    def _size(said: str) -> tuple[int, int]:
        wide, high = (int(n) for n in said.split("x"))
        if wide % 16 or high % 16 or not 655_360 <= wide * high <= 8_294_400 or max(wide, high) > 3840:
            raise Bad(f"size {said}")
        return wide, high

    @staticmethod
    def _made(picture: Image.Image) -> Reply:
        usage = {
            "input_tokens": 50,
            "output_tokens": 1000,
            "input_tokens_details": {"text_tokens": 10, "image_tokens": 40},
        }
        return Reply(200, {"created": 1, "data": [{"b64_json": b64(picture)}], "usage": usage})


class BFLDouble(Double):
    """Submit and poll; results on another host of theirs, for ten minutes, without the key."""

    forgets = False

    FIELDS = {
        "flux-2-pro": {
            "prompt",
            "width",
            "height",
            "seed",
            "safety_tolerance",
            "output_format",
            "input_image",
        }
        | {f"input_image_{n}" for n in range(2, 9)},
        "flux-2-klein-4b": {
            "prompt",
            "width",
            "height",
            "seed",
            "safety_tolerance",
            "output_format",
            "input_image",
        }
        | {f"input_image_{n}" for n in range(2, 5)},
        "flux-pro-1.0-fill": {"image", "mask", "prompt", "seed", "safety_tolerance", "output_format"},
        "flux-tools/erase-v1": {
            "image",
            "mask",
            "seed",
            "safety_tolerance",
            "output_format",
            "dilate_pixels",
        },
        "flux-pro-1.0-expand": {
            "image",
            "prompt",
            "top",
            "bottom",
            "left",
            "right",
            "seed",
            "safety_tolerance",
            "output_format",
        },
        "flux-3-image": {"prompt", "images", "aspect_ratio", "resolution", "grounding", "safety_tolerance"},
    }

    def allowed(self, call: Call) -> bool:
        return call.headers.get("x-key") == KEY

    def denied(self) -> Reply:
        return Reply(403, {"detail": "Not authenticated"})

    def answer(self, call: Call) -> Reply:
        if call.path == "/v1/credits":
            return Reply(200, {"credits": 100})
        if call.path == "/v1/get_result":
            task = self.tasks.get(call.query["id"][0])
            if task is None or self.forgets:
                return Reply(404, {"status": "Task not found"})
            task["looks"] += 1
            if task["looks"] <= self.looks:
                return Reply(
                    200, {"id": "x", "status": ("Pending", "Generating")[task["looks"] % 2], "result": None}
                )
            return Reply(200, {"id": "x", "status": "Ready", "result": {"sample": task["link"], "seed": 42}})
        model = call.path.removeprefix("/v1/")
        body = call.json
        only(body, *self.FIELDS[model])
        if model != "flux-3-image" and body.get("output_format") != "png":
            raise Bad("JPEG would come")
        if model.startswith("flux-2"):
            if body["width"] % 16 or body["height"] % 16 or body["width"] * body["height"] > 4_000_000:
                raise Bad("size")
            made = drawn(body["prompt"], (body["width"], body["height"]), str(body.get("seed")))
            if "input_image" in body and "background" in body["prompt"]:
                made = changed(opened(body["input_image"]), None, body["prompt"])
        elif model == "flux-3-image":
            made = drawn(body["prompt"], (1024, 1024))
        elif model.endswith("expand"):
            inner = opened(body["image"])
            size = (inner.width + body["left"] + body["right"], inner.height + body["top"] + body["bottom"])
            made = drawn(body["prompt"], size)
            made.paste(inner, (body["left"], body["top"]))
        else:
            picture = opened(body["image"])
            made = changed(picture, two_valued(opened(body["mask"]), picture), body.get("prompt", ""))
        number = f"task-{len(self.tasks)}"
        self.tasks[number] = {"looks": 0, "link": self.kept(made)}
        self.charge(body.get("prompt", "erase"))
        poll = f"{self.base}/v1/get_result?id={number}"
        return Reply(200, {"id": number, "polling_url": poll, "cost": 4.5, "input_mp": 1.0, "output_mp": 1.0})


class XAIDouble(Double):
    """JSON both ways, JPEG back."""

    def answer(self, call: Call) -> Reply:
        if call.method == "GET":
            return Reply(200, {"data": []})
        body = call.json
        only(
            body,
            "model",
            "prompt",
            "n",
            "response_format",
            "aspect_ratio",
            "resolution",
            "quality",
            "image",
            "images",
        )
        if body["resolution"] not in ("1k", "2k") or body["response_format"] != "b64_json":
            raise Bad("resolution")
        if body.get("quality") and body["model"] != "grok-imagine-image-2.0":
            raise Bad("quality is for 2.0")
        wide, high = (float(n) for n in body["aspect_ratio"].split(":"))
        scale = 1024 / (wide * high) ** 0.5
        size = (round(wide * scale), round(high * scale))
        edits = call.path.endswith("/images/edits")
        given = [body["image"]] if "image" in body else body.get("images", [])
        if edits != bool(given) or any(g["type"] != "image_url" for g in given):
            raise Bad("edits have pictures")
        if len(given) > 3:
            raise Bad("three pictures")
        made = drawn(body["prompt"], size)
        if edits and "Change only" in body["prompt"]:
            made = changed(opened(given[0]["url"]), None, body["prompt"]).resize(size)
        out = io.BytesIO()
        made.save(out, "JPEG", quality=92)
        self.charge(body["prompt"])
        row = {
            "b64_json": base64.b64encode(out.getvalue()).decode(),
            "mime_type": "image/jpeg",
            "respect_moderation": True,
        }
        return Reply(200, {"data": [row], "usage": {"cost_in_usd_ticks": 600_000_000}})


class ArkDouble(Double):
    """One address for pictures, one for clips; a watermark unless refused."""

    def answer(self, call: Call) -> Reply:
        if "/contents/generations/tasks" in call.path:
            return self._clip(call)
        if call.method == "GET":
            return Reply(404, {"error": {"code": "NotFound", "message": "no list"}})
        body = call.json
        if body.get("layer_decomposition"):
            return self._layers(body)
        only(
            body,
            "model",
            "prompt",
            "response_format",
            "size",
            "watermark",
            "sequential_image_generation",
            "output_format",
            "image",
        )
        if body["watermark"] is not False:
            raise Bad("a watermark would be on it")
        wide, high = (int(n) for n in body["size"].split("x"))
        if not 921_600 <= wide * high <= 16_777_216:
            raise Bad("size")
        prompt = body["prompt"]
        made = drawn(prompt, (wide, high))
        if "image" in body and "Change only" in prompt:
            made = changed(opened(body["image"][0]), None, prompt).resize((wide, high))
        self.charge(prompt)
        row = {"b64_json": b64(made), "size": body["size"], "output_format": "png"}
        return Reply(
            200, {"model": body["model"], "created": 1, "data": [row], "usage": {"generated_images": 1}}
        )

    def _layers(self, body: dict[str, Any]) -> Reply:
        """The ground and one thing on it, listed the wrong way round."""
        only(body, "model", "prompt", "image", "layer_decomposition", "response_format", "watermark")
        if body["watermark"] is not False or body["prompt"] or body["model"] != "seedream-5-5-261028":
            raise Bad("not so")
        picture = opened(body["image"])
        box = (picture.width // 4, picture.height // 4, picture.width // 2, picture.height // 2)
        thing = picture.crop(box).convert("RGBA")
        self.charge("layers")
        rows = [
            {
                "b64_json": b64(thing),
                "z_index": 1,
                "name": "headline",
                "bounding_box": {"absolute": list(box)},
            },
            {"b64_json": b64(drawn("ground", picture.size)), "z_index": 0},
        ]
        return Reply(200, {"model": body["model"], "data": rows, "usage": {"generated_images": 2}})

    def _clip(self, call: Call) -> Reply:
        number = call.path.rpartition("/")[2]
        if call.method == "DELETE":
            self.tasks[number]["status"] = "cancelled"
            return Reply(200, {})
        if call.method == "GET":
            task = self.tasks.get(number)
            if task is None:
                return Reply(404, {"error": {"code": "ResourceNotFound", "message": "no such task"}})
            task["looks"] += 1
            if task["looks"] <= self.looks or task["status"] != "succeeded":
                status = task["status"] if task["status"] != "succeeded" else "running"
                return Reply(200, {"id": number, "status": status, **task.get("more", {})})
            done = {
                "id": number,
                "model": task["model"],
                "status": "succeeded",
                "content": {"video_url": task["link"]},
                "usage": {"completion_tokens": 108900, "total_tokens": 108900},
            }
            return Reply(200, done)
        body = call.json
        only(body, "model", "content", "watermark", "resolution", "ratio", "duration")
        words, still = body["content"]
        if (
            still["role"] != "first_frame"
            or body["watermark"] is not False
            or body["duration"] not in range(2, 16)
        ):
            raise Bad("not so")
        opened(still["image_url"]["url"])
        number = f"cgt-{len(self.tasks)}"
        path = f"/files/{number}.mp4"
        self.files[path] = FOOTAGE
        self.tasks[number] = {
            "looks": 0,
            "status": "succeeded",
            "model": body["model"],
            "link": self.base.removesuffix("/api/v3") + path,
        }
        self.charge(words["text"])
        return Reply(200, {"id": number})


class FalDouble(Double):
    """A queue whose addresses are named, not built."""

    def allowed(self, call: Call) -> bool:
        return call.headers.get("authorization") == f"Key {KEY}"

    def denied(self) -> Reply:
        return Reply(401, {"detail": "Cannot access application. Authentication is required."})

    def answer(self, call: Call) -> Reply:
        if call.method == "GET":
            number = call.path.split("/")[2]
            if number not in self.tasks:
                return Reply(404, {"detail": "not found"})
            task = self.tasks[number]
            if call.path.endswith("/status"):
                task["looks"] += 1
                if task["looks"] <= self.looks:
                    return Reply(202, {"status": "IN_PROGRESS", "request_id": number})
                return Reply(200, {"status": "COMPLETED", "request_id": number, "metrics": {}})
            return Reply(200, task["result"])
        if call.headers.get("x-fal-store-io") != "0":
            raise Bad("it would be kept")
        body, model = call.json, call.path.lstrip("/")
        picture = opened(body["image_url"])
        if model == "fal-ai/sam-3/image":
            only(
                body,
                "image_url",
                "prompt",
                "apply_mask",
                "include_boxes",
                "return_multiple_masks",
                "sync_mode",
            )
            result: dict[str, Any] = {"boxes": [[0.5, 0.25, 0.2, 0.3]], "masks": []}
        elif model == "fal-ai/flux-pro/v1/erase":
            only(body, "image_url", "mask_url", "seed", "output_format", "dilate_pixels")
            mask = two_valued(opened(body["mask_url"]), picture)
            result = {
                "images": [{"url": self.kept(changed(picture, mask, "")), "content_type": "image/png"}],
                "seed": 7,
            }
        elif model == "fal-ai/flux-pro/v1/fill":
            only(body, "image_url", "mask_url", "seed", "output_format", "prompt")
            mask = two_valued(opened(body["mask_url"]), picture)
            result = {
                "images": [{"url": self.kept(changed(picture, mask, "")), "content_type": "image/png"}],
                "seed": 7,
            }
        elif model == "fal-ai/clarity-upscaler":
            only(body, "image_url", "upscale_factor", "creativity", "resemblance", "seed")
            larger = picture.convert("RGB").resize(
                (2 * picture.width, 2 * picture.height), Image.Resampling.LANCZOS
            )
            result = {"image": {"url": self.kept(larger), "content_type": "image/png"}}
        else:
            return Reply(404, {"detail": "no such application"})
        number = f"r{len(self.tasks)}"
        self.tasks[number] = {"looks": 0, "result": result}
        self.charge(body.get("prompt", model))
        here = {
            n: f"{self.base}/requests/{number}{tail}"
            for n, tail in (("status", "/status"), ("response", ""), ("cancel", "/cancel"))
        }
        return Reply(
            200, {"status": "IN_QUEUE", "request_id": number, **{f"{n}_url": url for n, url in here.items()}}
        )


class ComfyDouble(Double):
    """A workflow of nodes; nothing in the history until it is done."""

    def allowed(self, call: Call) -> bool:
        return True

    def answer(self, call: Call) -> Reply:
        if call.path == "/system_stats":
            return Reply(200, {"system": {}})
        if call.path == "/upload/image":
            form = call.form
            head = call.body.decode("latin-1")
            name = head.split('filename="')[1].split('"')[0]
            self.files[name] = form["image"][0]
            return Reply(200, {"name": name, "subfolder": "", "type": "input"})
        if call.path == "/prompt":
            nodes = call.json["prompt"]
            by = {n["class_type"]: n["inputs"] for n in nodes.values()}
            words = by["CLIPTextEncode"]["text"]
            if "LoadImage" in by:
                clear = opened(self.files[by["LoadImage"]["image"]])
                if clear.mode != "RGBA":
                    raise Bad("no mask in it")
                made = changed(clear, ImageChops.invert(clear.getchannel("A")), words)
            else:
                made = drawn(
                    words,
                    (by["EmptyLatentImage"]["width"], by["EmptyLatentImage"]["height"]),
                    str(by["KSampler"]["seed"]),
                )
            number = f"p{len(self.tasks)}"
            self.tasks[number] = {"looks": 0, "data": png(made)}
            self.charge(words)
            return Reply(200, {"prompt_id": number, "number": 1, "node_errors": {}})
        if call.path.startswith("/history/"):
            number = call.path.rpartition("/")[2]
            task = self.tasks[number]
            task["looks"] += 1
            if task["looks"] <= self.looks:
                return Reply(200, {})
            image = {"filename": number, "subfolder": "", "type": "output"}
            status = {"status_str": "success", "completed": True}
            return Reply(200, {number: {"outputs": {"9": {"images": [image]}}, "status": status}})
        if call.path == "/view":
            data = self.tasks[call.query["filename"][0]]["data"]
            return Reply(200, headers={"content-type": "image/png"}, content=data)
        return Reply(200, {})


class CompatibleDouble(Double):
    """As OpenAI's, on a machine of one's own. ``masks``: what it does with one."""

    masks: str = "kept"

    def allowed(self, call: Call) -> bool:
        return True

    def answer(self, call: Call) -> Reply:
        if call.method == "GET":
            return Reply(200, {"data": []})
        if call.path.endswith("/images/generations"):
            body = call.json
            wide, high = (int(n) for n in body["size"].split("x"))
            self.charge(body["prompt"])
            return Reply(200, {"data": [{"b64_json": b64(drawn(body["prompt"], (wide, high)))}]})
        form = call.form
        picture = opened(form["image"][0])
        mask = two_valued(opened(form["mask_image"][0]), picture) if "mask_image" in form else None
        self.charge(form["prompt"][0].decode())
        made = changed(picture, mask if self.masks == "kept" else None, "")
        return Reply(200, {"data": [{"b64_json": b64(made)}]})


DOUBLES: dict[str, Callable[..., Double]] = {
    "gemini": GeminiDouble,
    "openai": OpenAIDouble,
    "bfl": BFLDouble,
    "xai": XAIDouble,
    "ark": ArkDouble,
    "fal": FalDouble,
    "comfyui": ComfyDouble,
    "images": CompatibleDouble,
}
BASES = {
    "gemini": "https://generativelanguage.googleapis.com/v1",
    "openai": "https://api.openai.com/v1",
    "bfl": "https://api.bfl.ai",
    "xai": "https://api.x.ai/v1",
    "ark": "https://ark.ap-southeast.bytepluses.com/api/v3",
    "fal": "https://queue.fal.run",
    "comfyui": "http://10.0.0.9:8188",
    "images": "http://10.0.0.9:8000/v1",
}
WORKFLOW = {
    "1": {"class_type": "CLIPTextEncode", "inputs": {"text": "?"}, "_meta": {"title": "proofthread prompt"}},
    "2": {
        "class_type": "EmptyLatentImage",
        "inputs": {"width": 1, "height": 1},
        "_meta": {"title": "proofthread size"},
    },
    "3": {"class_type": "KSampler", "inputs": {"seed": 0}, "_meta": {"title": "proofthread seed"}},
}
EDITING = {
    "1": {"class_type": "CLIPTextEncode", "inputs": {"text": "?"}, "_meta": {"title": "proofthread prompt"}},
    "2": {"class_type": "LoadImage", "inputs": {"image": "?"}, "_meta": {"title": "proofthread image"}},
    "3": {"class_type": "KSampler", "inputs": {"seed": 0}, "_meta": {"title": "proofthread seed"}},
}
