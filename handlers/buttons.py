"""A button does what it says, for the person who pressed it and with their authority."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.blocks import modals
from bot.blocks.kit import when
from bot.commands import (
    Again,
    Answer,
    Approve,
    CastVote,
    Command,
    Deliver,
    Reopen,
    Restore,
    Resume,
    ShowOthers,
    Snooze,
    Stop,
    Undo,
    WithdrawBrief,
)
from bot.errors import Refused
from bot.model import DeliverableKind
from bot.wording import dollars
from handlers import delivering, home, nudging, showing
from handlers.desk import Desk

GONE = "I do not know that brief any more. Start a new one with `/brief`."
NO_PAGES = (
    "The brush cannot be reached at the moment: whoever runs this bot can set PUBLIC_URL. "
    "Until then say where in the thread (“top right corner”), or write “grid” and name a cell (“B3”)."
)
IN_THE_THREAD = "It comes into the thread in a moment."
NO_CLIPS = "No model that makes clips is set up here. An admin can add a key (GEMINI_API_KEY, ARK_API_KEY)."


def meant(action: str, value: str, person: str) -> Command:
    """The command a button stands for. Its value names brief and version; nothing is taken from the message."""
    brief, *rest = value.split("|")
    match action.split(":")[0]:
        case "approve":
            return Approve(brief, person, rest[0])
        case "vote":
            return CastVote(brief, person, int(rest[0]), "button")
        case "take_back":
            return Reopen(brief, person, rest[0])
        case "again":
            return Again(brief, person, rest[0])
        case "undo":
            return Undo(brief, person, rest[0])
        case "restore":
            return Restore(brief, person, rest[0])
        case "answer":
            return Answer(brief, person, int(rest[0]), int(rest[1]))
        case "withdraw":
            return WithdrawBrief(brief, person)
        case "others":
            return ShowOthers(brief, person, int(rest[0]))
        case "stop":
            return Stop(brief, person)
        case "resume":
            return Resume(brief, person)
    raise Refused("That button does nothing any more.")


async def snooze(desk: Desk, ack: Any, body: dict[str, Any], action: dict[str, Any]) -> None:
    """Not for some days."""
    brief, days = action["value"].split("|")
    until = desk.now() + timedelta(days=int(days))
    person, key = body["user"]["id"], f"action:{body['trigger_id']}"
    await desk.perform(Snooze(brief, person, until), key)
    await desk.tell(
        person,
        f"I will not remind you of it before {when(until, '{date_short_pretty}')}.",
        channel=body["channel"]["id"],
        brief=None,
        key=f"{key}:told",
    )
    await ack()


async def reject(desk: Desk, ack: Any, body: dict[str, Any], action: dict[str, Any]) -> None:
    """Why it is rejected is asked first; over an open draft, in a form of its own."""
    await ack()
    brief, name = action["value"].split("|")
    form = modals.reject_form(brief, name)
    desk.soon(desk.chat.open_view(body["trigger_id"], form, over="view" in body))


async def hold(desk: Desk, ack: Any, body: dict[str, Any], action: dict[str, Any]) -> None:
    """Why it is put on hold is asked first."""
    await ack()
    desk.soon(desk.chat.open_view(body["trigger_id"], modals.hold_form(action["value"])))


async def take_back(desk: Desk, ack: Any, body: dict[str, Any], action: dict[str, Any]) -> None:
    """One's own approval goes at once while it is new; later, or for somebody else's, the reason is asked."""
    brief_id, name = action["value"].split("|")
    person, brief, house = body["user"]["id"], await desk.store.brief(brief_id), await desk.house()
    mine = [a for a in brief.approvals if (a.person, a.version) == (person, name)] if brief else []
    if mine and all(desk.now() - a.at <= house.undo for a in mine):
        await pressed(desk, ack, body, action)
        return
    await ack()
    desk.soon(desk.chat.open_view(body["trigger_id"], modals.reopen_form(brief_id, name)))


async def pressed(desk: Desk, ack: Any, body: dict[str, Any], action: dict[str, Any]) -> None:
    """A button that changes something."""
    person, key = body["user"]["id"], f"action:{body['trigger_id']}"
    command = meant(action["action_id"], action["value"], person)
    if isinstance(command, Approve | Answer):
        command = replace(command, seen=_seen(body))
    said = "Done."
    try:
        await desk.perform(command, key)
    except Refused as refused:
        said = str(refused)
        if "view" not in body:
            await desk.tell(person, said, channel=body["channel"]["id"], brief=command.brief, key=key)
    await ack()
    if (view := body.get("view")) and view["type"] == "home":
        if said != "Done.":
            desk.soon(desk.chat.open_view(body["trigger_id"], modals.message("Not done", said)))
        desk.soon(home.publish(desk, person, body["team"]["id"]))
    elif view:
        brief_id, number = view["private_metadata"].split("|")
        desk.soon(_refreshed(desk, view["id"], body, brief_id, int(number), said))


def _seen(body: dict[str, Any]) -> str:
    """Where the button stood: a message, or a view."""
    if "message" in body:
        return f"{body['channel']['id']}/{body['message']['ts']}"
    return f"{body['view']['type']}/{body['view']['id']}"


async def look(desk: Desk, ack: Any, body: dict[str, Any], action: dict[str, Any]) -> None:
    """Open one draft large."""
    await ack()
    brief_id, number = action["value"].split("|")
    desk.soon(_open(desk, body, brief_id, int(number)))


async def mark(desk: Desk, ack: Any, body: dict[str, Any], action: dict[str, Any]) -> None:
    """Give this person a link of their own to the brush."""
    await ack()
    brief, name = action["value"].split("|")
    person, trigger = body["user"]["id"], body["trigger_id"]
    if desk.links is None:  # an older message: its button was made when the pages were reachable
        desk.soon(desk.chat.open_view(trigger, modals.message("Mark the spot", NO_PAGES)))
        return
    page = desk.links.to_mark(brief, name, person, trigger, desk.now())
    desk.soon(desk.chat.open_view(trigger, modals.marking(name, page)))


async def clip(desk: Desk, ack: Any, body: dict[str, Any], action: dict[str, Any]) -> None:
    """What should move, for how long, and what it costs is asked first."""
    await ack()
    brief, name = action["value"].split("|")
    stored = await desk.store.brief(brief)
    version = stored.version(name) if stored else None
    size = (version.width, version.height) if version else (1, 1)
    offers = [
        (
            f"{o.model}|{o.seconds}",
            " · ".join(
                filter(
                    None, (f"{o.seconds} s", o.name, f"about {dollars(o.usd)}", o.shape and f"as {o.shape}")
                )
            ),
        )
        for o in delivering.clips(desk, size)
    ]
    form = modals.clip_form(brief, name, offers) if offers else modals.message("A clip", NO_CLIPS)
    desk.soon(desk.chat.open_view(body["trigger_id"], form))


async def layers(desk: Desk, ack: Any, body: dict[str, Any], action: dict[str, Any]) -> None:
    """The picture's own history as layers, at once; of the approved picture also by a model, where one takes pictures
    apart, which is asked."""
    brief_id, name = action["value"].split("|")
    brief = await desk.store.brief(brief_id)
    approved = brief is not None and brief.approved is not None and brief.approved.version == name
    offers = delivering.separators(desk) if approved else []
    if not offers:
        person, key, said = body["user"]["id"], f"action:{body['trigger_id']}", IN_THE_THREAD
        try:
            await desk.perform(Deliver(brief_id, person, DeliverableKind.LAYERS, name), key)
        except Refused as refused:
            said = str(refused)
            if "view" not in body:
                await desk.tell(person, said, channel=body["channel"]["id"], brief=brief_id, key=key)
        await ack()
        if "view" in body:
            shown = modals.message("Layered file", said)
            desk.soon(desk.chat.open_view(body["trigger_id"], shown, over=True))
        return
    await ack()
    listed = [("own", "By change, as it was made · free")]
    listed += [(o.model, f"By thing · {o.name} · about {dollars(o.usd)}") for o in offers]
    desk.soon(desk.chat.open_view(body["trigger_id"], modals.layers_form(brief_id, name, listed)))


async def post_again(desk: Desk, ack: Any, body: dict[str, Any], action: dict[str, Any]) -> None:
    """A finished file that Slack did not take."""
    brief, number = action["value"].split("|")
    await showing.share_again(desk, brief, int(number), f"action:{body['trigger_id']}")
    await ack()


async def followed(desk: Desk, ack: Any, body: dict[str, Any]) -> None:
    """A link was opened: Slack only wants to hear that we know."""
    await ack()


async def redraw(desk: Desk, ack: Any, body: dict[str, Any], action: dict[str, Any]) -> None:
    """Ask what should be different before another round is drawn."""
    await ack()
    desk.soon(desk.chat.open_view(body["trigger_id"], modals.redraw_form(action["value"])))


async def new_brief(desk: Desk, ack: Any, body: dict[str, Any]) -> None:
    """The form, from App Home: the channel is asked for."""
    await ack()
    desk.soon(desk.chat.open_view(body["trigger_id"], modals.brief_form("", busy=await nudging.busy(desk))))


async def _open(desk: Desk, body: dict[str, Any], brief_id: str, number: int) -> None:
    brief, trigger = await desk.store.brief(brief_id), body["trigger_id"]
    if brief is None:
        await desk.chat.open_view(trigger, modals.message("Draft", GONE))
        return
    # The trigger lives three seconds, an upload may take longer: open at once, show the picture when it is there.
    view = await desk.chat.open_view(trigger, modals.look(brief, number, None))
    await _refreshed(desk, view, body, brief_id, number, "")


async def _refreshed(
    desk: Desk, view: str, body: dict[str, Any], brief_id: str, number: int, said: str
) -> None:
    brief = await desk.store.brief(brief_id)
    draft = brief.draft(number) if brief else None
    if brief is not None and draft is not None:
        name, person, once = draft.current.name, body["user"]["id"], body["trigger_id"]
        file = await showing.alone(desk, brief, name)
        mark = desk.links.to_mark(brief.id, name, person, once, desk.now()) if desk.links else None
        await desk.chat.update_view(view, modals.look(brief, number, file, said, mark))
