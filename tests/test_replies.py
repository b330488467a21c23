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


NAUGHTY = [
    "undefined",
    "null",
    "None",
    "NaN",
    "true",
    "-1",
    "1e400",
    "0x0",
    "١٢٣",
    "½",
    "²",
    "Ω≈ç√∫",
    "田中さんにあげて下さい",
    "𠜎𠜱𠝹",
    "الكل في المجمو عة",
    "בְּרֵאשִׁית",
    "\u202etest\u202c",
    "\u2066fix\u2069",
    "z\u200be\u200br\u200bo",
    "\ufeff2",
    "Z̤̫̖a͓l͎g̳o",
    "( ͡° ͜ʖ ͡°)",
    "¯\\_(ツ)_/¯",
    "\U0001f469\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466",
    "\U0001f3f3\ufe0f\u200d\U0001f308",
    "1️⃣2️⃣",
    "<script>alert(1)</script>",
    "&lt;&amp;&gt;",
    "<!here> <#C1|x> <@U1>",
    "'; DROP TABLE briefs; --",
    "../../etc/passwd",
    "%s%n%x",
    "{0.__class__}",
    "$(rm -rf /)",
    "`touch x`",
    "\x00\x01\x7f",
    "\t\r\n\x0b\x0c",
    "Ａ２",
    "ﬁx the ﬂag",
    "ß ſ ı İ",
    *(
        piece * 9_000
        for piece in (
            "a",
            "🅰️",
            "2b",
            "the the ",
            "and ",
            "?!",
            '"',
            "(((",
            "no ",
            "if ",
            "1-2-3-4 ",
            "#fff",
            "は",
        )
    ),
]


@pytest.mark.parametrize("text", NAUGHTY, ids=[f"{i}" for i in range(len(NAUGHTY))])
def test_strange_strings_are_read_and_approve_nothing(text: str) -> None:
    for n_drafts, selected in ((1, 1), (4, None), (4, 2)):
        assert not any(w.firm for w in read(text, n_drafts=n_drafts, selected=selected))


@pytest.mark.parametrize(
    ("text", "kind", "targets", "region"),
    [
        ("quita la taza de la 2", Kind.REMOVE, (2,), "la taza"),
        ("der Hintergrund auf 3 bitte dunkler", Kind.RELIGHT, (3,), "der Hintergrund"),
        ("on peut changer le fond de la 2 ?", Kind.BACKGROUND, (2,), "le fond"),
        ("adorei a 3", Kind.APPROVE, (3,), None),
        ("4番の背景を青くしてください", Kind.BACKGROUND, (4,), "背景"),
        ("nueva ronda por favor", Kind.REGENERATE, (), None),
        ("mach das rückgängig", Kind.UNDO, (), None),
    ],
)
def test_other_languages(text: str, kind: Kind, targets: tuple[int, ...], region: str | None) -> None:
    wish = read(text)[0]
    assert (wish.kind, wish.targets, wish.region) == (kind, targets, region)


def test_several_wishes_are_all_understood() -> None:
    wishes = read("approve 2 and regenerate the rest warmer")
    assert [(w.kind, w.targets) for w in wishes] == [(Kind.APPROVE, (2,)), (Kind.REGENERATE, (1, 3, 4))]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("two more like 4 please", {"kind": Kind.VARIANT, "count": 2, "targets": (4,)}),
        ("make 2 fit a LinkedIn header", {"kind": Kind.OUTPAINT, "ratio": "4:1"}),
        ("3 as a 1080x1920 story pls", {"kind": Kind.OUTPAINT, "ratio": "9:16"}),
        ("move the logo up on 2", {"kind": Kind.LOGO, "direction": "up"}),
        ("make the door navy on 1", {"kind": Kind.RECOLOUR, "colour": "#14213D"}),
        ("a bit brighter on 2", {"kind": Kind.RELIGHT, "amount": 1.0}),
        ('the headline on 2 should say "Warm bread"', {"kind": Kind.TEXT, "quoted": "Warm bread"}),
    ],
)
def test_what_comes_with_a_wish(text: str, wanted: dict[str, object]) -> None:
    wish = read(text)[0]
    assert {k: getattr(wish, k) for k in wanted} == wanted


def test_a_workspace_adds_its_own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.errors import Misconfigured
    from bot.replies import lexicon

    assert not any(w.firm for w in read("make it rain, 2"))
    before = lexicon.lexicon("en").words.copy(), lexicon.lexicon("en").lengths.copy()
    try:
        lexicon.add('[phrase]\nfirm = "make it rain"\n[noun]\nlogo = "the swooshy"\n', "words.toml")
        (wish,) = read("make it rain, 2")
        assert wish.firm and wish.targets == (2,)
        assert read("move swooshy up on 2")[0].kind is not Kind.REGENERATE
    finally:
        known = lexicon.lexicon("en")
        known.words, known.lengths = before
    for text, says in (
        ("[phrase", "cannot be read"),
        ("[phrases]\n", "is no heading"),
        ('[phrase]\nsigns = "x"\n', "none of"),
    ):
        with pytest.raises(Misconfigured, match=says):
            lexicon.add(text, "words.toml")
