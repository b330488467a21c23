"""ByteDance's Ark: Seedream draws and edits through one address, and takes pictures apart into layers; Seedance makes
clips, which are asked for and looked for.

Source: requests as byteplus-python-sdk-v2 3.0.63 sends them; nulls are left out. Their watermark is on unless refused.
"""

from __future__ import annotations

from typing import Any

from bot.engines.adapter import Answer, Order, Piece, Plain, Ticket, data_url, decoded, nearest, ratios
from bot.engines.catalogue import Model
from bot.engines.wire import Got, Request, Wire
from bot.errors import Blocked, CalledOff, Failed, ProofthreadError, Rejected, Unknown

CLIP_RATIOS = ratios("16:9", "4:3", "1:1", "3:4", "9:16", "21:9")
_TASKS = "/contents/generations/tasks"


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

    def clip(self, model: Model, order: Order) -> Request | None:
        """The picture is the first frame."""
        if order.picture is None:
            return None
        still = {
            "type": "image_url",
            "image_url": {"url": data_url(order.picture)},
            "role": "first_frame",
        }
        body = {
            "model": model.id,
            "content": [{"type": "text", "text": order.prompt}, still],
            "watermark": False,
            "resolution": "720p",
            "ratio": nearest(order.size, CLIP_RATIOS),
            "duration": order.seconds,
        }
        return Request("POST", _TASKS, body)

    def apart(self, model: Model, order: Order) -> Request | None:
        """One picture, no words."""
        if order.picture is None:
            return None
        body = {
            "model": model.id,
            "prompt": "",
            "image": data_url(order.picture),
            "layer_decomposition": True,
            "response_format": "b64_json",
            "watermark": False,
        }
        return Request("POST", "/images/generations", body)

    def ticket(self, got: Got) -> Ticket | None:
        """A clip is made elsewhere; pictures are there at once."""
        body = got.body if isinstance(got.body, dict) else {}
        return {"id": str(body["id"])} if body.get("id") and "data" not in body else None

    async def look(self, wire: Wire, ticket: Ticket) -> Got | None:
        """One look at a clip. Raises Blocked, Failed or CalledOff."""
        got = await wire.call(
            Request("GET", f"{_TASKS}/{ticket['id']}"), self.trouble, paid=False, patience=60
        )
        body = got.body if isinstance(got.body, dict) else {}
        match body.get("status"):
            case "succeeded":
                return got
            case "failed" | "expired":
                raise _meant(body.get("error")) or Failed("Seedance began and could not finish.")
            case "cancelled":
                raise CalledOff("It was called off.")
        return None

    def cancel(self, ticket: Ticket) -> Request | None:
        """What has not begun can be called off."""
        return Request("DELETE", f"{_TASKS}/{ticket['id']}")

    def answer(self, model: Model, got: Got) -> Answer:
        """A single picture's failure may sit inside a 200; layers come lowest first, however they are listed."""
        body = got.body if isinstance(got.body, dict) else {}
        if clip := (body.get("content") or {}).get("video_url"):
            return Answer((str(clip),), body.get("model"))
        found: list[tuple[bytes | str, Piece]] = []
        for row in sorted(body.get("data") or (), key=lambda row: int(row.get("z_index") or 0)):
            if trouble := _meant(row.get("error")):
                raise trouble
            piece = Piece(str(row.get("name") or ""), _box(row))
            if row.get("b64_json"):
                found.append((decoded(row["b64_json"]), piece))
            elif row.get("url"):
                found.append((str(row["url"]), piece))
        if not found:
            raise Rejected("was no picture")
        return Answer(
            tuple(data for data, _ in found), body.get("model"), pieces=tuple(piece for _, piece in found)
        )


def _box(row: dict[str, Any]) -> tuple[int, int, int, int] | None:
    corners = (row.get("bounding_box") or {}).get("absolute")
    if not isinstance(corners, list) or len(corners) != 4:
        return None
    left, top, right, bottom = (round(float(c)) for c in corners)
    return left, top, right, bottom


def _meant(error: object) -> ProofthreadError | None:
    if not isinstance(error, dict):
        return None
    code = str(error.get("code") or "")
    if "SensitiveContent" in code or "RiskDetection" in code:
        return Blocked(
            "Their safety rules forbid this. Nothing was changed; asking the same again would not help. Say it in "
            "other words."
        )
    if code in ("ModelNotOpen", "InvalidEndpointOrModel.NotFound"):
        return Unknown("Ark does not offer that model to this account.")
    return None
