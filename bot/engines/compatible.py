"""Any server that speaks as OpenAI's does: it may drop a mask without a word, so what it does with one is tried out.

Source: vllm-omni 0.30.0 (its field is ``mask_image``), sglang 0.5.23 (takes a mask and never uses it), LocalAI.
"""

from __future__ import annotations

from typing import Any

from bot.engines.adapter import Answer, Order, Plain, decoded, see_through
from bot.engines.catalogue import Model
from bot.engines.wire import Got, Part, Request
from bot.errors import Rejected
from bot.imaging.picture import png


class Compatible(Plain):
    """One call, one picture. ``model``: the name the server knows, where it serves several."""

    def __init__(self, model: str | None = None) -> None:
        self.model = model

    def headers(self, key: str) -> dict[str, str]:
        """A bearer token, where there is one."""
        return {"Authorization": f"Bearer {key}"} if key else {}

    def request(self, model: Model, order: Order) -> Request:
        """The mask under both names that are about: as OpenAI has it, and white on black."""
        size = f"{order.size[0]}x{order.size[1]}"
        common: dict[str, Any] = {"prompt": order.prompt, "n": 1, "size": size, "response_format": "b64_json"}
        if self.model:
            common["model"] = self.model
        if order.seed is not None:
            common["seed"] = order.seed
        if order.picture is None:
            return Request("POST", "/images/generations", common)
        form = [Part(name, str(value)) for name, value in common.items()]
        form.append(Part("image", png(order.picture), "image.png"))
        if order.mask is not None:
            form.append(Part("mask", png(see_through(order.mask)), "mask.png"))
            form.append(Part("mask_image", png(order.mask), "mask.png"))
        return Request("POST", "/images/edits", form=form)

    def answer(self, model: Model, got: Got) -> Answer:
        """In base64, or as links of its own."""
        body = got.body if isinstance(got.body, dict) else {}
        found: list[bytes | str] = []
        for row in body.get("data") or ():
            if row.get("b64_json"):
                found.append(decoded(row["b64_json"]))
            elif row.get("url"):
                found.append(str(row["url"]))
        if not found:
            raise Rejected("was no picture")
        return Answer(tuple(found), body.get("model") or self.model or model.id, 0.0)
