"""What one clause wants: which work on which part, and how sure that is."""

from __future__ import annotations

import re

from bot.model import Kind
from bot.replies import region
from bot.replies import roles as r
from bot.replies.clause import Clause
from bot.replies.faults import SAYING, faulty
from bot.replies.heard import Heard, heard
from bot.replies.idioms import idiom
from bot.replies.lexicon import group
from bot.replies.mood import mood
from bot.replies.region import Span
from bot.replies.setting import Meant, Setting
from bot.replies.sureness import weighed

RATIO = re.compile(r"(?<![\d.])(\d{1,2})\s?[:x×]\s?(\d{1,2})(?![\d.])")

PIXELS = re.compile(r"(?<!\d)\d{3,4}\s?[x×]\s?\d{3,4}(?!\d)")

_WIDTH = re.compile(r"\b\d{3,5} ?px\b")

_MUST_NOT = ("shouldn", "should not", "mustn", "must not")

_OUT = group("out")

_GOING = group("going")

_TOWARDS = group("towards")
_CAST = frozenset({"shadow", "shadows", "reflection", "reflections"})
_CUT_OUT = group("cut_out_for")
_FRAMED = group("framed")

_AT = group("at")


def work(c: Clause, s: Setting) -> Meant | None:
    """The work a clause asks for, if it asks for any."""
    if c.does & r.SMALLTALK and len(c.units) <= 3 and not c.does & (r.NAMED | r.LOOKS):
        return None
    meant = idiom(c, s)
    if meant is not None:
        return meant
    hangs = c.first(r.CONDITION)
    if hangs is not None and hangs > c.start and c.first(r.WISH, hangs) is None:
        c = c.until(hangs)  # what is said after "before we" or "if" is not the wish
    how, at = mood(c)
    if not how:
        return None
    h = heard(c, how, at)
    if h.part is None and (c.does & r.PRONOUN or how == "need"):
        h.it = s.it[1]
    meant = _which(c, s, h, at)
    return weighed(c, s, h, meant) if meant else None


