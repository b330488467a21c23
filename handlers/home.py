"""App Home shows a person what waits for them, and lets those who may set the rules of the workspace."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from bot.blocks import rules
from bot.blocks.home import MOST_WAITING, Mine, home
from bot.blocks.nudge import Asked, candidate
from bot.errors import ProofthreadError, Refused
from bot.house import Authority, Away, Emoji, Hours, House
from bot.jobs import Notify
from bot.model import Brief
from bot.policy import Policy, Step
from bot.review.waiting import waiting
from handlers import showing
from handlers.desk import Desk


async def opened(desk: Desk, body: dict[str, Any]) -> None:
    """app_home_opened"""
    event = body["event"]
    if event.get("tab") == "home":
        desk.soon(publish(desk, event["user"], body["team_id"]))


async def publish(desk: Desk, person: str, team: str) -> None:
    """Render one person's Home from the database."""
    now, house = desk.now(), await desk.house()
    turns = [(waiting(b, house, now), b) for b in await desk.store.in_review()]
    mine = [(turn.since or now, b) for turn, b in turns if person in turn.people]
    waits = [await _asked(desk, b, n) for n, (_, b) in enumerate(sorted(mine, key=lambda pair: pair[0]))]
    own = [b for b in await desk.store.briefs(team) if b.requester == person][::-1]
    links = {b.id: address for b in own[:10] if (address := await _link(desk, b))}
    admin = person in house.admins or await desk.chat.is_admin(person)
    await desk.chat.publish_home(person, home(person, Mine(waits, own, links, house, admin), now))


async def _asked(desk: Desk, brief: Brief, number: int) -> Asked:
    if number >= MOST_WAITING:
        return Asked(brief)
    version, file = candidate(brief), None
    try:
        if version is not None:
            file = await showing.alone(desk, brief, version.name)
    except ProofthreadError:
        pass  # a row without its picture is still one
    return Asked(brief, await _link(desk, brief), file)


async def _link(desk: Desk, brief: Brief) -> str | None:
    card = await desk.store.message(brief.id, "card")
    try:
        return await desk.chat.permalink(card.channel, card.ts) if card and card.ts else None
    except ProofthreadError:
        return None


async def rules_asked(desk: Desk, ack: Any, body: dict[str, Any]) -> None:
    """The rules everywhere, for admins."""
    await ack()
    house = await desk.house()
    if not house.everywhere.approvers:  # the operator's own are what counts now
        house = replace(house, everywhere=replace(house.everywhere, approvers=desk.approvers))
    desk.soon(desk.chat.open_view(body["trigger_id"], rules.house_form(house, None)))


async def away_asked(desk: Desk, ack: Any, body: dict[str, Any]) -> None:
    """Who decides while this person is away."""
    await ack()
    desk.soon(desk.chat.open_view(body["trigger_id"], rules.away_form()))


async def back(desk: Desk, ack: Any, body: dict[str, Any]) -> None:
    """They are here again."""
    person = body["user"]["id"]
    await desk.settle(lambda h: replace(h, away=_others(h, person)), "away", person)
    await ack()
    desk.soon(publish(desk, person, body["team"]["id"]))


async def away(desk: Desk, ack: Any, body: dict[str, Any], view: dict[str, Any]) -> None:
    """Somebody is away, and says who decides."""
    person, values, now = body["user"]["id"], _values(view), desk.now()
    delegate = (values["delegate"].get("selected_users") or [""])[0]
    if not delegate or delegate == person or await desk.chat.is_bot(delegate):
        await ack(response_action="errors", errors={"delegate": "Somebody else has to decide for you."})
        return
    house = await desk.house()
    if any(a.person == delegate and a.since <= now < a.until for a in house.away):
        await ack(
            response_action="errors", errors={"delegate": "They are away themselves. Choose somebody else."}
        )
        return
    until = now + timedelta(days=int(values["days"]["selected_option"]["value"]))
    one = Away(person, delegate, now, until)
    await desk.settle(lambda h: replace(h, away=(*_others(h, person), one)), "away", person)
    text = f"<@{person}> is away until {until:%d %b}. Until then you decide for them; reminders come to you."
    await desk.enqueue(Notify(delegate, text, "-"), f"person:{delegate}", f"view:{body['trigger_id']}")
    await ack()
    desk.soon(publish(desk, person, body["team"]["id"]))


