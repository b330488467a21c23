"""The brief form, and one draft seen large."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.blocks.kit import Block, actions, button, context, image, link, plain_text_input, section, select
from bot.blocks.thread import alt
from bot.briefing import LIMIT
from bot.model import Brief
from bot.placements import placements
from bot.review.edits import is_open
from bot.templates import templates
from bot.wording import cut, people, plural

View = dict[str, Any]
RATIOS = ("1:1", "4:5", "9:16", "16:9", "3:2", "2:3")


def brief_form(
    channel: str, *, text: str = "", files: tuple[str, ...] = (), busy: Mapping[str, int] | None = None
) -> View:
    """What ``/brief`` alone opens. ``files`` are Slack files of the message it was started from; ``busy``: who has how
    many decisions waiting already, where that is too many."""
    sizes = [(p.name, f"{p.name} ({p.width} x {p.height})") for p, _ in placements()]
    sizes += [(r, r) for r in RATIOS]
    blocks: list[Block] = [
        plain_text_input(
            "text",
            "What do you need?",
            optional=False,
            multiline=True,
            max_length=LIMIT,
            initial_value=cut(text, LIMIT) or None,
            placeholder="Summer sale poster, warm and loud",
        ),
        select("template", "What kind of work?", [(t.id, t.name) for t in templates().values()], "own"),
        select(
            "placement",
            "Where will it run?",
            sizes,
            "square",
            hint="Left as it is: where that kind usually runs.",
        ),
        plain_text_input("brand", "Brand", max_length=60),
        plain_text_input(
            "headline", "Headline", max_length=120, hint="Set as real letters, never drawn by a model."
        ),
        plain_text_input("offer", "Offer", max_length=120, placeholder="20 % off until Sunday"),
        plain_text_input("action", "Call to action", max_length=60, placeholder="Order online"),
        plain_text_input("audience", "Who should it speak to?", max_length=120),
        select("count", "Drafts", [(str(n), str(n)) for n in range(1, 5)], "4"),
        approvers := {
            "type": "input",
            "block_id": "approvers",
            "optional": True,
            "label": {"type": "plain_text", "text": "Who approves?"},
            "element": {"type": "multi_users_select", "action_id": "value", "max_selected_items": 10},
            "hint": {"type": "plain_text", "text": "Nobody named: the workspace's approvers, else you."},
        },
        {
            "type": "input",
            "block_id": "deadline",
            "optional": True,
            "label": {"type": "plain_text", "text": "Needed by"},
            "element": {"type": "datetimepicker", "action_id": "value"},
        },
        plain_text_input(
            "budget", "Budget (US dollars)", max_length=8, hint="You are asked before it is passed."
        ),
        reference := {
            "type": "input",
            "block_id": "reference",
            "optional": True,
            "label": {"type": "plain_text", "text": "A picture to use"},
            "element": {
                "type": "file_input",
                "action_id": "value",
                "filetypes": ["png", "jpg", "jpeg", "webp"],
                "max_files": 1,
            },
        },
    ]
    if not channel:
        blocks.append(
            {
                "type": "input",
                "block_id": "channel",
                "label": {"type": "plain_text", "text": "In which channel?"},
                "element": {
                    "type": "conversations_select",
                    "action_id": "value",
                    "default_to_current_conversation": True,
                    "filter": {"include": ["public", "private"], "exclude_bot_users": True},
                },
            }
        )
    if busy:
        blocks.insert(blocks.index(approvers) + 1, context(crowded(busy)))
    if files:
        blocks[blocks.index(reference)] = context("The picture of that message will be used.")
    return {
        "type": "modal",
        "callback_id": "brief",
        "private_metadata": "|".join((channel, *files)),
        "title": {"type": "plain_text", "text": "New brief"},
        "submit": {"type": "plain_text", "text": "Draw drafts"},
        "close": {"type": "plain_text", "text": "Cancel"},
        "blocks": blocks,
    }


def crowded(busy: Mapping[str, int]) -> str:
    """Who has too much to decide already."""
    each = ", ".join(
        f"<@{person}> has {plural(count, 'decision')}" for person, count in list(busy.items())[:3]
    )
    return f"{each} waiting already, so it may take a while. Who else could decide?"


def look(brief: Brief, number: int, file: str | None, say: str = "", mark: str | None = None) -> View:
    """One draft large, with everything that can be done to it; ``say`` answers what was just pressed, ``mark`` is this
    person's own link to the brush."""
    draft = brief.draft(number)
    blocks: list[Block] = [section(say)] if say else []
    if draft is None:
        blocks.append(section(f"There is no draft {number} any more."))
    else:
        now = draft.current
        if file is None:
            blocks.append(section("The picture is on its way…"))
        else:
            blocks.append(image(file, alt(brief, now)))
        voters = brief.voters(number)
        liked = f"{people(voters)} like{'s' if len(voters) == 1 else ''} it." if voters else "No votes yet."
        blocks.append(context(f"*{now.name}* · {now.width} x {now.height} · {liked}"))
        if is_open(brief):
            blocks.append(
                actions(
                    button(f"Vote for {number}", "vote", f"{brief.id}|{number}"),
                    button(f"Approve {now.name}", "approve", f"{brief.id}|{now.name}", style="primary"),
                    button(f"Reject {now.name}", "reject", f"{brief.id}|{now.name}"),
                    button(
                        "Layered file",
                        "layers",
                        f"{brief.id}|{now.name}",
                        spoken=f"A layered file of {now.name}",
                    ),
                    *((link("Mark the spot", "open", mark),) if mark else ()),
                )
            )
            blocks.append(
                plain_text_input(
                    "wish",
                    "What should change?",
                    max_length=600,
                    placeholder="make the background #FFD400",
                    hint="Only what you name is changed.",
                )
            )
    view: View = {
        "type": "modal",
        "callback_id": "look",
        "private_metadata": f"{brief.id}|{number}",
        "title": {"type": "plain_text", "text": f"Draft {number}"},
        "close": {"type": "plain_text", "text": "Close"},
        "blocks": blocks,
    }
    if draft is not None and is_open(brief):
        view["submit"] = {"type": "plain_text", "text": "Change it"}
    return view


