"""A small edit of a large picture, beside what decoding and encoding that picture costs by itself.

    python benchmarks/large_edit.py              # 4096 x 4096, a region of 600 pixels, an engine that takes no time

Each in turn, five times in one run; the ratio is that of the medians. Then the peak of memory, and the longest time
for which the event loop stood still.
"""

from __future__ import annotations

import asyncio
import io
import resource
import statistics
import sys
import time
from collections.abc import Sequence
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


async def edited(data: bytes, mask: Image.Image, wish: Wish) -> float:
    """The whole edit from PNG to PNG; gives the longest time (seconds) that the loop stood still."""
    longest = 0.0

    async def beat() -> None:
        nonlocal longest
        last = time.perf_counter()
        while True:
            await asyncio.sleep(0.001)
            now = time.perf_counter()
            longest, last = max(longest, now - last), now

    beating = asyncio.create_task(beat())
    picture = await asyncio.to_thread(decoded, data)
    engine = Instant() if wish.kind is Kind.INPAINT else Local()
    engine.abilities = type(engine.abilities)(edits=frozenset(Kind))
    fixed = await fix(Subject(picture), wish, engine, mask=mask)
    await asyncio.to_thread(png, fixed.picture)
    beating.cancel()
    return longest


def main() -> None:
    """Measure and say."""
    grain = Image.effect_noise((SIDE, SIDE), 4).convert("RGB")
    data = png(ImageChops.add(portrait().resize((SIDE, SIDE), Image.Resampling.BICUBIC), grain, offset=-128))
    del grain
    at = (SIDE - REGION) // 2
    mask = locate.box_mask((SIDE, SIDE), (at, at, at + REGION, at + REGION))
    wishes = {"repaint": Wish(Kind.INPAINT, region="it"), "recolour": Wish(Kind.RECOLOUR, colour="#0057B8")}
    times: dict[str, list[float]] = {"decode and encode": [], **{name: [] for name in wishes}}
    still = 0.0
    asyncio.run(edited(data, mask, wishes["repaint"]))
    for _ in range(5):
        started = time.perf_counter()
        png(decoded(data))
        times["decode and encode"].append(time.perf_counter() - started)
        for name, wish in wishes.items():
            started = time.perf_counter()
            still = max(still, asyncio.run(edited(data, mask, wish)))
            times[name].append(time.perf_counter() - started)
    alone = statistics.median(times["decode and encode"])
    for name, taken in times.items():
        print(f"{name:20}{statistics.median(taken):7.2f} s{statistics.median(taken) / alone:7.2f} x")
    print(f"{'peak of memory':20}{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:7.0f} MB")
    print(f"{'loop stood still':20}{1000 * still:7.0f} ms")


if __name__ == "__main__":
    main()