def _others(house: House, person: str) -> tuple[Away, ...]:
    return tuple(a for a in house.away if a.person != person)


async def saved(desk: Desk, ack: Any, body: dict[str, Any], view: dict[str, Any]) -> None:
    """The rules as an admin wants them; errors stand at their field."""
    person, values, channel = body["user"]["id"], _values(view), view["private_metadata"] or None
    if not (person in (await desk.house()).admins or await desk.chat.is_admin(person)):
        await ack(
            response_action="errors",
            errors={"approvers": "Only an admin of this workspace can set the rules."},
        )
        return
    errors: dict[str, str] = {}
    here = _authority(values)
    if channel is not None:

        def ours(house: House) -> House:
            others = {c: rules for c, rules in house.channels.items() if c != channel}
            return replace(house, channels=others if here == Authority() else {**others, channel: here})

        await desk.settle(ours, f"rules of {channel}", person)
        await ack()
        return
    emoji = _emoji(values, errors)
    hours = _hours(values, errors)
    after = _number(values, "after", errors)
    if errors:
        await ack(response_action="errors", errors=errors)
        return
    await desk.settle(
        lambda h: replace(h, everywhere=here, emoji=emoji, hours=hours, after=after),
        "rules everywhere",
        person,
    )
    await ack()


def _values(view: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {block: next(iter(fields.values())) for block, fields in view["state"]["values"].items()}


def _authority(values: dict[str, dict[str, Any]]) -> Authority:
    def people(block: str) -> tuple[str, ...]:
        return tuple((values.get(block) or {}).get("selected_users") or ())

    def picked(block: str) -> str:
        return str(((values.get(block) or {}).get("selected_option") or {}).get("value") or "")

    approvers, final, fallback = people("approvers"), people("final"), people("fallback")
    rule, count = picked("rule"), len(approvers)
    needed = {"2": 2, "3": 3, "all": count}.get(rule, 1)
    steps: tuple[Step, ...] = ()
    if rule == "order" and count > 1:
        steps = tuple(Step((p,)) for p in approvers)
    elif final and approvers:
        steps = (Step(approvers, max(1, min(needed, count))),)
    policy = Policy(
        max(1, min(needed, count)),
        steps,
        final[0] if final else None,
        picked("requester") != "no",
        fallback[0] if fallback else None,
        picked("rounds") or Policy().rounds,
    )
    return Authority(tuple(dict.fromkeys((*approvers, *final))), policy)


def _emoji(values: dict[str, dict[str, Any]], errors: dict[str, str]) -> Emoji:
    def names(block: str) -> tuple[str, ...]:
        return tuple(
            re.findall(r":([^\s:]+(?:::skin-tone-\d)?):", (values.get(block) or {}).get("value") or "")
        )

    for block in ("approve", "redraw"):
        if (values.get(block) or {}).get("value") and not names(block):
            errors[block] = "Write emoji by their names, for example :white_check_mark:."
    try:
        return Emoji(names("approve"), names("redraw")).checked()
    except Refused as refused:
        errors["redraw" if "redraw" in str(refused) else "approve"] = str(refused)
        return Emoji()


def _hours(values: dict[str, dict[str, Any]], errors: dict[str, str]) -> Hours:
    said = (values["hours"].get("value") or "").strip()
    match = re.fullmatch(r"(\d{1,2})\s*[-–]\s*(\d{1,2})", said)
    if match is None or not 0 <= int(match[1]) < int(match[2]) <= 24:
        errors["hours"] = "Two hours of the day, for example 9-18."
    holidays = []
    for word in re.split(r"[,\s]+", (values["holidays"].get("value") or "").strip()):
        try:
            holidays += [date.fromisoformat(word)] if word else []
        except ValueError:
            errors["holidays"] = f"{word[:30]} is no date. Write 2026-12-25, 2026-12-26."
    if errors or match is None:
        return Hours()
    return Hours(int(match[1]), int(match[2]), holidays=tuple(holidays))


def _number(values: dict[str, dict[str, Any]], block: str, errors: dict[str, str]) -> int:
    said = (values[block].get("value") or "").strip()
    if not said.isdigit() or not 1 <= int(said) <= 200:
        errors[block] = "A number of hours, from 1 to 200."
        return 1
    return int(said)