def _which(c: Clause, s: Setting, h: Heard, at: int) -> Meant | None:
    """The kind of work, from the verb, the part and the property that are named."""
    plain = " ".join(c.words)
    verb, rest, head, part = h.verb, h.rest, h.head, h.part
    stated = h.mood == "state"
    beside = rest & (r.ADJECTIVES | r.LOOKS | r.LIGHT | r.COLOUR | r.RESOLUTION | r.FRAME | r.PLACE | r.STYLE)
    if part is None or h.mood in ("need", "state") or h.act is None:
        beside |= c.any(r.HUE | r.LIT | r.TONED | r.SHARP | r.LOOKS, part[0], part[1]) if part else 0
    sized = RATIO.search(plain) or PIXELS.search(plain)

    def so(kind: Kind, sure: float = 0.85, span: Span | None = part) -> Meant:
        return Meant(kind, sure, span)

    if (
        not verb & ~r.MAKE
        and verb
        and not beside
        and not head & (r.NAMED | r.MEASURED | r.STYLE | r.PLACE)
        and not sized
        and not rest & (r.LOGO | r.TEXT | r.BACKGROUND | r.STYLE | r.BEHIND)
    ):
        return None  # "make that Thursday"
    if _WIDTH.search(plain) and not head & (r.TEXT | r.LOGO) and not stated and not sized:
        return so(Kind.UPSCALE)
    if (
        stated
        and head & (r.LOGO | r.THING)
        and ("ours" in c.words or ("our" in c.words and "not" in c.words))
        and c.does & r.NEGATION
        and (s.drafts or s.one)
    ):
        return so(Kind.LOGO, 0.65)
    if (
        h.act is not None
        and c.words[h.act] == "drop"
        and any(w in ("into", "onto", "in front of") for w in c.words[h.act :])
    ):
        verb = h.verb = r.ADD  # "drop the chef in front of an oven"
    gone = _unwanted(c, s, h, at)
    if gone is not None:
        return gone
    if stated and not faulty(c, s, h, beside, bool(sized)):
        return None
    # The wording and the mark.
    said = c.does & r.QUOTED or (h.mood == "need" and any(w in ("say", "read") for w in c.words[at:]))
    if (
        verb & (r.CHANGE | r.REPLACE)
        and not head & (r.NAMED | r.PLACE)
        and rest & r.PROPER
        and "to" in c.words
        and not beside & (r.HUE | r.LOOKS)
    ):
        return so(Kind.TEXT, 0.75)  # "change Summer Sale to Mid-Season Sale"
    if verb & r.WRITE or (
        said
        and (
            head & r.TEXT
            or any(w in SAYING for w in c.words)
            or (
                not head & (r.THING | r.BACKGROUND | r.LOGO)
                and (
                    verb & (r.REPLACE | r.CHANGE | r.ADD | r.MAKE) or h.mood == "need" or c.does & r.NEGATION
                )
            )
        )
    ):
        return so(Kind.TEXT, span=_better(c, part, r.TEXT))
    if beside & r.OUTPAINT and head & r.TEXT and not verb & (r.WRITE | r.REPLACE | r.CHANGE | r.RESIZE):
        return so(Kind.OUTPAINT, span=None)  # "more room for the headline"
    if (
        c.language != "en"
        and verb & r.ADD
        and head & r.THING
        and c.any(r.HUE)
        and part is not None
        and not c.any(r.THING, part[1])
    ):
        return so(Kind.RECOLOUR)  # "mets les rideaux en beige"
    if head & r.TEXT and not head & r.LOGO and not (head & r.THING and head & r.WEAK):
        return so(Kind.TEXT, span=h.where if h.where and verb & r.ADD else part)
    if head & r.LOGO:
        return so(
            Kind.LOGO,
            span=h.where
            if h.where and verb & r.ADD and c.words[h.act or 0] not in ("place", "position", "put")
            else part,
        )
    # What is behind.
    if verb & r.ISOLATE or (head & r.BACKGROUND and not head & r.THING):
        if (verb & r.LIGHTEN or rest & (r.LIT | r.RELIGHT | r.LIGHT)) and not beside & (
            r.HUE | r.PLACE | r.BEHIND
        ):
            return so(Kind.RELIGHT)
        return so(Kind.BACKGROUND)
    if "behind" in c.words and ("out of focus" in plain or verb & r.BLUR):
        return so(Kind.BACKGROUND)
    if (
        verb & r.ADD
        and beside & r.HUE
        and "on" in c.words
        and (rest & r.PRONOUN or part is None or head & r.WHOLE)
    ):
        return so(Kind.BACKGROUND)  # "put it on F5F5F5"
    at_back = next((k for k, w in enumerate(c.words) if w == "behind"), None)
    if at_back is not None and not verb & ~(r.MAKE | r.REPLACE | r.CHANGE) and not c.does & r.FAULT:
        return so(Kind.BACKGROUND, 0.75)  # "plain sage behind the pots"
    stage = c.start + 1 if c.words[c.start] == "on" else None
    if stage and beside & r.HUE and not head & (r.THING | r.TEXT | r.LOGO) and not verb and s.drafts:
        return so(Kind.BACKGROUND, 0.75)  # "3 on solid coral"
    behind = rest & (r.BEHIND | r.BACKGROUND)
    if (verb & r.BLUR and not head & ~(r.WHOLE | r.WEAK) and "everything" in plain) or (
        verb & r.ADD and h.rest & r.PRONOUN and "in front of" in plain
    ):
        return so(Kind.BACKGROUND)
    if (
        behind
        and not (verb & (r.REPAIR | r.MOVE | r.RESIZE) and head & r.THING)
        and not (rest & r.BACKGROUND and head & r.THING and not verb & (r.BLUR | r.REPLACE))
    ):
        return so(Kind.BACKGROUND)
    if verb & (r.REPLACE | r.CHANGE) and part is not None and c.any(r.BACKGROUND, part[0], part[1]):
        return so(Kind.BACKGROUND)
    if (
        part is not None
        and verb & (r.REPLACE | r.MAKE | r.CHANGE)
        and c.any(r.STYLE, part[0])
        and (rest & r.PRONOUN or c.any(r.WHOLE))
    ):
        return so(Kind.REGENERATE, 0.75)
    if verb & (r.REPLACE | r.CHANGE) and head & r.PLACE and not head & (r.THING | r.TEXT | r.LOGO):
        return so(Kind.BACKGROUND)
    if _placed(c, s, h):
        return so(Kind.BACKGROUND, 0.75)
    if (beside & r.STYLE and not head & (r.THING | r.TEXT | r.LOGO)) or (
        head & r.STYLE and not head & r.THING
    ):
        return so(
            Kind.VARIANT if len(s.drafts) == 1 and not s.one and not c.does & r.CONTRAST else Kind.REGENERATE,
            0.7,
        )
    if (
        stated
        and c.words[c.start] in ("on", "in", "at", "against")
        and s.pointed
        and part is not None
        and not head & r.WEAK
        and head & (r.THING | r.PLACE)
    ):
        return so(Kind.BACKGROUND, 0.7)  # "2 but on a concrete wall"
    # The frame.
    if (
        (sized and not head & r.TEXT)
        or beside & r.OUTPAINT
        or verb & r.EXTEND
        or (head & r.FRAME and not head & r.THING)
        or (beside & r.SHAPE and not head & (r.THING | r.TEXT | r.LOGO))
    ):
        return so(Kind.OUTPAINT)
    if verb & r.CROP:
        return so(Kind.OUTPAINT, 0.75)
    # More or less of something.
    if verb & r.LESS and part is not None and c.any(r.HUE, part[0], part[1]):
        return so(Kind.RECOLOUR)  # "tone down the orange in the sunset"
    if head & r.COLOUR and not verb & (r.REMOVE | r.ADD):
        return so(Kind.RECOLOUR)
    if (
        head & r.THING
        and verb & (r.ADD | r.REPLACE)
        and not verb & r.MAKE
        and not beside & (r.RELIGHT | r.RECOLOUR)
        and (h.where or c.any(r.THING, part[1]) if part else False)
    ):
        return so(Kind.INPAINT, span=h.where or part)
    if (
        head & r.LIGHT
        and not head & r.THING
        and (c.does & r.FAULT or (verb & r.REPAIR and _CAST & set(plain.split())))
        and not beside & (r.RELIGHT | r.LIT)
    ):
        return so(Kind.INPAINT)
    if (
        (head & r.LIGHT and not head & r.THING)
        or beside & r.RELIGHT
        or verb & r.LIGHTEN
        or (beside & (r.LIT | r.LIGHT) and not beside & r.HUE)
    ) and not (verb & (r.REPAIR | r.REPLACE) and head & r.THING and not beside & r.RELIGHT):
        lit = head & r.LIGHT and not head & r.THING
        return so(Kind.RELIGHT, span=_better(c, part, r.THING | r.BACKGROUND) if lit else part)
    if (
        verb & r.SHARPEN
        or beside & (r.UPSCALE | r.RESOLUTION)
        or (head & r.RESOLUTION and not head & r.THING)
    ):
        return so(Kind.UPSCALE)
    if (
        beside & (r.HUE | r.RECOLOUR | r.TONED | r.COLOUR)
        or verb & r.PAINT
        or (head & r.COLOUR and not head & r.THING)
    ) and not (
        verb & r.ADD and head & r.THING and not head & r.COLOUR and not beside & (r.RECOLOUR | r.COLOUR)
    ):
        return so(Kind.RECOLOUR, span=_better(c, part, r.THING | r.TEXT | r.LOGO))
    if beside & r.SHARP and not head & r.THING:
        return so(Kind.UPSCALE, 0.75)
    if rest & r.LOGO and not head & r.THING:
        return so(Kind.LOGO, 0.75, _better(c, part, r.LOGO))
    if rest & r.TEXT and not head & r.THING:
        return so(Kind.TEXT, 0.75, _better(c, part, r.TEXT))
    if (head & r.WHOLE and not head & r.THING) or (part is None and not head & r.NAMED):
        return _on_the_whole(c, s, h, beside)
    if head & (r.ROUND | r.OFFICE) and not head & r.NAMED:
        return None
    clear = (
        verb & (r.REPAIR | r.REPLACE | r.ADD | r.MOVE | r.RESIZE | r.BLUR)
        or c.does & r.FAULT
        or beside & (r.STATE | r.SIZE)
        or (not stated and not head & r.WEAK and (s.drafts or h.mood == "order"))
    )
    return so(Kind.INPAINT, (0.85 if clear else 0.62) if head & r.THING else 0.6, h.where or part)


