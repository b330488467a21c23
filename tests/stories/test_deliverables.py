"""More of an approved picture, in whole threads: clips and layered files, asked for, paid once, stopped, refused."""

from __future__ import annotations

import asyncio
import io
from typing import Any

import pytest
from conftest import Start
from engines.providers import FOOTAGE, KEY, ArkDouble, GeminiDouble, Reply, served
from PIL import Image
from psd_tools import PSDImage
from sqlalchemy.exc import OperationalError
from telling import PEOPLE, Story, text_of

from bot import commands as c
from bot.errors import Busy, Refused
from bot.sandbox.server import Sandbox
from bot.settings import Access
from handlers.desk import Desk
from storage.calls import Budget

APPROVED = """
    mia: /brief Winter sale for Lumen, square
    bot: [grid 1 2 3 4]
    sam: make 2 brighter
    bot: [before | after 2b]
    lea presses Approve 2b
    bot: Approved: 2b
"""


def ark(base: str) -> dict[str, Access]:
    return {"ark": Access(KEY, base + "/api/v3")}


def options(sandbox: Sandbox) -> list[tuple[str, str]]:
    """What the menu of the newest form offers."""
    view = list(sandbox.workspace.views.values())[-1].view
    (menu,) = (b["element"]["options"] for b in view["blocks"] if b.get("block_id") == "offer")
    return [(o["value"], o["text"]["text"]) for o in menu]


async def order(story: Story, who: str, button: str, offer: str, words: str | None = None) -> None:
    """Fill in the form behind a button, picking the first offer with this text in it."""
    workspace = story.sandbox.workspace
    before = set(workspace.views)
    await story.press(who, button)
    await story.until(lambda: bool(set(workspace.views) - before), "the form")
    view = workspace.views[(set(workspace.views) - before).pop()]
    value, label = next((v, t) for v, t in options(story.sandbox) if offer in t)
    chosen = {"value": value, "text": {"type": "plain_text", "text": label}}
    values: dict[str, Any] = {"offer": {"value": {"type": "static_select", "selected_option": chosen}}}
    if words is not None:
        values["words"] = {"value": {"type": "plain_text_input", "value": words}}
    await story.sandbox.people.submit(PEOPLE[who], view.id, values)
    await story.sandbox.delivery.quiet()


def files(story: Story) -> list[dict[str, Any]]:
    """The files that stand in the thread."""
    return [f for m in story.thread() if m["user"] != PEOPLE["mia"] for f in m.get("files") or []]


async def content(story: Story, desk: Desk) -> bytes:
    (file,) = files(story)
    return story.sandbox.workspace.content[file["id"]]


async def the_brief(desk: Desk) -> Any:
    (brief,) = await desk.store.briefs()
    return brief


async def test_the_layered_file_flattens_to_what_was_approved(bot: Desk, story: Story) -> None:
    await story.told(APPROVED)
    await story.told("tom presses Layered file\nbot: is here\nbot: pixel for pixel")
    file = PSDImage.open(io.BytesIO(await content(story, bot)))
    assert [layer.name for layer in file] == ["2 as drawn", "2b make 2 brighter"]
    brief = await the_brief(bot)
    with Image.open(io.BytesIO(await bot.files.read(brief.approved.sha256))) as approved:
        assert file.composite(force=True).convert("RGB").tobytes() == approved.convert("RGB").tobytes()
    delivered = [e async for e in bot.store.events() if e.kind == "brief_delivered"]
    assert [list(e.data["files"]) for e in delivered] == [["winter-sale-2b-layers.psd"]]
    await story.told("tom presses Layered file\nonly tom sees: in the thread already")
    assert len(files(story)) == 1 and brief.drafts == (await the_brief(bot)).drafts


async def test_a_clip_is_asked_for_with_its_price_made_once_and_put_into_the_thread(
    start: Start, story: Story
) -> None:
    double = ArkDouble()
    async with served(double) as base, start(access=ark(base), drawn=4) as desk:
        await story.told(APPROVED.replace("sale", "sale, with seedream lite"))
        before, drawn = (await the_brief(desk)).usd, len(double.ledger)
        await order(
            story, "mia", "Make a clip", "5 s · Seedance 2.0 fast · about $0.5", "steam <rises> & curls"
        )
        await story.told("bot: is here")
        brief = await the_brief(desk)
        assert await content(story, desk) == FOOTAGE and len(double.ledger) == drawn + 1
        assert "steam <rises> & curls" in double.ledger[-1]
        assert brief.usd == pytest.approx(before + 5 * 0.115)
        charged = [e.data async for e in desk.store.events() if e.kind == "job_charged"]
        assert charged[-1]["op"] == "clip" and charged[-1]["usd"] == pytest.approx(0.575)
        words = "\n".join(text_of(m) for m in story.thread())
        assert "&lt;rises&gt;" in words and "watch it to the end" in words
        assert (await desk.calls.of(brief.id))[-1].state == "done"