def redraw_form(brief: str) -> View:
    """What should be different in the next round? An empty answer is fine, a wish saves a round."""
    return {
        "type": "modal",
        "callback_id": "redraw",
        "private_metadata": brief,
        "title": {"type": "plain_text", "text": "New round"},
        "submit": {"type": "plain_text", "text": "Draw"},
        "close": {"type": "plain_text", "text": "Cancel"},
        "blocks": [
            plain_text_input(
                "wish",
                "What should be different?",
                multiline=True,
                max_length=600,
                placeholder="navy and gold, less text, more room",
                hint="Is only a detail wrong? Close this and reply in the thread: “fix ... on 2” keeps the rest.",
            )
        ],
    }


def clip_form(brief: str, version: str, offers: Sequence[tuple[str, str]]) -> View:
    """A clip of the approved version. ``offers``: what can be made, as (value, label) with the price."""
    return {
        "type": "modal",
        "callback_id": "clip",
        "private_metadata": f"{brief}|{version}",
        "title": {"type": "plain_text", "text": f"A clip of {version}"},
        "submit": {"type": "plain_text", "text": "Make it"},
        "close": {"type": "plain_text", "text": "Cancel"},
        "blocks": [
            plain_text_input(
                "words",
                "What should move?",
                multiline=True,
                max_length=600,
                placeholder="steam rises from the cup, the camera moves in slowly",
                hint="Left empty: a slow push in. The clip begins with the approved picture.",
            ),
            select("offer", "How long, and by whom?", offers, offers[0][0], optional=False),
        ],
    }


