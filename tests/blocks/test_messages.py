"""Every message stays within Slack's limits, whatever people write, and says itself in plain words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot import briefing
from bot import commands as c
from bot.blocks import card, home, modals, rules, thread
from bot.blocks.nudge import Asked
from bot.house import House
from bot.model import Brief, Kind, Wish
from bot.replies.read import read
from bot.review.decide import decide
from bot.sandbox import checks

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
NASTY = [
    "a cat",
    "x" * 2999,
    "<!channel> & <b> `code` *bold* for Émile & Fils",
    "ok " + "🎉" * 900,
    'headline "' + "W" * 119 + '" now',
    "‮evil‬ text\u200b here",
]


def brief(text: str) -> Brief:
    wanted = replace(briefing.read(text, now=NOW), approvers=tuple(f"U0{i}" for i in range(12)))
    made = decide(None, c.SubmitBrief("B1", "T", "C", "UMIA", wanted), now=NOW).brief
    pictures = tuple(
        c.Picture(f"{n:064x}", 100, 100, "local", "m", alt="y" * 900, said="z" * 300) for n in range(4)
    )
    made = decide(made, c.TakeDrafts("B1", 1, pictures), now=NOW).brief
    made = decide(made, c.NoteShown("B1", "grid:1"), now=NOW).brief
    words = "fix " + "the very long thing " * 60
    made = decide(made, c.Reply("B1", "USAM", words, read(words)), now=NOW).brief
    made = decide(made, c.Reply("B1", "USAM", text, (Wish(Kind.RELIGHT, text, targets=(2,)),)), now=NOW).brief
    made = decide(
        made,
        c.TakeVersion(
            "B1",
            len(made.changes),
            "2",
            c.Picture(
                "f" * 64,
                9,
                9,
                "local",
                "m",
                mask="e" * 64,
                mask_share=0.3,
                changed_outside=0,
                said="z",
                op="relight",
            ),
        ),
        now=NOW,
    ).brief
    return decide(made, c.Approve("B1", "U00", None), now=NOW).brief


@pytest.mark.parametrize("text", NASTY)
def test_no_message_breaks_a_limit_or_pings_anybody(text: str) -> None:
    made = brief(text)
    version = made.version("2b")
    assert version is not None
    messages = [
        card.card(made, NOW),
        thread.grid(made, 1, "F0ABCDEFGH"),
        thread.version(made, version, "F0ABCDEFGH"),
    ]
    messages += [thread.question(made, q.number) for q in made.questions]
    done = decide(made, c.Approve("B1", "U00", "2b"), now=NOW).brief
    messages += [thread.approval(done, "2b"), card.card(done, NOW), thread.grid(done, 1, "F0ABCDEFGH")]
    for said in messages:
        checks.message([dict(b) for b in said.blocks], lambda f: True)
        checks.metadata(said.metadata)
        assert said.text and len(said.text) < 4000
        # Titles and alt text are plain text, which pings nobody.
        spoken = [b for b in said.blocks if b["type"] not in ("image", "header")]
        assert "<!channel>" not in said.text + str(spoken)
        assert said.kind in ("brief", "grid", "draft", "ask", "approval")
    for view in (
        modals.look(made, 2, "F0ABCDEFGH", "said"),
        modals.look(made, 2, None),
        modals.brief_form("", text=text),
        modals.redraw_form("B1"),
        home.home(
            "UMIA", home.Mine([Asked(made, None, "F0ABCDEFGH")] * 30, [made] * 30, {}, House(), True), NOW
        ),
        rules.house_form(House(), None),
        rules.house_form(House(), "C1"),
        rules.away_form(),
        modals.hold_form("B1"),
        modals.reject_form("B1", "2b"),
        modals.reopen_form("B1", "2b"),
    ):
        checks.view(view, lambda f: True)


def test_pictures_carry_words_for_those_who_cannot_see_them() -> None:
    said = thread.grid(brief("a cat"), 1, "F0ABCDEFGH")
    (image,) = [b for b in said.blocks if b["type"] == "image"]
    assert image["alt_text"].startswith("4 numbered drafts")