def _on_the_whole(c: Clause, s: Setting, h: Heard, beside: int) -> Meant | None:
    """Work on the picture as a whole, or on "it"."""
    pointing = bool(s.drafts) or bool(h.rest & r.PRONOUN)
    if pointing and not _FRAMED.isdisjoint(c.words):
        return Meant(Kind.OUTPAINT, 0.75)
    if (h.verb & r.RESIZE or (beside & r.SIZE and h.mood != "state")) and pointing:
        return Meant(Kind.UPSCALE, 0.65)
    if h.verb & (r.REPAIR | r.REPLACE | r.MOVE) and pointing:
        return Meant(Kind.INPAINT, 0.6 if c.does & r.WISH or h.verb & r.MOVE else 0.55)
    if h.mood == "state":
        return Meant(Kind.REJECT, 0.7) if c.does & r.FAULT and s.named and s.short else None
    if beside & (r.STATE | r.SIZE) and pointing:
        return Meant(Kind.INPAINT, 0.6 if s.drafts else 0.5)
    return None


def _better(c: Clause, part: Span | None, wanted: int) -> Span | None:
    """The part, or another phrase of the clause that names a thing of the wanted sort where the part does not."""
    if (
        part is not None
        and part[2] & wanted
        and not c.any(r.QUOTED, part[0], part[1])
        and not (part[1] - part[0] == 1 and c.words[part[0]] in ("typo", "spelling", "wording"))
    ):
        return part
    i = 0
    while i < len(c.units):
        found = region.phrase(c, i)
        if found is None:
            return part
        if (
            found[2] & wanted
            and not c.any(r.QUOTED, found[0], found[1])
            and c.words[found[1] - 1] not in ("typo", "spelling", "wording")
        ):
            return found
        i = found[1]
    return part


