"""xAI's Grok Imagine: JSON both ways, edits too; blocks come as 200; the price stands in the answer.

Source: @ai-sdk/xai 5.0.12 and the public proto.
"""

from __future__ import annotations

from typing import Any

from bot.engines.adapter import Answer, Order, Plain, data_url, decoded, nearest, ratios
from bot.engines.catalogue import Model
from bot.engines.wire import Got, Request
from bot.errors import Blocked, Rejected

RATIOS = ratios(
    "1:1", "3:4", "4:3", "9:16", "16:9", "2:3", "3:2", "9:19.5", "19.5:9", "9:20", "20:9", "1:2", "2:1"
)
TICK = 1e-10
"""USD."""


class XAI(Plain):
    """One call, one picture; JPEG comes back."""

    def headers(self, key: str) -> dict[str, str]:
        """A bearer token."""
        return {"Authorization": f"Bearer {key}"}

    def request(self, model: Model, order: Order) -> Request:
        """``image`` for one picture, ``images`` for several."""
        body: dict[str, Any] = {
            "model": model.id,
            "prompt": order.prompt,
            "n": 1,
            "response_format": "b64_json",
        }
        body["aspect_ratio"] = nearest(order.size, RATIOS)
        body["resolution"] = "1k" if max(order.size) <= 1280 else "2k"
        if model.quality:
            body["quality"] = model.quality
        given = [{"url": data_url(p), "type": "image_url"} for p in order.pictures]
        if len(given) == 1:
            body["image"] = given[0]
        elif given:
            body["images"] = given
        return Request("POST", "/images/edits" if given else "/images/generations", body)

    def answer(self, model: Model, got: Got) -> Answer:
        """A picture that is not respected is no picture."""
        body = got.body if isinstance(got.body, dict) else {}
        rows = [d for d in body.get("data") or () if isinstance(d, dict)]
        if any(row.get("respect_moderation") is False for row in rows):
            raise Blocked(
                "xAI's safety rules forbid this. Nothing was changed; asking the same again would not help. Say it in "
                "other words."
            )
        found = tuple(
            decoded(row["b64_json"]) if row.get("b64_json") else str(row["url"])
            for row in rows
            if row.get("b64_json") or row.get("url")
        )
        if not found:
            raise Rejected("was no picture")
        ticks = (body.get("usage") or {}).get("cost_in_usd_ticks")
        return Answer(found, body.get("model"), round(ticks * TICK, 6) if isinstance(ticks, int) else None)
