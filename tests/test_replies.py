"""Replies are read: what is wanted, of which draft, and when nothing is wanted at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Kind
from bot.replies.read import read


@pytest.mark.parametrize(
    ("text", "kind", "targets", "region"),
    [
        ("make the background #FFD400 on 2", Kind.BACKGROUND, (2,), "the background"),
        ("2 is nice but fix the hand", Kind.INPAINT, (2,), "the hand"),
        ("the thumb on 4 is melted", Kind.INPAINT, (4,), "the thumb"),
        ("lose the coffee cup", Kind.REMOVE, (), "the coffee cup"),
        ("make it 16:9", Kind.OUTPAINT, (), None),
        ("a bit brighter on the second one", Kind.RELIGHT, (2,), None),
        ('change the headline on #3 to "Warm bread"', Kind.TEXT, (3,), "the headline"),
        ("love 3", Kind.APPROVE, (3,), None),
        ("undo", Kind.UNDO, (), None),
        ("new round but warmer", Kind.REGENERATE, (), None),
        ("more like 2", Kind.VARIANT, (2,), None),
        ("who approves this?", Kind.QUESTION, (), None),
    ],
)
def test_what_is_meant(text: str, kind: Kind, targets: tuple[int, ...], region: str | None) -> None:
    wish = read(text)[0]
    assert (wish.kind, wish.targets, wish.region) == (kind, targets, region)


@pytest.mark.parametrize(
    "text",
    [
        "I can't approve 2",
        "we cannot approve 2 yet",
        "hold off on approving 2",
        "2 is almost final",
        "2 will be approved tomorrow",
        "2 ist nicht freigegeben",
        "2 n'est pas approuvé",
        "<@U0LEA> can you approve 2?",
        "if legal is ok then 2",
        "not approved",
        "should we approve 2?",
    ],
)
def test_a_refusal_or_a_hedge_signs_nothing_off(text: str) -> None:
    assert not any(w.firm for w in read(text))


@pytest.mark.parametrize("text", ["2 approved", "approve 2", "let's go with 2", "Approved: 2", "ship it, 2"])
def test_plain_words_sign_off(text: str) -> None:
    (wish,) = read(text)
    assert wish.kind is Kind.APPROVE and wish.firm and wish.targets == (2,)


@pytest.mark.parametrize(
    "text",
    [
        "lunch?",
        "morning all",
        "don't touch the headline",
        "no new round please",
        "don't undo 2",
        ":taco:",
        "",
        "fix the build please, the deploy is red",
    ],
)
def test_chatter_wants_nothing(text: str) -> None:
    assert {w.kind for w in read(text)} <= {Kind.CHATTER, Kind.QUESTION}


def test_a_version_named_in_one_clause_is_not_used_in_another() -> None:
    (wish, *_) = read("approve 3; 2b was worse")
    assert (wish.targets, wish.version) == ((3,), None)


@given(st.text(max_size=300))
def test_no_words_break_it(text: str) -> None:
    assert read(text)


def test_a_hundred_thousand_characters_are_read_in_time() -> None:
    assert read("fix the hand " * 8000)


@pytest.mark.parametrize(
    "piece", ["<", "&lt;", "<@U1> ", "the ", "x, ", "9 ", "#", "`", "は", "\u202e", "make the ", '"']
)
def test_no_message_however_strange_is_read_beyond_its_limit(piece: str) -> None:
    """Only so much is looked at, however long the message: work is counted here, not time."""
    from bot.replies import words

    assert len(words.cleaned(piece * 50_000)) <= words.LONGEST
    assert len(words.plain(piece * 50_000)) <= words.QUOTED
    assert read(piece * 50_000)