def _unwanted(c: Clause, s: Setting, h: Heard, at: int) -> Meant | None:
    """Out of the picture: "lose the cup", "the cup has to go", "no people please"."""
    leaving = (
        h.mood == "state"
        and h.part is not None
        and h.head & (r.THING | r.TEXT | r.LOGO | r.LIGHT)
        and c.words[-1] in _OUT
        and not c.any(r.AUX)
    )
    going = leaving or (h.mood in ("wish", "need") and _goes_away(c, at) and not h.verb & ~r.MOVE)
    none = _none_of(c) if not h.verb & ~(r.SEE | r.MAKE | r.MORE) else None
    if h.mood == "state" and c.does & r.REMOVE:
        removing = c.first(r.REMOVE)
        if (
            removing is not None
            and c.units[removing].does & r.BASE
            and " " in c.words[removing]
            and not c.units[removing].does & r.FAULT
            and not c.does & (r.SELF | r.OTHER)
        ):
            going = True
    shunned = (
        h.mood == "need"
        and (c.units[at].does & r.NEGATION or c.words[at].startswith(_MUST_NOT))
        and not h.verb & ~(r.MAKE | r.SEE)
    )
    worn = region.phrase(c, at + 1) if shunned else None
    if (
        worn is not None
        and worn[2] & (r.THING | r.LOGO | r.TEXT)
        and not c.any(r.ADJECTIVES | r.COMPARED, at + 1, worn[0])
    ):
        return Meant(Kind.REMOVE, 0.8, worn)  # "she shouldn't wear the necklace"
    misplaced = (
        h.mood == "need"
        and c.words[at].startswith(_MUST_NOT)
        and h.part
        and h.head & (r.THING | r.TEXT | r.LOGO)
    )
    if misplaced and any(w in ("on", "in", "there", "here", "visible") for w in c.words[at + 1 :]):
        return Meant(Kind.REMOVE, 0.8, h.part)  # "the barcode shouldn't be on the front"
    if not (h.verb & r.REMOVE or going or none):
        return None
    part = region.phrase(c, none) if none else h.part
    head = part[2] if part else h.it
    if head & (r.ROUND | r.OFFICE) and not head & r.NAMED:
        return None
    if head & r.BACKGROUND and not head & r.THING:
        return Meant(Kind.BACKGROUND, 0.85, part)
    if h.act is not None and c.words[h.act].startswith("cut") and s.said & _CUT_OUT:
        return Meant(Kind.BACKGROUND, 0.8)  # "cut out the sneaker, I need it as a png"
    if head & r.RESOLUTION and not head & r.THING:
        return Meant(Kind.UPSCALE, 0.85, part)
    if (head & (r.COLOUR | r.HUE) and not head & (r.THING | r.TEXT | r.LOGO)) or (
        part is None and h.rest & (r.HUE | r.COLOUR)
    ):
        return Meant(Kind.RECOLOUR, 0.8, part)
    if head & r.WHOLE and not head & r.NAMED and c.drafts and h.verb & r.REMOVE:
        return Meant(Kind.REJECT, 0.7)
    if part is None and not h.rest & r.PRONOUN and not h.it:
        if c.drafts and len(c.units) <= 7:
            return Meant(Kind.REJECT, 0.7)  # "kill 1"
        return None
    return Meant(Kind.REMOVE, 0.85 if part else 0.75 if head & r.NAMED else 0.6, part)


