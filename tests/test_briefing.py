"""What is wanted is read out of the words of a /brief."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import briefing
from bot.errors import Refused

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)  # a Friday


def test_everything_in_one_line() -> None:
    text = (
        'Summer sale poster for Park Avenue Bakery, 9:16, two drafts, headline "Fresh at 7", by Monday, navy'
    )
    text += ", <@U0LEA|lea>"
    wanted = briefing.read(text, now=NOW)
    assert wanted.title == "Summer sale poster"
    assert (wanted.placement.name, wanted.count, wanted.brand) == ("9:16", 2, "Park Avenue Bakery")
    assert wanted.headline == "Fresh at 7"
    assert wanted.deadline == datetime(2026, 11, 23, 18, tzinfo=UTC)
    assert wanted.approvers == ("U0LEA",)
    assert wanted.colours == ("#14213D",)


@pytest.mark.parametrize(
    ("text", "placement"),
    [
        ("a cat", "square"),
        ("a story about cats", "story"),
        ("linkedin header with cats", "linkedin header"),
        ("cats, 1080x1350", "1080 x 1350"),
        ("poster by Friday, 9:16", "9:16"),
        ("doors open 7:30, concert", "square"),
        ("cats in the ratio 7:11", "7:11"),
    ],
)
def test_the_placement(text: str, placement: str) -> None:
    assert briefing.read(text, now=NOW).placement.name == placement


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("a cat by tomorrow 5pm", "2026-11-21T17:00"),
        ("a cat by Friday", "2026-11-20T18:00"),
        ("a cat until Friday at 9:16", "2026-11-27T09:16"),
        ("a cat by 3 March", "2027-03-03T18:00"),
        ("a cat due in 2 days", "2026-11-22T12:00"),
        ("a cat by 2026-12-24 noon", "2026-12-24T12:00"),
        ("learn Spanish in 3 weeks", None),
        ("by 2 marvellous bakers", None),
        ("powered by sun energy", None),
    ],
)
def test_the_deadline(text: str, due: str | None) -> None:
    found = briefing.read(text, now=NOW).deadline
    assert (found.isoformat()[:16] if found else None) == due


def test_a_deadline_is_in_the_requesters_zone() -> None:
    wanted = briefing.read("a cat by tomorrow noon", now=NOW, zone=ZoneInfo("America/New_York"))
    assert wanted.deadline == datetime(2026, 11, 21, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "could not find words"),
        (":tada: :tada:", "could not find words"),
        ("🎉🎉", "could not find words"),
        ("x" * 5000, "5,000 characters"),
        ("a cat, 100x8000", "cannot draw"),
        ("a cat, 9 drafts", "one to 4"),
        ("a cat by 2020-01-01", "has passed"),
        ("a cat by 31 Feb", "not a day"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_the_way_on(text: str, says: str) -> None:
    with pytest.raises(Refused, match=says):
        briefing.read(text, now=NOW)


def test_slacks_escapes_are_undone() -> None:
    wanted = briefing.read('for Salt &amp; Pepper, headline "Fish &amp; Chips &lt;3"', now=NOW)
    assert (wanted.brand, wanted.headline) == ("Salt & Pepper", "Fish & Chips <3")


@given(st.text(max_size=400))
def test_no_text_breaks_it(text: str) -> None:
    try:
        wanted = briefing.read(text, now=NOW)
    except Refused:
        return
    assert wanted.title and 1 <= wanted.count <= 4
    assert wanted.placement.width * wanted.placement.height <= 2_200_000
