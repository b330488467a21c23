"""Black Forest Labs' FLUX: submit, poll an address they name, fetch within ten minutes. Fill and Erase keep to a mask.

Source: the vendor's OpenAPI for Fill and Erase; public clients for FLUX.2, FLUX 3 and Expand.
"""

from __future__ import annotations

from typing import Any

from PIL import Image

from bot.engines.adapter import Answer, Order, Plain, Ticket, b64, nearest, ratios
from bot.engines.catalogue import Model
from bot.engines.wire import Got, Request, Wire
from bot.errors import Blocked, Declined, Failed, ProofthreadError, Rejected

WAITING = frozenset({"Pending", "Reasoning", "Generating", "Queued"})
MODERATED = frozenset({"Request Moderated", "Content Moderated"})
RATIOS = ratios("1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9")
STEPS = ((1_200_000, "1k"), (2_400_000, "1.5k"), (5_000_000, "2k"), (1 << 40, "4k"))
"""FLUX 3: pixels up to which a size is asked for."""
CREDIT = 0.01
"""USD: what one of their credits costs, in which answers give the price."""
POLL = 30.0


class BFL(Plain):
    """Each of their endpoints is a model here."""

    def headers(self, key: str) -> dict[str, str]:
        """A header of their own."""
        return {"x-key": key}

    def request(self, model: Model, order: Order) -> Request:
        """PNG is always asked for: Fill's own choice is JPEG."""
        body: dict[str, Any] = {"safety_tolerance": 2}
        if model.id == "flux-3-image":  # refuses seed, size and output_format
            step = next(name for most, name in STEPS if order.size[0] * order.size[1] <= most)
            shape = nearest(order.size, RATIOS)
            body |= {"prompt": order.prompt, "aspect_ratio": shape, "resolution": step}
            if order.pictures:
                body["images"] = [b64(p) for p in order.pictures]
            return Request("POST", f"/v1/{model.id}", body)
        body["output_format"] = "png"
        if order.seed is not None:
            body["seed"] = order.seed
        if order.picture is None or order.mask is None or model.id.startswith("flux-2"):
            body |= {"prompt": order.prompt, "width": order.size[0], "height": order.size[1]}
            for number, picture in enumerate(order.pictures, 1):
                body["input_image" if number == 1 else f"input_image_{number}"] = b64(picture)
        elif model.id.endswith("expand"):
            left, top, right, bottom = kept(order.mask)
            wide, high = order.size
            body |= {"image": b64(order.picture.crop((left, top, right, bottom))), "prompt": order.prompt}
            body |= {"top": top, "left": left, "right": wide - right, "bottom": high - bottom}
        else:
            body |= {"image": b64(order.picture.convert("RGB")), "mask": b64(order.mask)}
            if "erase" not in model.id:  # that one takes no words
                body["prompt"] = order.prompt
        return Request("POST", f"/v1/{model.id}", body)

    def trouble(self, got: Got) -> ProofthreadError | None:
        """A task that failed may come as 503 with its status."""
        status = got.body.get("status") if isinstance(got.body, dict) else None
        if status in MODERATED:
            reasons = ", ".join((got.body.get("details") or {}).get("Moderation Reasons") or ())
            return Blocked(
                f"FLUX's safety rules forbid this{f' ({reasons})' if reasons else ''}. Nothing was changed; asking the "
                "same again would not help. Say it in other words."
            )
        if status in ("Error", "Failed"):
            return Failed("FLUX began and could not finish it.")
        if status == "Task not found":
            return Declined("FLUX no longer knows this piece of work.")
        return None

    def knock(self, model: Model) -> Request:
        """The credits that are left."""
        return Request("GET", "/v1/credits")

    def ticket(self, got: Got) -> Ticket | None:
        """The address to poll, to be used as it is; what it costs is told now."""
        address = got.body.get("polling_url") if isinstance(got.body, dict) else None
        if not isinstance(address, str) or not address:
            raise Rejected("was no piece of work")
        cost = got.body.get("cost")
        return {"poll": address, **({"cost": str(cost)} if isinstance(cost, int | float) else {})}

    async def look(self, wire: Wire, ticket: Ticket) -> Got | None:
        """The wire checks the address before the key goes there."""
        got = await wire.call(Request("GET", ticket["poll"]), self.trouble, paid=False, patience=POLL)
        status = got.body.get("status") if isinstance(got.body, dict) else None
        if status in WAITING:
            return None
        if status != "Ready":
            raise Declined("FLUX answered with something I do not know, so I stopped waiting.")
        return Got(got.status, got.headers, got.content, {**got.body, "cost": ticket.get("cost")})

    def answer(self, model: Model, got: Got) -> Answer:
        """A link that lives ten minutes."""
        result = got.body.get("result") or {}
        link, cost = result.get("sample"), got.body.get("cost")
        if not isinstance(link, str):
            raise Rejected("was no picture")
        seed = result.get("seed")
        usd = round(float(cost) * CREDIT, 6) if cost is not None else None
        return Answer((link,), model.id, usd, seed if isinstance(seed, int) else None)


def kept(mask: Image.Image) -> tuple[int, int, int, int]:
    """The part of an extended canvas that is the picture itself: what the mask leaves alone."""
    return mask.point(lambda v: 0 if v else 255).getbbox() or (0, 0, *mask.size)
