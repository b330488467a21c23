"""What each provider's file offers: how to ask, how to read what comes, how to look again for what takes its time."""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from PIL import Image, ImageChops

from bot.engines.catalogue import Model
from bot.engines.wire import Got, Request, Wire
from bot.errors import ProofthreadError, Rejected
from bot.imaging.picture import png
from bot.imaging.window import Size
from bot.model import Kind

Ticket = Mapping[str, str]
"""Where a provider keeps a piece of work: addresses, by what they are for."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is wanted, in terms every provider has. ``kind`` None: draw. ``picture`` and ``mask`` (L, white = change)
    are of one size; ``seed`` None where the model takes none; ``seconds`` of a clip."""

    prompt: str
    size: Size
    kind: Kind | None = None
    picture: Image.Image | None = None
    mask: Image.Image | None = None
    references: tuple[Image.Image, ...] = ()
    seed: int | None = None
    seconds: int = 0

    @property
    def pictures(self) -> tuple[Image.Image, ...]:
        """All that go along, the one to be changed first."""
        return (*(() if self.picture is None else (self.picture,)), *self.references)


@dataclass(frozen=True, slots=True)
class Piece:
    """What a layer is and where (left, top, right, bottom; pixels of the whole), None for all of it."""

    name: str
    box: tuple[int, int, int, int] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came: pictures (or a clip) as bytes, or the links to them; ``pieces`` says what each layer is, lowest first.
    ``usd`` None where the answer does not tell."""

    pictures: tuple[bytes | str, ...]
    model: str | None = None
    usd: float | None = None
    seed: int | None = None
    pieces: tuple[Piece, ...] = ()


class Adapter(Protocol):
    """One provider's ways. No adapter knows another. Everything here is pure but ``look``."""

    def headers(self, key: str) -> dict[str, str]:
        """What carries the key."""
        ...

    def before(self, order: Order) -> Sequence[Request]:
        """Calls that cost nothing and come first."""
        ...

    def request(self, model: Model, order: Order) -> Request:
        """The paid call."""
        ...

    def trouble(self, got: Got) -> ProofthreadError | None:
        """What an answer that is none means here; None to go by its status."""
        ...

    def ticket(self, got: Got) -> Ticket | None:
        """Where to look for the result, None when this is it."""
        ...

    async def look(self, wire: Wire, ticket: Ticket) -> Got | None:
        """One look; None while it is being done."""
        ...

    def cancel(self, ticket: Ticket) -> Request | None:
        """How to call it off, None when that cannot be done."""
        ...

    def answer(self, model: Model, got: Got) -> Answer:
        """The pictures. Raises Blocked or Rejected."""
        ...

    def find(self, model: Model, picture: Image.Image, thing: str) -> Request | None:
        """How to ask where something is, None when this provider cannot tell."""
        ...

    def found(self, got: Got) -> str:
        """Where it is, in the form that ``imaging.boxes`` reads."""
        ...

    def clip(self, model: Model, order: Order) -> Request | None:
        """How to ask for a clip that begins with the order's picture, None when this provider makes none."""
        ...

    def apart(self, model: Model, order: Order) -> Request | None:
        """How to have a picture taken apart into layers, None when this provider cannot."""
        ...

    def knock(self, model: Model) -> Request:
        """A call that costs nothing and needs the key."""
        ...


class Plain:
    """What most providers have in common: they answer at once, see nothing, and make pictures only."""

    def before(self, order: Order) -> Sequence[Request]:
        """Nothing."""
        return ()

    def trouble(self, got: Got) -> ProofthreadError | None:
        """By the status."""
        return None

    def ticket(self, got: Got) -> Ticket | None:
        """The answer is there."""
        return None

    async def look(self, wire: Wire, ticket: Ticket) -> Got | None:
        """Never asked for."""
        raise NotImplementedError

    def cancel(self, ticket: Ticket) -> Request | None:
        """Cannot be done."""
        return None

    def find(self, model: Model, picture: Image.Image, thing: str) -> Request | None:
        """It sees nothing."""
        return None

    def found(self, got: Got) -> str:
        """Nothing."""
        return "[]"

    def clip(self, model: Model, order: Order) -> Request | None:
        """It makes none."""
        return None

    def apart(self, model: Model, order: Order) -> Request | None:
        """It cannot."""
        return None

    def knock(self, model: Model) -> Request:
        """The list of models, which most have."""
        return Request("GET", "/models")


def b64(picture: Image.Image) -> str:
    """The picture as PNG in base64."""
    return base64.b64encode(png(picture)).decode()


def see_through(mask: Image.Image, picture: Image.Image | None = None) -> Image.Image:
    """A mask (L, white = change) as RGBA that is see-through where it changes; over the picture, if given."""
    clear = picture.convert("RGBA") if picture else Image.new("RGBA", mask.size, (0, 0, 0, 255))
    clear.putalpha(ImageChops.invert(mask.convert("L")))
    return clear


def data_url(picture: Image.Image) -> str:
    """The picture as a data URL."""
    return "data:image/png;base64," + b64(picture)


def decoded(text: object) -> bytes:
    """Bytes out of base64. Raises Rejected."""
    try:
        return base64.b64decode(str(text), validate=False)
    except (ValueError, binascii.Error):
        raise Rejected("was no picture") from None


def nearest(size: Size, ratios: Mapping[str, float]) -> str:
    """The name of the ratio nearest to the size's."""
    return min(ratios, key=lambda name: abs(math.log(ratios[name] * size[1] / size[0])))


def ratios(*names: str) -> dict[str, float]:
    """Ratios (width over height) by their names ("16:9")."""
    return {name: float(name.split(":")[0]) / float(name.split(":")[1]) for name in names}
