"""How sure a reading is: less where nothing says that it is about the picture."""

from bot.model import Kind
from bot.replies import roles as r
from bot.replies.clause import Clause
from bot.replies.heard import Heard
from bot.replies.setting import Meant, Setting


def weighed(c: Clause, s: Setting, h: Heard, meant: Meant) -> Meant | None:
    """Less where nothing says that it is about the picture."""
    sure = meant.sure
    head = meant.span[2] if meant.span else h.it
    named = (
        head & (r.THING | r.TEXT | r.LOGO | r.BACKGROUND | r.MEASURED | r.WHOLE | r.STYLE)
        and not head & r.WEAK
    )
    looks = bool(
        c.does & (r.LOOKS | r.HUE | r.LIT | r.TONED | r.SHARP | r.VISUAL | r.COMPARED | r.STYLE)
    ) or (meant.kind in (Kind.OUTPAINT, Kind.UPSCALE) and (meant.span is None or bool(head)))
    at_home = s.pointed or s.one
    firm = h.mood in ("order", "wish")
    if (c.does & r.OFFICE and not s.named) or (c.office() and not at_home and not (named and firm)):
        return None
    if (
        meant.span
        and any(c.words[i] in ("your", "yours") for i in range(meant.span[0], meant.span[1]))
        and not s.named
    ):
        return None
    if c.does & r.FUTURE and not at_home:
        return None  # "please remove the old tickets tonight"
    if h.mood == "need" and meant.span is not None and not head and not at_home:
        return None  # "main should be green"
    if s.office and not s.pointed and not (named and h.mood == "order"):
        return None
    if not named and not looks:
        if (
            h.mood == "state"
            or (h.mood == "need" and not at_home)
            or (
                meant.span is None
                and not s.named
                and not (firm and c.does & r.PRONOUN and h.verb & (r.MOVE | r.RESIZE | r.VISUAL))
            )
        ):
            return None
        if not at_home and meant.span is not None:
            sure = min(sure, 0.5 if s.short else 0.3)
        else:
            sure = min(sure, 0.65 if s.named or (s.short and not (head & r.WEAK)) else 0.5)
    if s.long and not (firm and s.named):
        sure = min(sure, 0.6)
    if h.mood == "coined":
        sure = min(sure, 0.65 if s.short or at_home else 0.5)
    if h.mood == "need" and h.act is None and not looks and c.does & (r.SELF | r.WE) and not s.named:
        sure = min(sure, 0.5)  # "we need the files"
    if (
        c.first(r.NEED) is not None
        and c.words[c.first(r.NEED) or 0] in ("i need", "we need", "i'll need", "we'll need")
        and not looks
        and not s.named
    ):
        sure = min(sure, 0.5)
    if h.mood == "wish" and meant.span is None and not h.it and not s.drafts and not looks:
        sure = min(sure, 0.5)
    if h.mood == "state":
        sure = min(sure, 0.75)
        if not at_home:
            bare = looks and len(c.units) <= 5 and not c.does & r.AUX  # "a bit brighter"
            sure = min(sure, 0.65 if (named and s.short) or bare else 0.5)
        elif not s.pointed and not s.short:
            sure = min(sure, 0.62 if named else 0.5)
    if c.does & (r.SELF | r.OTHER) and not firm and not s.pointed and not (s.one and named):
        sure = min(sure, 0.5)
    return Meant(meant.kind, sure, meant.span, h.mood == "state")