async def test_layers_by_a_model_are_an_offer_beside_the_free_ones(start: Start, story: Story) -> None:
    double = ArkDouble()
    async with served(double) as base, start(access=ark(base), drawn=4) as desk:
        await story.told(APPROVED)
        await order(story, "mia", "Layered file", "Seedream")
        await story.told("bot: own idea of the parts")
        names = [layer.name for layer in PSDImage.open(io.BytesIO(await content(story, desk)))]
        assert names == ["base", "headline", "as approved, to compare"]
        assert double.ledger[-1] == "layers"


async def test_what_costs_money_is_for_those_who_answer_for_the_brief(start: Start, story: Story) -> None:
    double = ArkDouble()
    async with served(double) as base, start(access=ark(base), drawn=4):
        await story.told(APPROVED)
        drawn = len(double.ledger)
        await order(story, "tom", "Make a clip", "5 s")
        assert not story._slot("deliverable:1") and len(double.ledger) == drawn
        await order(story, "tom", "Layered file", "free")  # this is for everybody
        await story.told("bot: pixel for pixel")


async def test_a_clip_can_be_stopped(start: Start, story: Story) -> None:
    double = ArkDouble()
    double.looks = 10**6
    async with served(double) as base, start(access=ark(base), drawn=4) as desk:
        await story.told(APPROVED)
        await order(story, "mia", "Make a clip", "5 s")
        await story.until(lambda: len(double.ledger) == 5, "it is asked for")
        await story.told("bot: is being made by\nmia presses Stop\nbot: Stopped by <@")
        await story.until(lambda: "cancelled" in str(double.tasks), "the clip is called off there")
        await story.settled()
        assert not files(story) and (await the_brief(desk)).deliverables[0].state == "withdrawn"
        assert (await the_brief(desk)).stage == "approved"


async def test_a_clip_beyond_the_budget_is_asked_about_first(start: Start, story: Story) -> None:
    double = ArkDouble()
    async with served(double) as base, start(access=ark(base), drawn=4, brief_budget=0.5) as desk:
        await story.told(APPROVED)
        drawn = len(double.ledger)
        await order(story, "mia", "Make a clip", "5 s · Seedance 2.0 fast")
        await story.told("bot: waits for an answer about what it costs\nbot: May it go on?")
        assert len(double.ledger) == drawn
        await story.told("mia presses Allow $2.00 more\nbot: is here")
        assert len(double.ledger) == drawn + 1 and (await the_brief(desk)).budget > 2
        await order(story, "mia", "Make a clip", "10 s · Seedance 2.0 ·")
        await story.told("bot: is here")
        desk.budget = Budget(month=0.0)
        await order(story, "mia", "Make a clip", "5 s · Seedance 2.0 ·")
        await story.told("bot: month's budget")


async def test_a_price_may_be_left(start: Start, story: Story) -> None:
    double = ArkDouble()
    async with served(double) as base, start(access=ark(base), drawn=4, brief_budget=0.5) as desk:
        await story.told(APPROVED)
        await order(story, "mia", "Make a clip", "5 s")
        await story.told("mia presses Leave it\nbot: left it")
        assert (await the_brief(desk)).deliverables[0].state == "withdrawn" and len(double.ledger) == 4


@pytest.mark.parametrize("fault", ["cut after", "401", "400", "foreign"])
async def test_a_clip_that_goes_wrong_is_declined_in_words_and_not_paid_twice(
    fault: str, start: Start, story: Story
) -> None:
    double = ArkDouble()
    async with (
        served(double, *[""] * 4, fault) as base,
        start(access=ark(base), drawn=4) as desk,
    ):
        await story.told(APPROVED)
        assert len(double.ledger) == 4
        await order(story, "mia", "Make a clip", "5 s")
        await story.told("bot: No clip of 2b")
        await story.settled()
        assert len(double.ledger) <= 5 and (await the_brief(desk)).deliverables[0].state == "declined"


