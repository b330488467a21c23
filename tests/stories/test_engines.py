"""Whole threads with image models behind them: doubles of the providers on sockets of this machine."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import Start
from engines.providers import KEY, BFLDouble, FalDouble, GeminiDouble, OpenAIDouble, Reply, served
from telling import Story, text_of

from bot import jobs, record
from bot.engines.engine import Asked
from bot.jobs import Draw
from bot.settings import Access
from handlers import drawing
from handlers.desk import Desk
from storage.calls import Budget

BRIEF = "mia: /brief Winter sale for Lumen, square\n"


def access(**bases: str) -> dict[str, Access]:
    paths = {"gemini": "/v1", "openai": "/v1"}
    return {name: Access(KEY, base + paths.get(name, "")) for name, base in bases.items()}


async def the_brief(desk: Desk) -> Any:
    (brief,) = await desk.store.briefs()
    return brief


async def spent(desk: Desk) -> list[Any]:
    return [e for e in [entry async for entry in desk.store.events()] if e.kind == "job_charged"]


def texts(story: Story) -> str:
    return "\n".join(text_of(m) for m in story.messages())


async def test_a_brief_is_drawn_by_a_model_and_few_that_differ_are_shown(start: Start, story: Story) -> None:
    double = GeminiDouble()
    async with served(double) as base, start(access=access(gemini=base)) as desk:
        await story.told(
            BRIEF + "bot: [grid 1 2 3 4]\nbot: 6 drawn, 2 kept back\nlea presses Show the others"
        )
        await story.told(
            "bot: [grid 1 2 3 4 5 6]\nlea reacts two on grid:1\nlea: 2 is approved\nbot: Approved: 2"
        )
        brief = await the_brief(desk)
        assert len(double.ledger) == 6 == len(set(double.ledger))
        assert brief.usd == pytest.approx(6 * 0.0336)
        assert {v.model for d in brief.drafts for v in d.versions} == {"gemini-double-001"}
        (version,) = brief.draft(2).versions
        assert (await desk.files.read(version.original))[:4] == b"\x89PNG"
        assert KEY.encode() not in await desk.files.read(version.request)
        assert version.estimated and version.width == 1080
        assert f"is kept (sha256 {version.original})" in record.made(version, str)
        shown = [e for e in [x async for x in desk.store.events()] if e.kind == "drafts_shown"]
        assert (shown[0].data["generated"], shown[0].data["withheld"]) == (6, 2)


async def test_an_edit_goes_to_the_engine_that_keeps_to_a_mask(start: Start, story: Story) -> None:
    gemini, fal = GeminiDouble(), FalDouble()
    async with (
        served(gemini) as one,
        served(fal) as two,
        start(access=access(gemini=one, fal=two), drawn=4) as desk,
    ):
        await story.told(BRIEF + "bot: [grid 1 2 3 4]\nsam: remove the middle of 2\nbot: [before | after 2b]")
        brief = await the_brief(desk)
        version = brief.version("2b")
        assert version.engine == "fal" and version.changed_outside == 0 and version.original
        assert len(fal.ledger) == 1
        assert brief.usd == pytest.approx(sum(e.data["usd"] for e in await spent(desk)), abs=1e-5)


async def test_a_person_may_name_the_engine(start: Start, story: Story) -> None:
    gemini, bfl = GeminiDouble(), BFLDouble()
    async with (
        served(gemini) as one,
        served(bfl) as two,
        start(access=access(gemini=one, bfl=two), drawn=4) as desk,
    ):
        await story.told(BRIEF.replace("square", "square, with flux") + "bot: [grid 1 2 3 4]")
        assert not gemini.ledger and len(bfl.ledger) == 4
        brief = await the_brief(desk)
        assert {d.current.engine for d in brief.drafts} == {"bfl"} and brief.usd == pytest.approx(0.18)


async def test_a_workspace_may_prefer_an_engine(start: Start, story: Story) -> None:
    gemini, bfl = GeminiDouble(), BFLDouble()
    async with (
        served(gemini) as one,
        served(bfl) as two,
        start(access=access(gemini=one, bfl=two), drawn=4, prefer=("flux-2-klein-4b",)) as desk,
    ):
        await story.told(BRIEF + "bot: [grid 1 2 3 4]")
        models = {d.current.model for d in (await the_brief(desk)).drafts}
        assert not gemini.ledger and models == {"flux-2-klein-4b"}


async def test_an_engine_that_is_not_set_up_is_named_with_the_way_on(start: Start, story: Story) -> None:
    double = GeminiDouble()
    async with served(double) as base, start(access=access(gemini=base)):
        await story.told(BRIEF.replace("square", "square, with flux"))
        await story.told("bot: not set up here")
        assert not double.ledger and "BFL_API_KEY" in texts(story)


FALLS_BACK = ("500", "401", "404")


@pytest.mark.parametrize("fault", FALLS_BACK)
async def test_the_next_engine_takes_over_where_one_cannot(fault: str, start: Start, story: Story) -> None:
    gemini, bfl = GeminiDouble(), BFLDouble()
    async with (
        served(gemini, *[fault] * 99) as one,
        served(bfl) as two,
        start(access=access(gemini=one, bfl=two), drawn=4),
    ):
        await story.told(BRIEF + "bot: [grid 1 2 3 4]")
        assert not gemini.ledger and len(bfl.ledger) == 4


async def test_a_busy_moment_is_waited_out(start: Start, story: Story) -> None:
    double = GeminiDouble()
    async with served(double, "429", "503", "429") as base, start(access=access(gemini=base), drawn=4):
        await story.told(BRIEF + "bot: [grid 1 2 3 4]")
        assert len(double.ledger) == 4


LOSING = ("cut before", "cut after", "cut midway", "502")


@pytest.mark.parametrize("fault", LOSING)
async def test_what_may_have_been_charged_is_said_and_not_asked_for_again(
    fault: str, start: Start, story: Story
) -> None:
    double = GeminiDouble()
    async with served(double, fault) as base, start(access=access(gemini=base), drawn=4) as desk:
        await story.told(BRIEF + "bot: [grid 1 2 3]\nbot: may have been charged")
        assert len(double.calls) <= 4 and len(double.ledger) == (3 if fault in ("502", "cut before") else 4)
        brief = await the_brief(desk)
        assert brief.usd == pytest.approx(4 * 0.0336)  # what may have been charged counts as spent


HARMLESS = ("foreign", "bomb", "pending")


@pytest.mark.parametrize("fault", HARMLESS)
async def test_a_provider_that_leads_astray_costs_one_draft_and_nothing_else(
    fault: str, start: Start, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    double = BFLDouble()
    async with served(double, fault) as base, start(access=access(bfl=base), drawn=4) as desk:
        for engine in desk.engines.values():
            if engine.name == "bfl":
                _impatient(engine)
        await story.told(BRIEF.replace("square", "square, with flux 2") + "bot: [grid 1 2 3]")
        await story.told("bot: 1 draft could not be drawn")
        assert len(double.ledger) == 4


def _impatient(engine: Any) -> None:
    from dataclasses import replace

    engine.model = replace(engine.model, patience=1.0)


async def test_everything_gone_is_declined_in_words_within_its_time(start: Start, story: Story) -> None:
    double = GeminiDouble()
    async with served(double, *["redirect"] * 99) as base, start(access=access(gemini=base), drawn=4):
        await story.told(BRIEF + "bot: pointed elsewhere")
        assert not double.ledger


async def test_a_block_is_said_and_nobody_else_is_asked(start: Start, story: Story) -> None:
    gemini, bfl = GeminiDouble(), BFLDouble()
    gemini.next = [Reply(200, {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}})] * 4
    async with served(gemini) as one, served(bfl) as two, start(access=access(gemini=one, bfl=two), drawn=4):
        await story.told(BRIEF + "bot: safety rules forbid this")
        assert not bfl.ledger and sum(c.method == "POST" for c in gemini.calls) == 4


async def test_the_key_is_nowhere(start: Start, story: Story, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    double = GeminiDouble()
    async with served(double, "401", "429") as base, start(access=access(gemini=base), drawn=4) as desk:
        await story.told(BRIEF + "bot: [grid 1 2 3 4]")
        assert KEY not in caplog.text and KEY not in texts(story)
        assert not any(KEY in str(e.line()) for e in [x async for x in desk.store.events()])
        assert KEY not in repr(desk) and KEY not in str(await the_brief(desk))


async def test_a_long_round_can_be_stopped(start: Start, story: Story) -> None:
    double = BFLDouble(looks=10**6)
    async with served(double) as base, start(access=access(bfl=base), drawn=4) as desk:
        await story.told(
            BRIEF + "card: about\ntom presses Stop\nonly tom sees: can stop it\nmia presses Stop"
        )
        await story.told("bot: stopped what was being made\ncard: In review")
        await story.settled(1.0)
        brief = await the_brief(desk)
        assert all(r.state != "drawing" for r in brief.rounds)
        assert len(double.ledger) == 4  # nobody else is asked
        assert (
            brief.usd == pytest.approx(sum(c.usd for c in await desk.calls.of(brief.id)), abs=1e-6)
            and brief.usd > 0
        )


async def test_a_brief_that_would_pass_its_budget_asks_its_requester(start: Start, story: Story) -> None:
    double = GeminiDouble()
    async with served(double) as base, start(access=access(gemini=base), drawn=4, brief_budget=0.03) as desk:
        await story.told(BRIEF + "bot: needs about $0.03 more")
        assert not double.ledger
        await story.told("sam presses Allow $1.00 more\nonly sam sees: can allow that")
        await story.told("mia presses Allow $1.00 more\nbot: [grid 1 2 3 4]")
        assert len(double.ledger) == 4 and (await the_brief(desk)).budget == pytest.approx(1.0)


async def test_parallel_drafts_cannot_pass_a_budget_together(start: Start, story: Story) -> None:
    double = GeminiDouble()
    async with served(double) as base, start(access=access(gemini=base), drawn=6, brief_budget=0.1) as desk:
        await story.told(BRIEF + "bot: [grid 1 2]\nbot: would pass this brief's budget")
        assert len(double.ledger) == 2 and (await the_brief(desk)).usd <= 0.1


async def test_the_months_budget_is_an_admins_to_raise(start: Start, story: Story) -> None:
    double = GeminiDouble()
    async with served(double) as base, start(access=access(gemini=base), drawn=4, month_budget=0.01):
        await story.told(BRIEF + "bot: PROOFTHREAD_MONTH_BUDGET")
        assert not double.ledger


async def test_a_model_that_is_gone_is_said_once_and_left_out_from_then_on(
    start: Start, story: Story
) -> None:
    double = GeminiDouble(gone={"gemini-nano-banana-2.1"})
    async with served(double) as base, start(access=access(gemini=base), drawn=4):
        await story.told(
            BRIEF + "bot: [grid 1 2 3 4]\nbot: gemini-nano-banana-2.1 is not known to its provider"
        )
        tried = sum("nano" in c.path for c in double.calls)
        await story.told("mia: new round, warmer please\nbot: [grid 5 6 7 8]")
        assert sum("nano" in c.path for c in double.calls) == tried
        assert texts(story).count("is not known to its provider") == 1


async def test_everybody_can_see_who_draws_and_what_it_costs(start: Start, story: Story) -> None:
    double = GeminiDouble()
    async with served(double) as base, start(access=access(gemini=base), drawn=4, month_budget=20.0):
        await story.told(BRIEF + "bot: [grid 1 2 3 4]\nsam: /engines\nonly sam sees: Nano Banana 2.1")
        seen = next(w["text"] for w in story.whispers("sam") if "Nano" in w["text"])
        assert "about $0.03 a picture" in seen and "This month: $0.13 of $20.00" in seen and KEY not in seen


async def test_a_provider_that_stays_down_is_given_up_in_words(
    start: Start, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "PAUSES", (0.1, 600.0))
    double = GeminiDouble()
    async with served(double, *["500"] * 999) as base, start(access=access(gemini=base), drawn=1):
        await story.told(BRIEF.replace("square", "square, one draft"))
        await story.told("bot: has a fault of its own (500)\ncard: In review")
        assert not double.ledger


async def test_what_waits_for_its_turn_is_not_sent_once_it_is_stopped(start: Start, story: Story) -> None:
    double = GeminiDouble()
    async with served(double, seconds=0.6) as base, start(access=access(gemini=base), drawn=12):
        await story.told(BRIEF + "card: about\nmia presses Stop\ncard: In review")
        await story.settled(1.5)
        assert len(double.ledger) <= 4  # those that were on their way


async def test_a_half_full_grid_tells_the_truth_when_the_brief_is_withdrawn(
    start: Start, story: Story
) -> None:
    double = BFLDouble()
    async with (
        served(double, "", "", "pending", "pending") as base,
        start(access=access(bfl=base), drawn=4) as desk,
    ):
        await story.told(BRIEF + "bot: [grid 1 2]\nmia presses Withdraw the brief\ncard: Withdrawn")
        await story.settled(1.0)
        grid = text_of(story.of("grid")[-1])
        assert "so far" not in grid and "New round" not in grid and "Closed" in grid
        assert "called off" not in texts(story) and len((await the_brief(desk)).drafts) == 2


async def test_a_blocked_edit_is_asked_of_nobody_else(start: Start, story: Story) -> None:
    gemini, openai = GeminiDouble(), OpenAIDouble()
    error = {
        "code": "moderation_blocked",
        "message": "no",
        "moderation_details": {"categories": ["violence"]},
    }
    openai.next = [Reply(400, {"error": error})] * 9
    async with (
        served(gemini) as one,
        served(openai) as two,
        start(access=access(gemini=one, openai=two), drawn=4),
    ):
        await story.told(BRIEF + "bot: [grid 1 2 3 4]")
        drawn = len(gemini.ledger)
        await story.told("sam: fix the middle of 2\nbot: safety rules forbid this (violence)")
        assert len(gemini.ledger) == drawn and sum(c.method == "POST" for c in openai.calls) == 1


async def test_an_edit_that_would_pass_the_budget_asks_too(start: Start, story: Story) -> None:
    double = GeminiDouble()
    async with served(double) as base, start(access=access(gemini=base), drawn=4, brief_budget=0.14):
        await story.told(BRIEF + "bot: [grid 1 2 3 4]\nsam: fix the middle of 2\nbot: needs about $0.03 more")
        await story.told("tom presses Leave it\nonly tom sees: can allow that")
        assert len(double.ledger) == 4
        await story.told("mia presses Allow $1.00 more\nsam: what did it cost?\nbot: cost")
        await story.settled(1.0)
        assert len(double.ledger) > 4


async def test_work_that_a_provider_took_on_and_forgot_counts_as_paid_and_is_not_paid_for_elsewhere(
    start: Start, story: Story
) -> None:
    gemini, bfl = GeminiDouble(), BFLDouble()
    bfl.forgets = True
    async with (
        served(gemini) as one,
        served(bfl) as two,
        start(access=access(gemini=one, bfl=two), drawn=4, prefer=("bfl",)) as desk,
    ):
        await story.told(BRIEF + "bot: no longer knows this piece of work")
        await story.settled(1.0)
        brief = await the_brief(desk)
        assert len(bfl.ledger) == 4 and not gemini.ledger and not desk.gone
        assert brief.usd == pytest.approx(4 * 0.03)


async def test_an_odd_answer_costs_one_draft_and_not_the_round(start: Start, story: Story) -> None:
    double = GeminiDouble()
    double.next = [Reply(200, {"candidates": [None]})]
    async with served(double) as base, start(access=access(gemini=base), drawn=4):
        await story.told(BRIEF + "bot: [grid 1 2 3]\nbot: What came back was nothing I can read")
        assert len(double.ledger) == 3


async def test_what_was_underway_when_we_were_interrupted_and_stopped_counts_as_spent(
    start: Start, story: Story
) -> None:
    double = GeminiDouble()
    async with served(double, seconds=5.0) as base, start(access=access(gemini=base), drawn=4) as desk:
        await story.told(BRIEF + "card: about\nmia presses Stop\ncard: In review")
        brief = await the_brief(desk)
        asked = Asked("gemini", "m", {}, 0.25)
        await desk.calls.begin(f"{brief.id}:round:1:m:99", brief.id, asked, desk.now(), Budget())
        for _ in range(2):  # as after a restart, and once more
            await drawing.draw(desk, Draw(brief.id, 1))
        assert 0.25 in [e.data["usd"] for e in await spent(desk)]
        calls = await desk.calls.of_piece(f"{brief.id}:round:1:")
        assert "begun" not in {call.state for call in calls}


async def test_the_card_says_what_a_round_waits_for(start: Start, story: Story) -> None:
    double = GeminiDouble()
    async with served(double, *["503"] * 999) as base, start(access=access(gemini=base), drawn=4) as desk:
        await story.told(BRIEF + "card: so I am trying again")
        brief = await the_brief(desk)
        assert "Gemini" in brief.rounds[0].waits and brief.rounds[0].state == "drawing"
        await story.told("mia presses Withdraw the brief\ncard: Withdrawn")
        assert "trying again" not in text_of(story.card() or {})


async def test_a_model_that_is_gone_is_said_with_the_change_that_another_made(
    start: Start, story: Story
) -> None:
    fal, bfl = FalDouble(), BFLDouble()
    async with (
        served(bfl, *[""] * 4, "404", "404", "404") as one,
        served(fal) as two,
        start(access=access(bfl=one, fal=two), drawn=4) as desk,
    ):
        await story.told(BRIEF + "bot: [grid 1 2 3 4]\nsam: remove the middle of 2\nbot: [before | after 2b]")
        await story.told("bot: flux-tools/erase-v1 is not known to its provider any more")
        assert "flux-tools/erase-v1" in desk.gone and (await the_brief(desk)).version("2b").engine == "fal"


async def test_the_headline_is_set_in_letters_where_a_model_left_room(start: Start, story: Story) -> None:
    double = GeminiDouble()
    async with served(double) as base, start(access=access(gemini=base), drawn=4) as desk:
        await story.told('mia: /brief Winter sale for Lumen, square, headline "Glow on"\nbot: [grid 1 2 3 4]')
        await story.told(
            "bot: Room is left for “Glow on”\nsam: put the headline on 2\nbot: [before | after 2b]"
        )
        version = (await the_brief(desk)).version("2b")
        assert version.engine == "local" and version.changed_outside == 0 and len(double.ledger) == 4
        assert (await the_brief(desk)).changes[0].wish.quoted == "Glow on"
        await story.told(
            "sam: put the headline on 2 higher up\nonly sam sees: The headline is on 2 already, since 2b"
        )
        assert len((await the_brief(desk)).changes) == 1


async def test_where_a_thing_is_stands_in_the_book_and_counts_for_the_budget(
    start: Start, story: Story
) -> None:
    gemini = GeminiDouble()
    async with served(gemini) as base, start(access=access(gemini=base), drawn=4) as desk:
        await story.told(BRIEF + "bot: [grid 1 2 3 4]")
        before = await desk.calls.spent(desk.now().replace(year=2020))
        desk.budget = Budget(brief=before)  # not a tenth of a cent is left
        await story.told("sam: fix the hand on 2\nbot: May it go on?")
        assert len(gemini.ledger) == 4
        await story.told("mia presses Allow $1.00 more\nbot: [before | after 2b]")
        (located,) = [c for c in await desk.calls.of((await the_brief(desk)).id) if "locate" in c.key]
        assert (located.state, located.usd) == ("done", 0.001)
        spent_now = await desk.calls.spent(desk.now().replace(year=2020))
        assert spent_now == pytest.approx(before + 0.001 + 0.0336)


async def test_a_new_round_is_told_what_the_thread_has_asked_before(start: Start, story: Story) -> None:
    double = GeminiDouble()
    async with served(double) as base, start(access=access(gemini=base), drawn=4):
        await story.told(BRIEF + "bot: [grid 1 2 3 4]\nsam: new round, warmer please\nbot: [grid 5 6 7 8]")
        await story.told("sam: new round with more empty space\nbot: [grid 9 10 11 12]")
        assert "warmer" not in double.ledger[0] and "Still wanted from before" not in double.ledger[4]
        assert "more empty space" in double.ledger[8] and "Still wanted from before" in double.ledger[8]
        assert double.ledger[8].index("warmer") > double.ledger[8].index("more empty space")
