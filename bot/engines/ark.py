"""ByteDance's Ark: Seedream draws and edits through one address, and takes pictures apart into layers.

Source: requests as byteplus-python-sdk-v2 3.0.63 sends them; nulls are left out. Their watermark is on unless refused.
"""

from __future__ import annotations

from typing import Any

from bot.engines.adapter import Answer, Order, Plain, data_url, decoded
from bot.engines.catalogue import Model
from bot.engines.wire import Got, Request
from bot.errors import Blocked, ProofthreadError, Rejected, Unknown


class Ark(Plain):
    """One call, one picture."""

    def headers(self, key: str) -> dict[str, str]:
        """A bearer token."""
        return {"Authorization": f"Bearer {key}"}

    def request(self, model: Model, order: Order) -> Request:
        """Width and height as they are."""
        body: dict[str, Any] = {
            "model": model.id,
            "prompt": order.prompt,
            "response_format": "b64_json",
            "size": f"{order.size[0]}x{order.size[1]}",
            "watermark": False,
            "sequential_image_generation": "disabled",
            "output_format": "png",
        }
        if order.pictures:
            body["image"] = [data_url(p) for p in order.pictures]
        return Request("POST", "/images/generations", body)

    def trouble(self, got: Got) -> ProofthreadError | None:
        """By the error's code."""
        return _meant(got.body.get("error")) if isinstance(got.body, dict) else None

    def answer(self, model: Model, got: Got) -> Answer:
        """A single picture's failure may sit inside a 200."""
        body = got.body if isinstance(got.body, dict) else {}
        found: list[bytes | str] = []
        for row in body.get("data") or ():
            if trouble := _meant(row.get("error")):
                raise trouble
            if row.get("b64_json"):
                found.append(decoded(row["b64_json"]))
            elif row.get("url"):
                found.append(str(row["url"]))
        if not found:
            raise Rejected("was no picture")
        return Answer(tuple(found), body.get("model"))


def _meant(error: object) -> ProofthreadError | None:
    if not isinstance(error, dict):
        return None
    code = str(error.get("code") or "")
    if "SensitiveContent" in code or "RiskDetection" in code:
        return Blocked(
            "Seedream's safety rules forbid this. Nothing was changed; asking the same again would not help. Say it in "
            "other words."
        )
    if code in ("ModelNotOpen", "InvalidEndpointOrModel.NotFound"):
        return Unknown("Ark does not offer that model to this account.")
    return None
