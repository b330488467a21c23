"""What Slack refuses in blocks and views: the SDK's own validators, and the limits they miss."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

from bot.sandbox.errors import SlackError, invalid_blocks

_FILE_ID = re.compile(r"^F[A-Z0-9]{8,}$")
_MODAL_ONLY = {"input", "alert"}
_MESSAGE_TYPES = {
    "actions", "carousel", "context", "context_actions", "divider", "file", "header", "image", "input", "markdown",
    "rich_text", "section", "table", "video", "card",
}  # fmt: skip
_ELEMENTS = {
    "button", "checkboxes", "datepicker", "datetimepicker", "multi_users_select", "overflow", "plain_text_input",
    "radio_buttons", "static_select", "users_select", "conversations_select", "file_input", "image",
    "multi_static_select", "channels_select", "number_input", "timepicker", "url_text_input", "email_text_input",
    "mrkdwn", "plain_text", "feedback_buttons", "icon_button", "multi_conversations_select",
}  # fmt: skip


_KEYS: dict[Any, set[str]] = {
    "actions": {"type", "block_id", "elements"},
    "context": {"type", "block_id", "elements"},
    "divider": {"type", "block_id"},
    "header": {"type", "block_id", "text", "level"},
    "image": {"type", "block_id", "alt_text", "image_url", "slack_file", "title"},
    "input": {"type", "block_id", "label", "element", "hint", "optional", "dispatch_action"},
    "section": {"type", "block_id", "text", "fields", "accessory", "expand"},
}


def parsed(value: Any, wrong: str = "invalid_blocks_format") -> Any:
    """Blocks, views and metadata may come as JSON text."""
    if isinstance(value, str):
        try:
            return json.loads(value)
        except ValueError:
            raise SlackError(wrong) from None
    return value


def message(blocks: Any, file_ready: Callable[[str], bool]) -> list[dict[str, Any]]:
    """The blocks of a message, checked. Raises invalid_blocks."""
    return _all(blocks, 50, modal=False, file_ready=file_ready)


def view(given: Any, file_ready: Callable[[str], bool]) -> dict[str, Any]:
    """A modal or Home, checked. Raises invalid_arguments, view_too_large or invalid_blocks."""
    made = parsed(given, "invalid_arguments")
    if not isinstance(made, dict) or made.get("type") not in ("modal", "home"):
        raise SlackError(
            "invalid_arguments", response_metadata={"messages": ["[ERROR] must be a modal or home"]}
        )
    if len(json.dumps(made)) > 250_000:
        raise SlackError("view_too_large")
    problems = []
    if made["type"] == "modal":
        if not made.get("title"):
            problems.append("missing required field: title")
        problems += [
            f"{part} must be at most 24 characters"
            for part in ("title", "submit", "close")
            if len((made.get(part) or {}).get("text", "")) > 24
        ]
        if any(b.get("type") == "input" for b in made.get("blocks") or []) and not made.get("submit"):
            problems.append("missing required field: submit (the view has input blocks)")
    if not made.get("blocks"):
        problems.append("missing required field: blocks")
    if made["type"] == "home" and made.get("title"):
        problems.append("invalid additional property: title")
    if len(made.get("private_metadata") or "") > 3000:
        problems.append("private_metadata must be at most 3000 characters")
    if len(made.get("callback_id") or "") > 255:
        problems.append("callback_id must be at most 255 characters")
    if problems:
        raise SlackError(
            "invalid_arguments", response_metadata={"messages": [f"[ERROR] {p}" for p in problems]}
        )
    made["blocks"] = _all(made.get("blocks"), 100, modal=True, file_ready=file_ready)
    return made


def metadata(given: Any) -> dict[str, Any]:
    """A message's metadata, checked."""
    made = parsed(given, "invalid_metadata_format")
    if made == {}:
        return {}
    if (
        not isinstance(made, dict)
        or not made.get("event_type")
        or not isinstance(made.get("event_payload"), dict)
    ):
        raise SlackError("invalid_metadata_format")
    if len(json.dumps(made)) > 16_000:
        raise SlackError("metadata_too_large")
    return made


def _all(blocks: Any, most: int, *, modal: bool, file_ready: Callable[[str], bool]) -> list[dict[str, Any]]:
    made = parsed(blocks)
    if made is None:
        return []
    if not isinstance(made, list) or not all(isinstance(b, dict) for b in made):
        raise SlackError("invalid_blocks_format")
    if len(made) > most:
        raise invalid_blocks(f"no more than {most} items allowed [json-pointer:/blocks]")
    problems: list[str] = []
    ids: set[str] = set()
    for i, block in enumerate(made):
        where = f"[json-pointer:/blocks/{i}]"
        problems += [f"{p} {where}" for p in _one(block, modal=modal)]
        if block.get("block_id"):
            if block["block_id"] in ids:
                problems.append(f"duplicate block_id {where}")
            ids.add(block["block_id"])
        for file in _files(block):
            if not _FILE_ID.match(file) or not file_ready(file):
                problems.append(f"invalid slack file [json-pointer:/blocks/{i}/slack_file]")
    if problems:
        raise invalid_blocks(*problems)
    for i, block in enumerate(made):
        block.setdefault("block_id", f"b{i}")
    return made


