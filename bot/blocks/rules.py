"""Forms for the rules of the workspace: who approves and how, which emoji count, when people work, who is away."""

from __future__ import annotations

from typing import Any

from bot.blocks.home import AWAY
from bot.blocks.kit import Block, context, plain_text_input, select
from bot.house import Authority, House
from bot.policy import DECIDERS

View = dict[str, Any]
RULES = (
    ("any", "Any one of them"),
    ("2", "Two of them"),
    ("3", "Three of them"),
    ("all", "All of them"),
    ("order", "One after the other, in this order"),
)
YES = (("yes", "Yes"), ("no", "No"))


def house_form(house: House, channel: str | None) -> View:
    """The rules ``everywhere``, or those of one channel."""
    here = house.authority(channel) if channel else house.everywhere
    policy, where = here.policy, "in this channel" if channel else "everywhere"
    blocks: list[Block] = [
        _people(
            "approvers", f"Who approves {where}?", _named(here), 10,
            hint="Nobody: who the operator has named, else the requester.",
        ),
        select("rule", "How many of them?", RULES, _rule(here), optional=False),
        _people("final", "Final say", (policy.final,) if policy.final else (), 1, hint="Their word alone decides."),
        _people(
            "fallback", "Who may decide if they do not?", (policy.fallback,) if policy.fallback else (), 1,
            hint=f"After {house.most} reminders.",
        ),
        select("requester", "May the requester approve, if named?", YES, "yes" if policy.requester else "no"),
        select(
            "rounds",
            "Who may ask for new rounds?",
            (("anyone", "Everybody in the channel"), (DECIDERS, "The requester and who approves")),
            policy.rounds,
        ),
    ]  # fmt: skip
    if channel is None:
        blocks += [
            plain_text_input(
                "approve", "Emoji that approve", initial_value=_emoji(house.emoji.approve), max_length=200
            ),
            plain_text_input(
                "redraw", "Emoji for a new round", initial_value=_emoji(house.emoji.redraw), max_length=200
            ),
            plain_text_input(
                "hours",
                "Working hours",
                initial_value=f"{house.hours.start}-{house.hours.end}",
                max_length=5,
                hint="In each person's own zone. Nobody is reminded outside them.",
            ),
            plain_text_input(
                "holidays",
                "Holidays",
                initial_value=", ".join(d.isoformat() for d in house.hours.holidays) or None,
                max_length=1000,
                hint="2026-12-25, 2026-12-26",
            ),
            plain_text_input(
                "after",
                "Working hours before the first reminder",
                initial_value=str(house.after),
                max_length=3,
            ),
        ]
        blocks.append(context("A channel may have rules of its own: type `/brief rules` there."))
    return {
        "type": "modal",
        "callback_id": "house",
        "private_metadata": channel or "",
        "title": {"type": "plain_text", "text": "Rules"},
        "submit": {"type": "plain_text", "text": "Save"},
        "close": {"type": "plain_text", "text": "Cancel"},
        "blocks": blocks,
    }


def away_form() -> View:
    """Who decides while somebody is away, and until when."""
    return {
        "type": "modal",
        "callback_id": "away",
        "title": {"type": "plain_text", "text": "I am away"},
        "submit": {"type": "plain_text", "text": "Save"},
        "close": {"type": "plain_text", "text": "Cancel"},
        "blocks": [
            _people("delegate", "Who decides for you?", (), 1, optional=False),
            select("days", "For how long?", AWAY, "7", optional=False),
            context("What they approve is recorded as theirs, for you. They are told."),
        ],
    }


def _people(
    block: str, label: str, initial: tuple[str, ...], most: int, *, hint: str = "", optional: bool = True
) -> Block:
    element: Block = {"type": "multi_users_select", "action_id": "value", "max_selected_items": most}
    if initial:
        element["initial_users"] = list(initial)
    made: Block = {
        "type": "input",
        "block_id": block,
        "optional": optional,
        "label": {"type": "plain_text", "text": label},
        "element": element,
    }
    if hint:
        made["hint"] = {"type": "plain_text", "text": hint}
    return made


def _named(here: Authority) -> tuple[str, ...]:
    return tuple(p for p in here.approvers if p != here.policy.final)


def _rule(here: Authority) -> str:
    policy, count = here.policy, len(_named(here))
    if len(policy.steps) > 1:
        return "order"
    needed = policy.steps[0].needed if policy.steps else policy.needed
    if needed >= count > 1:
        return "all"
    return str(needed) if needed in (2, 3) else "any"


def _emoji(names: tuple[str, ...]) -> str:
    return " ".join(f":{name}:" for name in names)
