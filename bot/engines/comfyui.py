"""ComfyUI: a workflow of the operator's own, in API form, with the inputs marked that are ours to fill.

A node is marked by its title (``_meta.title``): ``proofthread prompt``, ``proofthread image`` (a LoadImage: its mask is
the see-through part), ``proofthread seed``, ``proofthread size``; the result is what the first SaveImage saves, or the
node titled ``proofthread result``. It has no keys: it belongs on a network of your own.
"""

from __future__ import annotations

import copy
import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from PIL import Image

from bot.engines.adapter import Answer, Order, Plain, Ticket, see_through
from bot.engines.catalogue import Model
from bot.engines.wire import Got, Part, Request, Wire, said
from bot.errors import Failed, Misconfigured, ProofthreadError, Rejected
from bot.imaging.picture import png

MARK = "proofthread "
PROMPT, IMAGE, SEED, SIZE, RESULT = "prompt", "image", "seed", "size", "result"
POLL = 30.0


class ComfyUI(Plain):
    """Upload, queue, look into the history, fetch. ``workflows``: by what they are for, "draw" and "edit"."""

    def __init__(self, workflows: Mapping[str, Mapping[str, Any]]) -> None:
        self.workflows = workflows

    def headers(self, key: str) -> dict[str, str]:
        """None: it knows no keys; a proxy in front of it may."""
        return {"Authorization": f"Bearer {key}"} if key else {}

    def before(self, order: Order) -> Sequence[Request]:
        """The picture goes up under a name made of its content."""
        if order.picture is None:
            return ()
        data = png(_marked(order.picture, order.mask))
        form = (Part("image", data, _name(data)), Part("type", "input"), Part("overwrite", "true"))
        return (Request("POST", "/upload/image", form=form),)

    def request(self, model: Model, order: Order) -> Request:
        """The workflow with our values in the marked places."""
        nodes = copy.deepcopy(dict(self.workflows["draw" if order.picture is None else "edit"]))
        for what, inputs in _nodes(nodes):
            if what == PROMPT:
                inputs["text" if "text" in inputs else next(iter(inputs), "text")] = order.prompt
            elif what == IMAGE and order.picture is not None:
                inputs["image"] = _name(png(_marked(order.picture, order.mask)))
            elif what == SEED and order.seed is not None:
                inputs["noise_seed" if "noise_seed" in inputs else "seed"] = order.seed
            elif what == SIZE:
                inputs["width"], inputs["height"] = order.size
        return Request("POST", "/prompt", {"prompt": nodes, "client_id": str(uuid.uuid4())})

    def trouble(self, got: Got) -> ProofthreadError | None:
        """A workflow that does not fit is the operator's to mend."""
        if got.status == 400 and isinstance(got.body, dict) and "node_errors" in got.body:
            return Misconfigured(f"ComfyUI does not take the workflow (COMFYUI_WORKFLOW): {said(got)}")
        return None

    def ticket(self, got: Got) -> Ticket | None:
        """Its own number for it."""
        number = got.body.get("prompt_id") if isinstance(got.body, dict) else None
        if not isinstance(number, str):
            raise Rejected("was no piece of work")
        return {"prompt": number}

    async def look(self, wire: Wire, ticket: Ticket) -> Got | None:
        """Nothing stands in the history until it is done."""
        number = ticket["prompt"]
        got = await wire.call(Request("GET", f"/history/{number}"), self.trouble, paid=False, patience=POLL)
        entry = got.body.get(number) if isinstance(got.body, dict) else None
        if entry is None:
            return None
        status = entry.get("status") or {}
        if status.get("status_str") == "error":
            raise Failed("ComfyUI began and could not finish it; its own log says why.")
        for output in (entry.get("outputs") or {}).values():
            for image in output.get("images") or ():
                if image.get("type", "output") == "output":
                    where = {k: image.get(k, "") for k in ("filename", "subfolder", "type")}
                    view = Request("GET", f"/view?{urlencode(where)}")
                    return await wire.call(view, self.trouble, paid=False, patience=POLL)
        return None if not status.get("completed") else _nothing()

    def cancel(self, ticket: Ticket) -> Request | None:
        """Stop it where it runs."""
        return Request("POST", "/interrupt", {"prompt_id": ticket["prompt"]})

    def knock(self, model: Model) -> Request:
        """How the machine is."""
        return Request("GET", "/system_stats")

    def answer(self, model: Model, got: Got) -> Answer:
        """The bytes themselves."""
        return Answer((got.content,), model.id, 0.0)


def workflows(path: Path) -> dict[str, Mapping[str, Any]]:
    """The operator's workflows: one file for both, or a folder with ``draw.json`` and ``edit.json``. Raises
    Misconfigured where they are not in API form or nothing in them is marked."""
    paths = {"draw": path, "edit": path}
    if path.is_dir():
        paths = {name: path / f"{name}.json" for name in paths}
    found: dict[str, Mapping[str, Any]] = {}
    for name, file in paths.items():
        if not file.is_file():
            continue
        try:
            nodes = json.loads(file.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise Misconfigured(f"COMFYUI_WORKFLOW: {file} cannot be read: {error}.") from error
        if not isinstance(nodes, dict) or not all(
            isinstance(n, dict) and "class_type" in n for n in nodes.values()
        ):
            raise Misconfigured(f"COMFYUI_WORKFLOW: {file} is not in API form. In ComfyUI, use Export (API).")
        if not any(what == PROMPT for what, _ in _nodes(nodes)):
            raise Misconfigured(
                f"COMFYUI_WORKFLOW: no node in {file} is titled “{MARK}{PROMPT}”, so I do not know where the words go."
            )
        if path.is_dir() or name == "draw" or any(what == IMAGE for what, _ in _nodes(nodes)):
            found[name] = nodes
    if not found:
        raise Misconfigured(f"COMFYUI_WORKFLOW: there is no workflow at {path}.")
    return found


def _nodes(nodes: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """What each marked node is for, and its inputs."""
    titles = ((str((n.get("_meta") or {}).get("title", "")).lower().strip(), n) for n in nodes.values())
    return [
        (title.removeprefix(MARK), n.setdefault("inputs", {}))
        for title, n in titles
        if title.startswith(MARK)
    ]


def _marked(picture: Image.Image, mask: Image.Image | None) -> Image.Image:
    return see_through(mask, picture) if mask is not None else picture


def _name(data: bytes) -> str:
    return f"proofthread-{hashlib.sha256(data).hexdigest()[:24]}.png"


def _nothing() -> Got:
    raise Rejected("was no picture")
