"""OpenAI's GPT Image: JSON to draw, a form to edit, a mask whose see-through part is what changes, and only advice.

Source: requests as openai-python 3.52.0 sends them. ``response_format`` is never sent: it is refused.
"""

from __future__ import annotations

from typing import Any

from bot.engines.adapter import Answer, Order, Plain, decoded, see_through
from bot.engines.catalogue import Model
from bot.engines.wire import Got, Part, Request, said
from bot.errors import Blocked, Busy, Misconfigured, ProofthreadError, Rejected, Unknown
from bot.imaging.picture import png


class OpenAI(Plain):
    """One call, one picture."""

    def headers(self, key: str) -> dict[str, str]:
        """A bearer token."""
        return {"Authorization": f"Bearer {key}"}

    def request(self, model: Model, order: Order) -> Request:
        """Without a picture to go by it is drawn, else edited."""
        size = f"{order.size[0]}x{order.size[1]}"
        common = {"model": model.id, "prompt": order.prompt, "n": 1, "size": size}
        common |= {"quality": model.quality or "auto", "output_format": "png"}
        if not order.pictures:
            return Request("POST", "/images/generations", {**common, "moderation": "auto"})
        form = [Part(name, str(value)) for name, value in common.items()]
        several = "image[]" if len(order.pictures) > 1 else "image"
        form += [Part(several, png(p), f"{i}.png") for i, p in enumerate(order.pictures, 1)]
        if order.mask is not None:
            form.append(Part("mask", png(see_through(order.mask)), "mask.png"))
        return Request("POST", "/images/edits", form=form)

    def trouble(self, got: Got) -> ProofthreadError | None:
        """By the error's code."""
        error = got.body.get("error") if isinstance(got.body, dict) else None
        if not isinstance(error, dict):
            return None
        code = error.get("code")
        if code == "moderation_blocked":
            named = ", ".join((error.get("moderation_details") or {}).get("categories") or ())
            return Blocked(
                f"OpenAI's safety rules forbid this{f' ({named})' if named else ''}. Nothing was changed; asking the "
                "same again would not help. Say it in other words."
            )
        if code == "model_not_found":
            return Unknown(f"OpenAI does not know that model (any more). {said(got)}")
        if code in ("insufficient_quota", "billing_hard_limit_reached"):
            return Misconfigured("OpenAI: the account has no credit left.")
        if got.status == 403 and "verif" in said(got).lower():
            return Misconfigured(f"OpenAI wants the organisation verified first. {said(got)}")
        if got.status >= 500 and got.headers.get("x-should-retry") == "false":
            return Busy(f"OpenAI has a fault of its own ({got.status}).", 60.0)
        return None

    def answer(self, model: Model, got: Got) -> Answer:
        """Pictures in base64; the cost from the tokens."""
        body = got.body if isinstance(got.body, dict) else {}
        found = tuple(decoded(d["b64_json"]) for d in body.get("data") or () if d.get("b64_json"))
        if not found:
            raise Rejected("was no picture")
        return Answer(found, body.get("model"), cost(model, body.get("usage")))


def cost(model: Model, usage: Any) -> float | None:
    """USD for the tokens of an answer; None where it does not tell them or the catalogue has no price."""
    if not isinstance(usage, dict) or not model.tokens:
        return None
    details = usage.get("input_tokens_details") or {}
    counts = {
        "text_in": details.get("text_tokens", usage.get("input_tokens")),
        "image_in": details.get("image_tokens", 0),
        "image_out": usage.get("output_tokens"),
    }
    if not all(isinstance(count, int) and count >= 0 for count in counts.values()):
        return None
    usd = sum(model.tokens.get(kind, 0.0) * float(count) / 1e6 for kind, count in counts.items())
    return round(float(usd), 6)
