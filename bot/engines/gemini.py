"""Gemini's image models, and its eye: generateContent, pictures inline, no masks, blocks that come as 200. Omni makes
clips, as an interaction in the background.

Source: requests as google-genai 3.4.0 sends them; ``shared`` contract of 2026-11-20.
"""

from __future__ import annotations

import re
from typing import Any

from PIL import Image

from bot.engines.adapter import Answer, Order, Plain, Ticket, b64, decoded, nearest, ratios
from bot.engines.catalogue import Model
from bot.engines.wire import Got, Request, Wire, after
from bot.errors import Blocked, Busy, CalledOff, Failed, Misconfigured, ProofthreadError, Rejected

RATIOS = ratios(
    "1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9", "1:8", "8:1", "1:4", "4:1"
)
STEPS = ((1200, "1K"), (2400, "2K"), (1 << 20, "4K"))
"""The longer side (pixels) up to which a size is asked for."""
FORBIDDEN = frozenset(
    {
        "SAFETY", "IMAGE_SAFETY", "PROHIBITED_CONTENT", "IMAGE_PROHIBITED_CONTENT", "RECITATION", "IMAGE_RECITATION",
        "BLOCKLIST", "SPII",
    }
)  # fmt: skip
LOOK = 1024
"""Pixels of the longer side of a picture in which something is looked for."""
_BOXES = "Return bounding boxes as a JSON array with labels. Never return masks or code fencing. Limit to 25 objects."
_SCHEMA = {
    "type": "ARRAY",
    "items": {
        "type": "OBJECT",
        "properties": {
            "box_2d": {"type": "ARRAY", "items": {"type": "INTEGER"}},
            "label": {"type": "STRING"},
        },
    },
}


CLIP_RATIOS = ratios("16:9", "9:16")