async def test_a_clip_outlives_the_bot(start: Start, story: Story) -> None:
    """Stopped while it is being made: it is looked for again, not asked for again, and comes once."""
    double = ArkDouble()
    double.looks = 10**6
    async with served(double) as base:
        async with start(access=ark(base), drawn=4):
            await story.told(APPROVED)
            await order(story, "mia", "Make a clip", "5 s")
            await story.until(lambda: len(double.ledger) == 5, "it is asked for")
            await story.until(lambda: any("tasks/cgt" in c.path for c in double.calls), "and looked for")
        double.looks = 1
        async with start(access=ark(base), drawn=4):
            await story.told("bot: is here")
            await story.settled()
            assert len(double.ledger) == 5 and len(files(story)) == 1


async def test_an_old_button_says_what_is_missing(start: Start, story: Story, sandbox: Sandbox) -> None:
    double = GeminiDouble()
    async with served(double) as base:
        async with start(access={"gemini": Access(KEY, base + "/v1")}, drawn=4):
            await story.told(APPROVED)
            await story.until(lambda: "Make a clip" in str(story.thread()), "the offer")
        async with start():
            before = set(sandbox.workspace.views)
            await story.press("mia", "Make a clip")
            await story.until(lambda: bool(set(sandbox.workspace.views) - before), "an answer")
            assert "add a key" in str(list(sandbox.workspace.views.values())[-1].view)


