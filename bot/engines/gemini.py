"""Gemini's image models, and its eye: generateContent, pictures inline, no masks, blocks that come as 200.

Source: requests as google-genai 3.4.0 sends them; ``shared`` contract of 2026-11-20.
"""

from __future__ import annotations

import re
from typing import Any

from PIL import Image

from bot.engines.adapter import Answer, Order, Plain, b64, decoded, nearest, ratios
from bot.engines.catalogue import Model
from bot.engines.wire import Got, Request, after
from bot.errors import Blocked, Busy, Misconfigured, ProofthreadError, Rejected

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

    def answer(self, model: Model, got: Got) -> Answer:
        """Whatever picture is no thought of the model's."""
        body = got.body if isinstance(got.body, dict) else {}
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
