"""A form is sent: errors stand at their field, and what is right starts at once."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot import briefing
from bot.commands import Deliver, Hold, Redraw, Reject, Reopen, SubmitBrief
from bot.digest import zone_of
from bot.errors import Refused
from bot.jobs import Fetch
from bot.model import DeliverableKind, Wanted
from bot.placements import placements
from bot.templates import templates
from handlers import replies, waiting
from handlers.desk import Desk, brief_id

OWN = "own"
"""The offer that needs no model."""


async def brief(desk: Desk, ack: Any, body: dict[str, Any], view: dict[str, Any]) -> None:
    """The brief form."""
    person, now = body["user"]["id"], desk.now()
    values = {block: next(iter(fields.values())) for block, fields in view["state"]["values"].items()}
    channel, *files = view["private_metadata"].split("|")
    channel = channel or (values.get("channel") or {}).get("selected_conversation") or ""
    files += [f["id"] for f in (values.get("reference") or {}).get("files") or []]
    zone = zone_of(await desk.chat.zone(person))
    try:
        wanted = filled(briefing.read((values["text"].get("value") or ""), now=now, zone=zone), values)
    except Refused as refused:
        await ack(response_action="errors", errors={"text": _plain(refused)})
        return
    if wanted.deadline and wanted.deadline <= now:
        await ack(response_action="errors", errors={"deadline": "That moment has passed already."})
        return
    budget = ((values.get("budget") or {}).get("value") or "").strip().lstrip("$").replace(",", ".")
    if budget and not re.fullmatch(r"\d{1,5}(\.\d{1,2})?", budget):
        await ack(response_action="errors", errors={"budget": "An amount in dollars, for example 5 or 2.50."})
        return
    wanted = replace(wanted, budget=float(budget) if budget else None)
    key = f"view:{body['trigger_id']}"
    command = SubmitBrief(brief_id(key), body["team"]["id"], channel, person, wanted, desk.approvers, now)
    if files:
        job = Fetch(key, "brief", waiting.dumped(command), tuple(files), channel, person)
        await desk.enqueue(job, channel, f"{key}:fetch")
    else:
        await desk.perform(command, key)
    await ack()


def filled(read: Wanted, values: dict[str, Any]) -> Wanted:
    """What was read out of the words, with what the fields say in its place."""
    said = {block: (value.get("value") or "").strip() for block, value in values.items() if "value" in value}
    chosen = {block: (value.get("selected_option") or {}).get("value") for block, value in values.items()}
    people = tuple((values.get("approvers") or {}).get("selected_users") or ())
    at = (values.get("deadline") or {}).get("selected_date_time")
    named = {p.name: p for p, _ in placements()}
    placement, kind = read.placement, templates().get(chosen.get("template") or "")
    if kind is not None and kind.placement and placement.name == "square":
        placement = named.get(kind.placement) or briefing.placement(kind.placement)
    if (picked := chosen.get("placement")) and (picked != "square" or placement.name == "square"):
        placement = named.get(picked) or briefing.placement(picked)
    return replace(
        read,
        placement=placement,
        brand=said.get("brand") or read.brand,
        template=kind.id if kind is not None and kind.words else None,
        offer=said.get("offer") or None,
        action=said.get("action") or None,
        audience=said.get("audience") or None,
        headline=said.get("headline") or read.headline,
        count=int(chosen.get("count") or read.count) if chosen.get("count") != "4" else read.count,
        approvers=people or read.approvers,
        policy=None if people else read.policy,
        deadline=datetime.fromtimestamp(at, tz=UTC) if at else read.deadline,
    )


async def look(desk: Desk, ack: Any, body: dict[str, Any], view: dict[str, Any]) -> None:
    """What should change on the draft that stands open."""
    said = (next(iter(view["state"]["values"]["wish"].values())).get("value") or "").strip()
    if not said:
        await ack(response_action="errors", errors={"wish": "Say what should change, or close this window."})
        return
    id_, number = view["private_metadata"].split("|")
    stored = await desk.store.brief(id_)
    channel = stored.channel if stored else ""
    key = f"view:{body['trigger_id']}"
    if not await replies.say(
        desk, id_, body["user"]["id"], said, channel=channel, key=key, selected=int(number)
    ):
        text = "I could not read a change out of that. Try “make the background #FFD400” or “remove the headline”."
        await ack(response_action="errors", errors={"wish": text})
        return
    await ack()


async def redraw(desk: Desk, ack: Any, body: dict[str, Any], view: dict[str, Any]) -> None:
    """A new round, with what should be different."""
    said = (next(iter(view["state"]["values"]["wish"].values())).get("value") or "").strip()
    try:
        await desk.perform(
            Redraw(view["private_metadata"], body["user"]["id"], said), f"view:{body['trigger_id']}"
        )
    except Refused as refused:
        await ack(response_action="errors", errors={"wish": _plain(refused)})
        return
    await ack()


def _reason(view: dict[str, Any]) -> str:
    """The reason picked, and the words for it."""
    values = {block: next(iter(fields.values())) for block, fields in view["state"]["values"].items()}
    words = ((values.get("words") or {}).get("value") or "").strip()
    picked = values["reason"]["selected_option"]["value"]
    return words if words and picked == "Something else" else ": ".join(filter(None, (picked, words)))


async def reject(desk: Desk, ack: Any, body: dict[str, Any], view: dict[str, Any]) -> None:
    """A version is rejected, with the reason."""
    brief, version = view["private_metadata"].split("|")
    command = Reject(brief, body["user"]["id"], version, _reason(view))
    try:
        await desk.perform(command, f"view:{body['trigger_id']}")
    except Refused as refused:
        await ack(response_action="errors", errors={"reason": _plain(refused)})
        return
    await ack(response_action="clear")


async def hold(desk: Desk, ack: Any, body: dict[str, Any], view: dict[str, Any]) -> None:
    """A brief is parked, with the reason."""
    command = Hold(view["private_metadata"], body["user"]["id"], _reason(view))
    try:
        await desk.perform(command, f"view:{body['trigger_id']}")
    except Refused as refused:
        await ack(response_action="errors", errors={"reason": _plain(refused)})
        return
    await ack()


async def reopen(desk: Desk, ack: Any, body: dict[str, Any], view: dict[str, Any]) -> None:
    """An approval is taken back, with the reason."""
    brief, version = view["private_metadata"].split("|")
    command = Reopen(brief, body["user"]["id"], version, _reason(view))
    try:
        await desk.perform(command, f"view:{body['trigger_id']}")
    except Refused as refused:
        await ack(response_action="errors", errors={"reason": _plain(refused)})
        return
    await ack()


async def deliver(desk: Desk, ack: Any, body: dict[str, Any], view: dict[str, Any]) -> None:
    """A clip, or a layered file, of the approved version."""
    values = {block: next(iter(fields.values())) for block, fields in view["state"]["values"].items()}
    model, _, seconds = values["offer"]["selected_option"]["value"].partition("|")
    brief, version = view["private_metadata"].split("|")
    known = desk.catalogue.models.get(model)
    if known is None and model != OWN:
        gone = "That model is not set up here any more. Close this and choose another one."
        await ack(response_action="errors", errors={"offer": gone})
        return
    command = Deliver(
        brief,
        body["user"]["id"],
        DeliverableKind(view["callback_id"]),
        version,
        ((values.get("words") or {}).get("value") or "").strip(),
        int(seconds or 0),
        known.id if known else None,
        known.seconds if known else 0.0,
    )
    try:
        await desk.perform(command, f"view:{body['trigger_id']}")
    except Refused as refused:
        await ack(response_action="errors", errors={"offer": _plain(refused)})
        return
    await ack()


def _plain(refused: Refused) -> str:
    """Field errors are plain text of at most 150 characters or so: no mentions, no code."""
    bare = re.sub(r"<[@#][^>]*>", "somebody else", str(refused)).replace("`", "")
    return bare.split(". ")[0].rstrip(".") + "."