async def test_a_file_that_slack_refuses_is_kept_and_posted_when_somebody_asks(
    bot: Desk, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    await story.told(APPROVED)
    send, full = bot.chat.send, [True]

    async def refusing(upload: Any) -> str:
        if full:
            raise Refused("This workspace's file storage is full.")
        return await send(upload)

    monkeypatch.setattr(bot.chat, "send", refusing)
    await story.told(
        "tom presses Layered file\nbot: could not be posted: This workspace's file storage is full"
    )
    full.clear()
    await story.told("tom presses Post it again\nbot: is here")
    assert len(files(story)) == 1


@pytest.mark.parametrize("listed", [0.05, 3.0])
async def test_a_share_that_broke_off_after_it_got_through_is_not_made_twice(
    listed: float, bot: Desk, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    await story.told(APPROVED)
    share, broke = bot.chat.share, []

    async def breaking(file: str, *where: str, again: bool = False) -> None:
        await share(file, *where, again=again)
        if not broke:
            broke.append(file)
            story.sandbox.workspace.files[file].ready_at += listed
            raise Busy("The line broke.")

    monkeypatch.setattr(bot.chat, "share", breaking)
    await story.told("tom presses Layered file\nbot: is here")
    await story.settled()
    assert broke and len(files(story)) == 1


async def test_two_jobs_of_one_message_post_its_file_once(
    bot: Desk, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first is put off while Slack is busy, and then runs beside the one that came after it."""
    await story.told(APPROVED)
    post, send, busy = bot.chat.post, bot.chat.send, [True]

    async def slow(upload: Any) -> str:
        file = await send(upload)
        await asyncio.sleep(6.0)
        return file

    async def once_busy(channel: str, said: Any, thread: str | None = None) -> str:
        if said.kind == "pack" and busy.pop() if busy else False:
            raise Busy("Slack is busy.", 6.0)
        return await post(channel, said, thread)

    monkeypatch.setattr(bot.chat, "post", once_busy)
    monkeypatch.setattr(bot.chat, "send", slow)
    await story.told("tom presses Layered file\nbot: is here")
    await story.settled(2.0)
    assert len(files(story)) == 1


async def test_nothing_more_is_made_of_what_is_not_approved_any_more(start: Start, story: Story) -> None:
    double = ArkDouble()
    async with served(double) as base, start(access=ark(base), drawn=4, brief_budget=0.5) as desk:
        await story.told(APPROVED)
        await order(story, "mia", "Make a clip", "5 s")
        await story.told("bot: May it go on?")
        await order(story, "mia", "Make a clip", "5 s")  # the same once more: it is asked about already
        await story.told(
            "lea presses Take back\nbot: No clip of 2b (5 s) was made. The approval of 2b was taken back"
        )
        await story.told("mia presses Allow $2.00 more")
        await story.settled()
        brief = await the_brief(desk)
        assert len(double.ledger) == 4 and len(brief.deliverables) == 1 and brief.budget is None


@pytest.mark.parametrize("at", [c.TakeDeliverable, c.Charge])
async def test_a_clip_that_was_there_when_it_was_stopped_is_booked_and_handed_over(
    at: type, start: Start, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    double = ArkDouble()
    async with served(double) as base, start(access=ark(base), drawn=4) as desk:
        await story.told(APPROVED)
        before, perform, broke = (await the_brief(desk)).usd, Desk.perform, []

        async def breaking(self: Desk, command: Any, key: str | None = None) -> Any:
            if isinstance(command, at) and not broke:
                broke.append(command)
                await perform(self, c.Stop(command.brief, PEOPLE["mia"]))
                raise RuntimeError("something broke")
            return await perform(self, command, key)

        monkeypatch.setattr(Desk, "perform", breaking)
        await order(story, "mia", "Make a clip", "5 s")
        await story.told("bot: is here")
        assert len(double.ledger) == 5 and len(files(story)) == 1
        assert (await the_brief(desk)).usd == pytest.approx(before + 0.575)


async def test_a_database_that_stumbles_while_people_are_told_ends_nothing(
    start: Start, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    double, perform, broke = ArkDouble(), Desk.perform, []

    async def breaking(self: Desk, command: Any, key: str | None = None) -> Any:
        if isinstance(command, c.Wait) and not broke:
            broke.append(command)
            raise OperationalError("x", {}, Exception("database is locked"))
        return await perform(self, command, key)

    monkeypatch.setattr(Desk, "perform", breaking)
    async with served(double) as base, start(access=ark(base), drawn=4):
        await story.told(APPROVED)
        double.next.append(Reply(429, {"error": {"message": "slow"}}, {"retry-after": "0.1"}))
        await order(story, "mia", "Make a clip", "5 s")
        await story.told("bot: is here")
        assert broke and len(double.ledger) == 5


async def test_an_odd_answer_is_a_whole_sentence_with_its_price(start: Start, story: Story) -> None:
    double = ArkDouble()
    async with served(double) as base, start(access=ark(base), drawn=4):
        await story.told(APPROVED)
        double.next.append(Reply(200, {"data": [{"z_index": 0, "b64_json": "aGVsbG8="}]}))
        await order(story, "mia", "Layered file", "Seedream")
        await story.told("bot: What came back was no picture. It counts as paid ($0.30).")


async def test_a_draft_is_taken_offline_and_comes_back_as_its_next_state(bot: Desk, story: Story) -> None:
    await story.told(APPROVED.split("lea presses")[0])
    workspace, people = story.sandbox.workspace, story.sandbox.people
    await story.press("sam", "Open 2")
    await story.until(lambda: "Layered file" in str([v.view for v in workspace.views.values()]), "the draft")
    view = list(workspace.views.values())[-1]
    button = next(
        {**e, "block_id": b["block_id"]}
        for b in view.view["blocks"]
        for e in b.get("elements") or ()
        if e.get("type") == "button" and e["text"]["text"] == "Layered file"
    )
    await people.click(PEOPLE["sam"], button, view=view.id)
    await story.told("bot: Flattened it is 2b, pixel for pixel")
    retouched = PSDImage.open(io.BytesIO(await content(story, bot))).composite(force=True).convert("RGB")
    retouched.paste((1, 2, 3), (10, 10, 60, 60))
    out = io.BytesIO()
    retouched.save(out, "PNG")
    card = story.card() or {}
    for words in ("2, retouched by hand", "2 is great?"):
        file = people.upload(PEOPLE["sam"], f"retouched-{words[0:3]}.png", out.getvalue())
        await people.say(PEOPLE["sam"], story.channel, words, thread=card["ts"], files=(file.id,))
    await story.told("bot: [before | after 2c]\nbot: as what comes after 2b\nbot: *5* · brought by")
    brief = await the_brief(bot)
    version = brief.version("2c")
    assert (version.parent, version.op, version.engine) == ("2b", "brought", "person")
    assert len(brief.changes) == 1 and brief.draft(2).current == version
    await story.told("lea presses Approve 2c\nbot: Approved: 2c, by")
    shown = [e.data async for e in bot.store.events() if e.kind == "edit_shown"]
    assert [e["op"] for e in shown] == ["relight", "brought"]