class Gemini(Plain):
    """One call, one picture."""

    def headers(self, key: str) -> dict[str, str]:
        """The key never stands in an address."""
        return {"x-goog-api-key": key}

    def request(self, model: Model, order: Order) -> Request:
        """The pictures first, then the words."""
        parts: list[dict[str, Any]] = [_inline(picture) for picture in order.pictures]
        parts.append({"text": order.prompt})
        longer = max(order.size)
        step = next(name for most, name in STEPS if longer <= most)
        shape = {"aspectRatio": nearest(order.size, RATIOS), "imageSize": step}
        config = {"responseModalities": ["IMAGE"], "imageConfig": shape}
        return _ask(model, parts, config)

    def trouble(self, got: Got) -> ProofthreadError | None:
        """The delay and the reason stand in the body."""
        details = _details(got)
        if got.status == 400 and any(d.get("reason") == "API_KEY_INVALID" for d in details):
            return Misconfigured("Gemini refused the key (GEMINI_API_KEY).")
        if got.status == 429:
            quotas = [
                str(v.get("quotaId"))
                for d in details
                for v in d.get("violations") or ()
                if isinstance(v, dict)
            ]
            if any("PerDay" in quota for quota in quotas):
                return Busy("Gemini's quota for today is used up.", 3600.0)
            waits = [re.fullmatch(r"(\d+(?:\.\d+)?)s", str(d.get("retryDelay"))) for d in details]
            return Busy("Gemini is busy.", next((float(w.group(1)) for w in waits if w), after(got)))
        return None

    def clip(self, model: Model, order: Order) -> Request | None:
        """Kept by Gemini while it is being made, or nobody could look for it."""
        if order.picture is None:
            return None
        still = {"data": b64(order.picture), "mime_type": "image/png", "type": "image"}
        shape = {
            "type": "video",
            "aspect_ratio": nearest(order.size, CLIP_RATIOS),
            "delivery": "inline",
            "duration": f"{order.seconds}s",
            "resolution": "720p",
        }
        body = {
            "model": model.id,
            "input": [{"content": [{"text": order.prompt, "type": "text"}, still], "type": "user_input"}],
            "response_format": shape,
            "generation_config": {"video_config": {"task": "image_to_video"}},
            "background": True,
            "store": True,
        }
        return Request("POST", "/interactions", body)

    def ticket(self, got: Got) -> Ticket | None:
        """An interaction that goes on."""
        body = got.body if isinstance(got.body, dict) else {}
        return {"id": str(body["id"])} if body.get("status") == "in_progress" else None

    async def look(self, wire: Wire, ticket: Ticket) -> Got | None:
        """One look at an interaction. Raises Failed or CalledOff."""
        asked = Request("GET", f"/interactions/{ticket['id']}")
        got = await wire.call(asked, self.trouble, paid=False, patience=120)
        body = got.body if isinstance(got.body, dict) else {}
        match body.get("status"):
            case "in_progress":
                return None
            case "cancelled":
                raise CalledOff("It was called off.")
            case "completed" | "incomplete":
                return got
        raise Failed("Gemini began and could not finish.")

    def cancel(self, ticket: Ticket) -> Request | None:
        """An interaction in the background can be called off."""
        return Request("POST", f"/interactions/{ticket['id']}/cancel", {})

    def answer(self, model: Model, got: Got) -> Answer:
        """Whatever picture is no thought of the model's; a clip stands in the steps of an interaction."""
        body = got.body if isinstance(got.body, dict) else {}
        if "steps" in body:
            return _footage(body)
        reason = (body.get("promptFeedback") or {}).get("blockReason")
        if reason:
            raise Blocked(_forbids(str(reason)))
        found: list[bytes] = []
        for candidate in body.get("candidates") or ():
            for part in (candidate.get("content") or {}).get("parts") or ():
                inline = part.get("inlineData") or part.get("inline_data")
                if inline and not part.get("thought"):
                    found.append(decoded(inline.get("data")))
            if not found and candidate.get("finishReason") in FORBIDDEN:
                raise Blocked(_forbids(str(candidate["finishReason"])))
        if not found:
            raise Rejected("was words and no picture")
        return Answer(tuple(found), body.get("modelVersion"))

    def find(self, model: Model, picture: Image.Image, thing: str) -> Request | None:
        """Boxes only: its masks are not to be built on."""
        small = picture.convert("RGB")
        small.thumbnail((LOOK, LOOK))
        parts = [_inline(small), {"text": f"Detect the 2d bounding boxes of the {thing}"}]
        config = {"temperature": 0.5, "responseMimeType": "application/json", "responseSchema": _SCHEMA}
        return _ask(model, parts, config, system=_BOXES)

    def found(self, got: Got) -> str:
        """What it wrote."""
        return text(got)

    def knock(self, model: Model) -> Request:
        """What is known of the model."""
        return Request("GET", f"/models/{model.id}")

    def reading(self, model: Model, words: str, schema: dict[str, object]) -> Request:
        """What a reply wants, after a JSON schema."""
        config = {"temperature": 0, "responseMimeType": "application/json", "responseJsonSchema": schema}
        return _ask(model, [{"text": words}], config)


def _footage(body: dict[str, Any]) -> Answer:
    for step in body.get("steps") or ():
        for content in step.get("content") or ():
            if content.get("type") == "video" and content.get("data"):
                return Answer((decoded(content["data"]),), body.get("model"))
    raise Rejected("was words and no clip")


def text(got: Got) -> str:
    """The words of an answer."""
    body = got.body if isinstance(got.body, dict) else {}
    return "".join(
        part["text"]
        for candidate in (body.get("candidates") or ())[:1]
        for part in (candidate.get("content") or {}).get("parts") or ()
        if isinstance(part.get("text"), str) and not part.get("thought")
    )


def _ask(
    model: Model, parts: list[dict[str, Any]], config: dict[str, Any], system: str | None = None
) -> Request:
    body: dict[str, Any] = {"contents": [{"role": "user", "parts": parts}], "generationConfig": config}
    if system:
        body["systemInstruction"] = {"parts": [{"text": system}]}
    return Request("POST", f"/models/{model.id}:generateContent", body)


def _inline(picture: Image.Image) -> dict[str, Any]:
    return {"inlineData": {"mime_type": "image/png", "data": b64(picture)}}


def _details(got: Got) -> list[dict[str, Any]]:
    error = got.body.get("error") if isinstance(got.body, dict) else None
    listed = error.get("details") if isinstance(error, dict) else None
    return [d for d in listed or () if isinstance(d, dict)]


def _forbids(reason: str) -> str:
    return (
        f"Gemini's safety rules forbid this ({reason.lower().replace('_', ' ')}). Nothing was changed; asking the same "
        "again would not help. Say it in other words."
    )
