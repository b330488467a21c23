"""A slash command starts a brief or posts the digest."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot import briefing
from bot.blocks import modals, rules
from bot.blocks.engines import Offer
from bot.blocks.engines import engines as engines_text
from bot.commands import SubmitBrief
from bot.digest import bounds, week_of, zone_of
from bot.engines.engine import Mask
from bot.errors import Refused
from bot.jobs import Report
from handlers import nudging
from handlers.desk import Desk, brief_id

HELP = (
    '`/brief Summer sale poster for Park Avenue Bakery, 9:16, headline "Fresh at 7", by Friday` starts at once; '
    "`/brief` alone opens a form. Name a placement or ratio, how many drafts, the brand, a headline in quotes, a "
    "deadline and @approvers. Then vote with number emoji, approve with ✅, or reply with what should change."
)


async def brief(desk: Desk, ack: Any, command: dict[str, Any]) -> None:
    """``/brief words`` starts at once; bare ``/brief`` opens the form."""
    text, channel = (command.get("text") or "").strip(), command["channel_id"]
    if not text:
        await ack()
        desk.soon(
            desk.chat.open_view(
                command["trigger_id"], modals.brief_form(channel, busy=await nudging.busy(desk))
            )
        )
        return
    if text.lower() == "rules":
        await _rules(desk, ack, command)
        return
    if text.lower() == "help":
        await ack(HELP)
        return
    key = f"command:{command['trigger_id']}"
    person = command["user_id"]
    try:
        # Only a deadline needs to know where the person is.
        zone = zone_of(await desk.chat.zone(person) if briefing.names_a_time(text) else "UTC")
        wanted = briefing.read(text, now=desk.now(), zone=zone)
        submit = SubmitBrief(brief_id(key), command["team_id"], channel, person, wanted, desk.approvers)
        outcome = await desk.perform(submit, key)
    except Refused as refused:
        await ack(str(refused))
        return
    crowd = await nudging.busy(desk)
    decide = outcome.brief.approvers if outcome is not None else ()
    if crowd := {p: n for p, n in crowd.items() if p in decide}:
        await ack(modals.crowded(crowd))
        return
    await ack()


async def _rules(desk: Desk, ack: Any, command: dict[str, Any]) -> None:
    """Who approves in this channel: admins set it, others read it."""
    house, channel, person = await desk.house(), command["channel_id"], command["user_id"]
    if person in house.admins or await desk.chat.is_admin(person):
        await ack()
        desk.soon(desk.chat.open_view(command["trigger_id"], rules.house_form(house, channel)))
        return
    here = house.authority(channel)
    approvers = here.approvers or desk.approvers
    who = here.policy.worded(approvers) if approvers else "whoever asks"
    await ack(f"In this channel a brief is approved by {who}, unless it names somebody itself.")


async def digest(desk: Desk, ack: Any, command: dict[str, Any]) -> None:
    """``/digest`` posts this week, ``/digest last`` the one before, ``/digest 2026-W46`` that one."""
    said = (command.get("text") or "").strip().lower()
    zone = zone_of(await desk.chat.zone(command["user_id"]))
    now = desk.now()
    week = week_of(now, zone) if said in ("", "this week") else said.upper()
    if said in ("last", "last week"):
        week = week_of(now - timedelta(weeks=1), zone)
    key = f"command:{command['trigger_id']}"
    try:
        bounds(week, zone)
    except Refused as refused:
        await ack(f"{refused} Or `/digest` for this week, `/digest last` for the one before.")
        return
    await desk.enqueue(
        Report(key, command["channel_id"], week, zone.key, command["user_id"]), command["channel_id"], key
    )
    await ack()


async def engines(desk: Desk, ack: Any, command: dict[str, Any]) -> None:
    """``/engines`` says who draws here, what it costs and what ends soon."""
    today, offers, called = desk.now().date(), [], None
    for id_, engine in desk.engines.items():
        able, model = engine.abilities, desk.catalogue.models.get(id_)
        if not able.draws and not able.edits:
            continue
        if model is None:
            offers.append(Offer("Sketches", able.draws, able.edits, False, None))
            continue
        called = called or next(iter(model.said), None)
        days = (model.retires - today).days if model.ending(today) and model.retires else None
        price, exact = model.price((1024, 1024)) or None, able.mask is Mask.HARD
        offers.append(Offer(model.name, able.draws, able.edits, exact, price, days))
    month = desk.now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    await ack(engines_text(offers, called, await desk.calls.spent(month), desk.budget.month))
