"""What a word may do in a reply: one bit each, so that one word can do several things at once."""

_bits = [1 << i for i in range(120)]

# Verbs.
REMOVE, REPAIR, REPLACE, CHANGE, ADD, MAKE, MOVE, RESIZE, MORE, LESS = _bits[:10]
LIGHTEN, PAINT, BLUR, SHARPEN, EXTEND, CROP, ISOLATE, WRITE, SEE, OFFICE_ACT = _bits[10:20]
# Phrases that say a whole thing.
UNDO, REDRAW, VARIANT, UPSCALE, OUTPAINT, RECOLOUR, RELIGHT, BEHIND = _bits[20:28]
FIRM, PRAISE, DISLIKE, FAULT, SMALLTALK, SARCASM = _bits[28:34]
# Nouns.
THING, BACKGROUND, TEXT, LOGO, LIGHT, COLOUR, FRAME, RESOLUTION, WHOLE, PLACE, ROUND, OFFICE, WEAK = _bits[
    34:47
]
# Adjectives.
LIT, TONED, SHARP, SHAPE, SIZE, STATE, HUE = _bits[47:54]
# The frame of a sentence.
WISH, NEED, ASK, NEGATION, KEEP, CONDITION, SELF, OTHER, FUTURE, AUX, YOU, WE = _bits[54:66]
DEGREE, DET, PREP, CONJ, BUT, BECAUSE, FILLER, PRONOUN = _bits[66:74]
# Forms of a word.
BASE, THIRD, PAST, ING, PLURAL, COMPARED, POSSESSIVE = _bits[74:81]
# Found by the reader.
DRAFT, NUMBER, END, COMMA, QUESTION, QUOTED, PARTICLE = _bits[81:88]
# More of the above.
MODAL, STYLE, CONTRAST, PROPER = _bits[88:92]

EDITING = (
    REMOVE | REPAIR | REPLACE | CHANGE | ADD | MAKE | MOVE | RESIZE | MORE | LESS
    | LIGHTEN | PAINT | BLUR | SHARPEN | EXTEND | CROP | ISOLATE | WRITE
)  # fmt: skip
VISUAL = LIGHTEN | PAINT | BLUR | SHARPEN | CROP | ISOLATE
"""Verbs that hardly mean anything but pictures."""
NOUNS = (
    THING
    | BACKGROUND
    | TEXT
    | LOGO
    | LIGHT
    | COLOUR
    | FRAME
    | RESOLUTION
    | WHOLE
    | PLACE
    | ROUND
    | OFFICE
    | WEAK
    | STYLE
)
MEASURED = LIGHT | COLOUR | RESOLUTION | FRAME
"""Nouns for what can be more or less: brightness, saturation, margin."""
NAMED = THING | BACKGROUND | TEXT | LOGO
"""Nouns that may be a part to work on."""
ADJECTIVES = LIT | TONED | SHARP | SHAPE | SIZE | STATE | HUE
LOOKS = UPSCALE | OUTPAINT | RECOLOUR | RELIGHT | BEHIND
OF_PICTURES = (
    NAMED
    | LIGHT
    | COLOUR
    | FRAME
    | RESOLUTION
    | PLACE
    | LIT
    | TONED
    | SHARP
    | SHAPE
    | HUE
    | LOOKS
    | WHOLE
    | VISUAL
    | STYLE
)

HEADINGS = {
    "verb": {
        "undo": UNDO, "variant": VARIANT,
        "remove": REMOVE, "repair": REPAIR, "replace": REPLACE, "change": CHANGE, "add": ADD, "make": MAKE,
        "move": MOVE, "resize": RESIZE, "more": MORE, "less": LESS, "light": LIGHTEN, "colour": PAINT, "blur": BLUR,
        "sharpen": SHARPEN, "extend": EXTEND, "crop": CROP, "isolate": ISOLATE, "write": WRITE, "see": SEE,
        "office": OFFICE_ACT,
    },
    "phrase": {
        "undo": UNDO, "redraw": REDRAW, "variant": VARIANT, "upscale": UPSCALE, "outpaint": OUTPAINT,
        "recolour": RECOLOUR, "relight": RELIGHT, "background": BEHIND, "firm": FIRM, "praise": PRAISE,
        "dislike": DISLIKE, "fault": FAULT, "chatter": SMALLTALK,
    },
    "noun": {
        "thing": THING, "background": BACKGROUND, "text": TEXT, "logo": LOGO, "light": LIGHT, "colour": COLOUR,
        "frame": FRAME, "resolution": RESOLUTION, "whole": WHOLE, "place": PLACE, "round": ROUND,
        "office": OFFICE, "weak": WEAK, "hue": HUE, "style": STYLE,
    },
    "adjective": {
        "light": LIT, "colour": TONED, "sharp": SHARP, "shape": SHAPE, "size": SIZE, "state": STATE, "hue": HUE,
    },
    "frame": {
        "wish": WISH, "need": NEED, "ask": ASK, "negation": NEGATION, "keep": KEEP, "condition": CONDITION,
        "self": SELF, "other": OTHER, "future": FUTURE, "aux": AUX, "you": YOU, "we": WE, "degree": DEGREE,
        "det": DET, "prep": PREP, "conj": CONJ, "but": BUT, "because": BECAUSE, "filler": FILLER,
        "pronoun": PRONOUN, "deny": NEGATION, "sarcasm": SARCASM,
        "modal": MODAL, "contrast": CONTRAST,
    },
}  # fmt: skip
"""The headings of the lexicon's files."""
