"""A small edit of a large picture, beside what decoding and encoding that picture costs by itself.

    python benchmarks/large_edit.py              # 4096 x 4096, a region of 600 pixels, an engine that takes no time

Each in turn, five times in one run; the ratio is that of the medians. Beside each, the longest time for which the
event loop stood still: decoding and encoding hold no lock, so what they show is the machine's own doing. Then the peak
of memory.
"""

from __future__ import annotations

import asyncio
import io
import resource
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from misbehaving import painted, portrait
from PIL import Image, ImageChops

from bot.engines.engine import Drawing, Subject
from bot.engines.local import Local
from bot.fixing.fix import fix
from bot.imaging import locate
from bot.imaging.picture import png
from bot.model import Kind, Wish

SIDE, REGION = 4096, 600
ALONE = "decode and encode"


class Instant(Local):
    """Takes no time: the answer was painted when it was asked for the first time."""

    painted: Image.Image | None = None

    async def edit(
        self,
        subject: Subject,
        mask: Image.Image,
        wish: Wish,
        references: Sequence[Image.Image],
        *,
        seed: int = 0,
    ) -> Drawing:
        Instant.painted = Instant.painted or painted(subject, mask)
        return Drawing(Instant.painted, "instant")


def decoded(data: bytes) -> Image.Image:
    """The picture, loaded."""
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


async def timed(work: Callable[[], Awaitable[object]]) -> tuple[float, float]:
    """How long it takes, and the longest time for which the loop stood still meanwhile; seconds."""
    longest = 0.0

    async def beat() -> None:
        nonlocal longest
        last = time.perf_counter()
        while True:
            await asyncio.sleep(0.001)
            now = time.perf_counter()
            longest, last = max(longest, now - last), now

    beating = asyncio.create_task(beat())
    started = time.perf_counter()
    await work()
    taken = time.perf_counter() - started
    beating.cancel()
    return taken, longest


async def edited(data: bytes, mask: Image.Image, wish: Wish) -> None:
    """The whole edit, from PNG to PNG."""
    picture = await asyncio.to_thread(decoded, data)
    engine = Instant() if wish.kind is Kind.INPAINT else Local()
    engine.abilities = type(engine.abilities)(edits=frozenset(Kind))
    fixed = await fix(Subject(picture), wish, engine, mask=mask)
    await asyncio.to_thread(png, fixed.picture)


def main() -> None:
    """Measure and say."""
    grain = Image.effect_noise((SIDE, SIDE), 4).convert("RGB")
    data = png(ImageChops.add(portrait().resize((SIDE, SIDE), Image.Resampling.BICUBIC), grain, offset=-128))
    del grain
    at = (SIDE - REGION) // 2
    mask = locate.box_mask((SIDE, SIDE), (at, at, at + REGION, at + REGION))
    wishes = {"repaint": Wish(Kind.INPAINT, region="it"), "recolour": Wish(Kind.RECOLOUR, colour="#0057B8")}
    works: dict[str, Callable[[], Awaitable[object]]] = {
        ALONE: lambda: asyncio.to_thread(lambda: png(decoded(data))),
        "repaint": lambda: edited(data, mask, wishes["repaint"]),
        "recolour": lambda: edited(data, mask, wishes["recolour"]),
    }
    asyncio.run(timed(works["repaint"]))  # the answer is painted now
    seen: dict[str, list[tuple[float, float]]] = {name: [] for name in works}
    for _ in range(5):
        for name, work in works.items():
            seen[name].append(asyncio.run(timed(work)))
    alone = statistics.median(taken for taken, _ in seen[ALONE])
    print(f"{'':20}{'time':>9}{'ratio':>9}{'loop stood still':>20}")
    for name, runs in seen.items():
        taken, still = statistics.median(t for t, _ in runs), max(s for _, s in runs)
        print(f"{name:20}{taken:7.2f} s{taken / alone:7.2f} x{1000 * still:17.0f} ms")
    print(f"{'peak of memory':20}{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:6.0f} MB")


if __name__ == "__main__":
    main()
