"""What every image model offers us, and what it can do as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from PIL import Image

from bot.imaging.locate import Found
from bot.imaging.window import ANY, Sizes
from bot.model import Kind, Wanted, Wish


class Mask(StrEnum):
    """How an engine treats a mask: it has none, takes it as advice, or keeps to it."""

    NONE = "none"
    SOFT = "soft"
    HARD = "hard"


@dataclass(frozen=True, slots=True)
class Abilities:
    """What an engine can do. ``edits`` are the kinds of change it makes well; ``references`` how many it takes;
    ``sizes`` the pictures; ``context`` how much it should see around a region (see ``window.around``); ``scenes``:
    it draws its own sketches anew from their parameters; ``locates``: it finds things in any picture;
    ``at_a_time``: how many pictures one call draws; ``clips``: seconds of the clips it makes of a still; ``separates``:
    it takes a picture apart into layers."""

    draws: bool = True
    edits: frozenset[Kind] = frozenset()
    mask: Mask = Mask.NONE
    references: int = 0
    seed: bool = False
    sizes: Sizes = ANY
    context: float = 0.5
    scenes: bool = False
    locates: bool = False
    reads: bool = False
    at_a_time: int = 4
    clips: tuple[int, ...] = ()
    separates: bool = False


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture an engine made. ``labels`` and ``parts`` where it knows what is where; ``said`` is for people,
    ``alt`` for those who cannot see it; ``original``: the bytes as a provider sent them, ``seed`` where it told;
    ``request``: what was sent, without key and pictures; ``estimated``: ``usd`` is from the catalogue."""

    picture: Image.Image
    model: str
    usd: float = 0.0
    labels: Image.Image | None = None
    parts: tuple[str, ...] = ()
    scene: str | None = None
    said: str = ""
    alt: str = ""
    original: bytes | None = None
    seed: int | None = None
    request: Mapping[str, object] | None = None
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class Subject:
    """A picture to be edited and what is known of it; ``frame`` (pixels) of the whole where it is only a window."""

    picture: Image.Image
    labels: Image.Image | None = None
    parts: tuple[str, ...] = ()
    scene: str | None = None
    frame: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A paid call as it is booked: ``request`` is what is sent, without key and pictures; ``usd`` an estimate."""

    engine: str
    model: str
    request: Mapping[str, object]
    usd: float


class Till(Protocol):
    """Keeps account of one paid call, so that it is made once whatever happens to us in between."""

    async def begin(self, asked: Asked) -> str | None:
        """Before anything is sent. None: go and ask; else the ticket under which it is being done already. Raises
        Lost where it was asked before and nobody knows what became of it, Declined where the budget is used up."""
        ...

    async def ticket(self, ticket: str) -> None:
        """The provider has taken it on, and this is where to look for it."""
        ...

    async def wanted(self) -> bool:
        """Is it still wanted? A brief may be withdrawn meanwhile."""
        ...


class Open:
    """A till that asks nobody: for engines that cost nothing, and for the shell."""

    async def begin(self, asked: Asked) -> str | None:
        """Go and ask."""
        return None

    async def ticket(self, ticket: str) -> None:
        """Nothing is kept."""

    async def wanted(self) -> bool:
        """Always."""
        return True


OPEN: Till = Open()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a language model made of a reply: ``answer`` as it came, to be checked against the schema."""

    answer: object
    model: str
    usd: float = 0.0


class Reader(Protocol):
    """A model that reads words. May raise Busy, Declined or Misconfigured."""

    name: str

    async def read(
        self, words: str, *, drafts: tuple[int, ...], schema: dict[str, object], till: Till = OPEN
    ) -> Reading:
        """What a reply wants of these drafts, as JSON after ``schema``."""
        ...


@dataclass(frozen=True, slots=True)
class Delivered:
    """A file made of a picture, and none itself: a clip, a layered file. ``kind`` is its media type; the rest as in
    ``Drawing``."""

    data: bytes
    kind: str
    model: str
    usd: float = 0.0
    request: Mapping[str, object] | None = None
    estimated: bool = False


class Maker(Protocol):
    """A model that makes more of a picture. May raise Busy, Declined or Misconfigured."""

    @property
    def name(self) -> str:
        """What versions and the log call it."""
        ...

    @property
    def abilities(self) -> Abilities:
        """What it can do."""
        ...

    async def animate(
        self, picture: Image.Image, words: str, *, seconds: int, till: Till = OPEN
    ) -> Delivered:
        """A clip that begins with the picture; ``seconds`` is one of ``abilities.clips``."""
        ...

    async def separate(self, picture: Image.Image, *, till: Till = OPEN) -> Delivered:
        """A layered file of what it sees in the picture."""
        ...


class Engine(Protocol):
    """An image model. Every method may raise Busy, Declined or Misconfigured, in words."""

    @property
    def name(self) -> str:
        """What versions and the log call it."""
        ...

    @property
    def abilities(self) -> Abilities:
        """What it can do."""
        ...

    async def draw(
        self,
        wanted: Wanted,
        *,
        n: int,
        size: tuple[int, int],
        wish: str,
        references: Sequence[Image.Image],
        seed: int,
        like: Subject | None = None,
        till: Till = OPEN,
    ) -> list[Drawing]:
        """``n`` pictures of ``size`` (pixels), in the manner of ``like`` where that is given; ``n`` is at most
        ``abilities.at_a_time``."""
        ...

    async def locate(self, subject: Subject, wish: Wish, till: Till = OPEN) -> Found | None:
        """The region that the wish names, None when this engine cannot tell (see ``imaging.boxes``)."""
        ...

    async def edit(
        self,
        subject: Subject,
        mask: Image.Image,
        wish: Wish,
        references: Sequence[Image.Image],
        *,
        seed: int = 0,
        till: Till = OPEN,
    ) -> Drawing:
        """The subject changed as wished. ``mask`` (L, its size) says where; what comes back outside is not used.
        ``seed`` differs from try to try."""
        ...

    async def close(self) -> None:
        """Give back what it holds."""
        ...
