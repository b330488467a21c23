"""fal, an aggregator: erase, fill, find and enlarge, through a queue whose addresses they name.

Source: requests as fal-client 1.0.3 sends them; the models' own pages. Nothing is kept there longer than an hour.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from PIL import Image

from bot.engines.adapter import Answer, Order, Plain, Ticket, data_url, decoded
from bot.engines.catalogue import Model
from bot.engines.wire import Got, Request, Wire, after, said
from bot.errors import Blocked, Busy, Declined, Failed, ProofthreadError, Rejected

PRIVATE = {
    "X-Fal-Store-IO": "0",
    "X-Fal-Object-Lifecycle-Preference": json.dumps({"expiration_duration_seconds": 3600}),
    "X-Fal-No-Retry": "1",
}
"""Their payloads are not stored, their files go after an hour, and their queue asks no model twice."""
POLL = 30.0


class Fal(Plain):
    """Submit, look, fetch."""

    def headers(self, key: str) -> dict[str, str]:
        """Their own word before the key."""
        return {"Authorization": f"Key {key}"}

    def request(self, model: Model, order: Order) -> Request:
        """The fields of the models in the catalogue."""
        body: dict[str, Any] = {"output_format": "png"}
        if order.picture is not None:
            body["image_url"] = data_url(order.picture.convert("RGB"))
        if order.mask is not None:
            body["mask_url"] = data_url(order.mask)
        if model.id.endswith("upscaler"):
            body = {
                "image_url": body["image_url"],
                "upscale_factor": 2,
                "creativity": 0.1,
                "resemblance": 1.5,
            }
        elif not model.id.endswith("erase"):
            body["prompt"] = order.prompt
        if order.seed is not None:
            body["seed"] = order.seed
        return Request("POST", f"/{model.id}", body, headers=PRIVATE)

    def trouble(self, got: Got) -> ProofthreadError | None:
        """A finished piece of work may carry an error too."""
        body = got.body if isinstance(got.body, dict) else {}
        details = body.get("detail")
        kinds = [d.get("type") for d in details if isinstance(d, dict)] if isinstance(details, list) else []
        if "content_policy_violation" in kinds or body.get("error_type") == "content_policy_violation":
            return Blocked(
                "The model's safety rules forbid this (fal). Nothing was changed; asking the same again would not "
                "help. Say it in other words."
            )
        if got.status in (200, 202) and body.get("error"):
            return Failed(f"fal began and could not finish it. {said(got)}".strip())
        if got.status == 422 and got.headers.get("x-fal-retryable") == "true":
            return Busy("fal could not do it just now.", after(got))
        return None

    def ticket(self, got: Got) -> Ticket | None:
        """The addresses they return, never built by us."""
        body = got.body if isinstance(got.body, dict) else {}
        found = {name: body.get(f"{name}_url") for name in ("status", "response", "cancel")}
        if not all(isinstance(found[name], str) for name in ("status", "response")):
            raise Rejected("was no piece of work")
        return {name: address for name, address in found.items() if isinstance(address, str)}

    async def look(self, wire: Wire, ticket: Ticket) -> Got | None:
        """202 while it is queued or running."""
        got = await wire.call(Request("GET", ticket["status"]), self.trouble, paid=False, patience=POLL)
        status = got.body.get("status") if isinstance(got.body, dict) else None
        if got.status == 202 or status in ("IN_QUEUE", "IN_PROGRESS"):
            return None
        if status != "COMPLETED":
            raise Declined("fal answered with something I do not know, so I stopped waiting.")
        return await wire.call(Request("GET", ticket["response"]), self.trouble, paid=False, patience=POLL)

    def cancel(self, ticket: Ticket) -> Request | None:
        """Where they let us."""
        return Request("PUT", ticket["cancel"]) if "cancel" in ticket else None

    def answer(self, model: Model, got: Got) -> Answer:
        """One picture or a list of them."""
        body = got.body if isinstance(got.body, dict) else {}
        rows = [body["image"]] if isinstance(body.get("image"), Mapping) else body.get("images") or []
        if any(body.get("has_nsfw_concepts") or ()):
            raise Blocked("The model's safety rules forbid this (fal). Say it in other words.")
        found = tuple(_picture(row.get("url")) for row in rows if isinstance(row, Mapping) and row.get("url"))
        if not found:
            raise Rejected("was no picture")
        seed = body.get("seed")
        return Answer(found, model.id, None, seed if isinstance(seed, int) else None)

    def knock(self, model: Model) -> Request:
        """A piece of work that never was: a wrong key is refused before that is seen."""
        return Request("GET", f"/{model.id}/requests/00000000-0000-0000-0000-000000000000/status")

    def find(self, model: Model, picture: Image.Image, thing: str) -> Request | None:
        """SAM 3: a thing by its name."""
        body = {
            "image_url": data_url(picture.convert("RGB")),
            "prompt": thing,
            "apply_mask": False,
            "include_boxes": True,
            "return_multiple_masks": True,
            "sync_mode": True,
        }
        return Request("POST", f"/{model.id}", body, headers=PRIVATE)

    def found(self, got: Got) -> str:
        """Boxes as centre and size, parts of one."""
        boxes = got.body.get("boxes") if isinstance(got.body, dict) else None
        rows = []
        for box in boxes or ():
            if isinstance(box, list) and len(box) == 4 and all(isinstance(v, int | float) for v in box):
                x, y, wide, high = box
                edges = (y - high / 2, x - wide / 2, y + high / 2, x + wide / 2)
                rows.append({"box_2d": [round(1000 * edge) for edge in edges]})
        return json.dumps(rows)


def _picture(address: object) -> bytes | str:
    text = str(address)
    return decoded(text.partition(",")[2]) if text.startswith("data:") else text