def _one(block: dict[str, Any], *, modal: bool) -> Iterator[str]:
    kind = block.get("type")
    if kind not in _MESSAGE_TYPES | _MODAL_ONLY:
        yield f"unsupported type: {kind}"
        return
    if kind in _MODAL_ONLY - {"input"} and not modal:
        yield f"unsupported type: {kind}"
    try:
        if (known := Block.parse(block)) is not None:
            known.validate_json()
    except (SlackObjectFormationError, TypeError, ValueError) as error:
        yield f"invalid {kind}: {error}"
        return
    if kind == "image" and not (block.get("image_url") or block.get("slack_file")):
        yield "an image needs image_url or slack_file"
    if block.get("image_url") and not str(block["image_url"]).startswith("https://"):
        yield "downloading image failed"
    if unknown := set(block) - _KEYS.get(kind, set(block)):
        yield f"invalid additional property: {sorted(unknown)[0]}"
    if kind in ("section", "header") and "text" in block and not (block["text"] or {}).get("text"):
        yield "text must be more than 0 characters"
    if kind == "header" and (block.get("text") or {}).get("type") != "plain_text":
        yield "a header's text is plain_text"
    if kind == "image" and not 1 <= len(block.get("alt_text") or "") <= 2000:
        yield "alt_text must be 1 to 2000 characters"
    if kind == "context" and not 1 <= len(block.get("elements") or []) <= 10:
        yield "a context has 1 to 10 elements"
    if kind == "actions" and not 1 <= len(block.get("elements") or []) <= 25:
        yield "actions have 1 to 25 elements"
    if kind == "section" and not (block.get("text") or block.get("fields")):
        yield "a section needs text or fields"
    if len(block.get("block_id") or "") > 255:
        yield "block_id must be at most 255 characters"
    if kind == "input" and len((block.get("label") or {}).get("text", "")) not in range(1, 2001):
        yield "label must be 1 to 2000 characters"
    if kind == "input" and len((block.get("hint") or {}).get("text", "")) > 2000:
        yield "hint must be at most 2000 characters"
    yield from _elements(block)


def _elements(block: dict[str, Any]) -> Iterator[str]:
    elements = [*(block.get("elements") or []), block.get("element"), block.get("accessory")]
    seen: set[str] = set()
    for element in (e for e in elements if isinstance(e, dict)):
        kind = element.get("type")
        if block["type"] != "rich_text" and kind not in _ELEMENTS:
            yield f"unsupported element: {kind}"
        if action := element.get("action_id"):
            if len(action) > 255:
                yield "action_id must be at most 255 characters"
            if action in seen:
                yield f"action_id {action} is used twice in a block"
            seen.add(action)
        if kind == "button":
            if block["type"] == "context":
                yield "a context has no buttons"
            yield from _button(element)
        if kind in ("mrkdwn", "plain_text") and block["type"] == "actions":
            yield "actions have no text"
        if kind in ("static_select", "radio_buttons", "multi_static_select", "checkboxes"):
            yield from _options(element)
        if kind == "plain_text_input":
            if not 0 < int(element.get("max_length") or 3000) <= 3000:
                yield "max_length must be 1 to 3000"
            if len(element.get("initial_value") or "") > int(element.get("max_length") or 3000):
                yield "initial_value is longer than max_length"
            if len((element.get("placeholder") or {}).get("text", "")) > 150:
                yield "placeholder must be at most 150 characters"
        if kind in ("mrkdwn", "plain_text") and not element.get("text"):
            yield "text must not be empty"


def _button(element: dict[str, Any]) -> Iterator[str]:
    if (element.get("text") or {}).get("type") != "plain_text":
        yield "button text must be plain_text"
    text = (element.get("text") or {}).get("text", "")
    if not 1 <= len(text) <= 75:
        yield "button text must be 1 to 75 characters"
    if len(element.get("value") or "") > 2000:
        yield "button value must be at most 2000 characters"
    if element.get("style") not in (None, "primary", "danger"):
        yield f"unknown button style {element.get('style')}"
    if len(element.get("url") or "") > 3000:
        yield "button url must be at most 3000 characters"
    if "url" in element and not str(element["url"]).startswith(("https://", "http://")):
        yield "button url must be a web address"
    if len(element.get("accessibility_label") or "") > 75:
        yield "accessibility_label must be at most 75 characters"


def _options(element: dict[str, Any]) -> Iterator[str]:
    options = element.get("options") or []
    if not 1 <= len(options) <= 100:
        yield "a menu has 1 to 100 options"
    for option in options:
        if (
            not 1 <= len((option.get("text") or {}).get("text", "")) <= 75
            or len(option.get("value") or "") > 150
        ):
            yield "an option has text of 1 to 75 and a value of at most 150 characters"
    initial = element.get("initial_option")
    if initial is not None and initial not in options:
        yield "initial_option is not among the options"


def _files(block: dict[str, Any]) -> Iterator[str]:
    if isinstance(block.get("slack_file"), dict):
        yield str(block["slack_file"].get("id"))
    for key in ("accessory", "hero_image"):
        if isinstance(block.get(key), dict):
            yield from _files(block[key])
    for element in block.get("elements") or []:
        if isinstance(element, dict):
            yield from _files(element)