def _goes_away(c: Clause, at: int) -> bool:
    """ "the cup can go", but not "the logo can go on the apron"."""
    said = [w for phrase in c.words[at:] for w in phrase.split()]
    gone = next((i for i, w in enumerate(said) if w in _GOING), None)
    return gone is not None and not any(w in _TOWARDS for w in said[gone + 1 : gone + 4])


def _none_of(c: Clause) -> int | None:
    """ "no people please", "without the hat": where the thing not wanted stands."""
    for i, unit in enumerate(c.units[:-1]):
        if unit.text in ("no", "without", "minus", "ohne", "sin", "sans", "sem") and (
            i == c.start or unit.text != "no"
        ):
            found = region.phrase(c, i + 1)
            if (
                found
                and found[0] <= i + 2
                and found[2] & (r.THING | r.TEXT | r.LOGO)
                and not found[2] & r.WEAK
            ):
                return i + 1
    return None


def _placed(c: Clause, s: Setting, h: Heard) -> bool:
    """ "put her on a beach", "swap the office for a forest", "in a kitchen instead"."""
    units, part = c.units, h.part
    for i, unit in enumerate(units):
        if not unit.does & r.PLACE or (part and part[0] <= i < part[1] and not h.head & r.PLACE):
            continue
        j = i - 1
        while (
            j >= 0
            and (units[j].does & (r.DET | r.ADJECTIVES | r.NOUNS | r.HUE) or not units[j].does)
            and not units[j].does & r.PREP
        ):
            j -= 1
        if (
            j < 0
            or not units[j].does & (r.PREP | r.CONTRAST)
            or (c.words[j] not in _AT and not units[j].does & r.CONTRAST)
        ):
            continue
        if h.verb & (r.REPLACE | r.CHANGE) and (h.head & r.PLACE or part is None):
            return True
        if h.verb & (r.REPAIR | r.REMOVE | r.LIGHTEN | r.PAINT | r.RESIZE):
            return False
        if h.verb & r.ADD and h.act is not None and c.words[h.act] in ("add", "insert", "include"):
            return False
        first = c.words[part[0]] if part else ""
        if h.verb & (r.ADD | r.MOVE | r.MAKE) or not h.verb:
            if part and first in ("a", "an", "some", "more", "another") and part[0] != i - 1:
                return False
            return h.mood != "state" or c.does & r.CONTRAST != 0 or (s.named and c.first(r.AUX) is None)
    return False