def layers_form(brief: str, version: str, offers: Sequence[tuple[str, str]]) -> View:
    """A layered file of the approved version. ``offers`` as for a clip; the first costs nothing."""
    return {
        "type": "modal",
        "callback_id": "layers",
        "private_metadata": f"{brief}|{version}",
        "title": {"type": "plain_text", "text": f"Layers of {version}"},
        "submit": {"type": "plain_text", "text": "Make it"},
        "close": {"type": "plain_text", "text": "Cancel"},
        "blocks": [
            select("offer", "Which layers?", offers, offers[0][0], optional=False),
            context(
                "By change: flattened it is the approved picture, pixel for pixel. By thing: a model's own idea of "
                "what is in the picture."
            ),
        ],
    }


REASONS = (
    "Wrong version",
    "A mistake in the picture",
    "Legal or brand",
    "The brief has changed",
    "Something else",
)


def reopen_form(brief: str, version: str) -> View:
    """Why an approval that others have seen is taken back."""
    return {
        "type": "modal",
        "callback_id": "reopen",
        "private_metadata": f"{brief}|{version}",
        "title": {"type": "plain_text", "text": cut(f"Take back {version}", 24)},
        "submit": {"type": "plain_text", "text": "Take it back"},
        "close": {"type": "plain_text", "text": "Cancel"},
        "blocks": [
            section(
                f"{version} has been approved for a while, and people may rely on it. The thread will say why."
            ),
            select("reason", "Why?", [(r, r) for r in REASONS], REASONS[0], optional=False),
            plain_text_input("words", "In your words", max_length=300),
        ],
    }


FAULTS = ("Off brand", "Wrong message", "Not the product", "Looks made up", "Legal", "Something else")


def reject_form(brief: str, version: str) -> View:
    """Why a version is out of the running."""
    return {
        "type": "modal",
        "callback_id": "reject",
        "private_metadata": f"{brief}|{version}",
        "title": {"type": "plain_text", "text": cut(f"Reject {version}", 24)},
        "submit": {"type": "plain_text", "text": "Reject"},
        "close": {"type": "plain_text", "text": "Cancel"},
        "blocks": [
            select("reason", "Why?", [(r, r) for r in FAULTS], FAULTS[0], optional=False),
            plain_text_input(
                "words",
                "In your words",
                max_length=300,
                hint="Is only a detail wrong? Close this and reply “fix … on 2”: the rest stays as it is.",
            ),
        ],
    }


WAITS = (
    "Waiting for legal",
    "Waiting for the product",
    "The campaign has moved",
    "Other priorities",
    "Something else",
)


def hold_form(brief: str) -> View:
    """Why a brief is parked."""
    return {
        "type": "modal",
        "callback_id": "hold",
        "private_metadata": brief,
        "title": {"type": "plain_text", "text": "Put on hold"},
        "submit": {"type": "plain_text", "text": "Put on hold"},
        "close": {"type": "plain_text", "text": "Cancel"},
        "blocks": [
            select("reason", "Why?", [(r, r) for r in WAITS], WAITS[0], optional=False),
            plain_text_input(
                "words", "In your words", max_length=300, hint="Nobody is reminded while it is on hold."
            ),
        ],
    }


def marking(version: str, address: str) -> View:
    """The way to the brush: the link is this person's own."""
    return {
        "type": "modal",
        "title": {"type": "plain_text", "text": f"Mark the spot on {version}"},
        "close": {"type": "plain_text", "text": "Close"},
        "blocks": [
            section(
                "Paint over what should change and say what should happen there. Nothing else is touched."
            ),
            actions(link("Open the brush", "open", address, style="primary")),
            context("The link is yours alone. It works once, for two hours."),
        ],
    }


def message(title: str, text: str) -> View:
    """A modal that only says something."""
    return {
        "type": "modal",
        "title": {"type": "plain_text", "text": cut(title, 24)},
        "close": {"type": "plain_text", "text": "Close"},
        "blocks": [section(text)],
    }
