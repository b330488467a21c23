"""What an engine is shown holds the region, stays in the picture and has a size the engine takes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.imaging.window import Sizes, around

SIZES = (
    Sizes(),
    Sizes(multiple=16, least=655_360, most=8_294_400, longest=3840),
    Sizes(multiple=16, most=4_000_000),
    Sizes(multiple=8, least=200_000, most=1_200_000, ratios=(1.0, 4 / 3, 3 / 4, 16 / 9, 9 / 16)),
)


@given(
    frame=st.tuples(st.integers(64, 5000), st.integers(64, 5000)),
    corner=st.tuples(st.floats(0, 0.9), st.floats(0, 0.9)),
    part=st.tuples(st.floats(0.01, 1), st.floats(0.01, 1)),
    context=st.floats(0, 2),
    sizes=st.sampled_from(SIZES),
)
def test_a_window_holds_the_region_and_the_engine_takes_its_size(
    frame: tuple[int, int],
    corner: tuple[float, float],
    part: tuple[float, float],
    context: float,
    sizes: Sizes,
) -> None:
    x, y = int(corner[0] * frame[0]), int(corner[1] * frame[1])
    region = (
        x,
        y,
        max(x + 1, int(x + part[0] * (frame[0] - x))),
        max(y + 1, int(y + part[1] * (frame[1] - y))),
    )
    window = around(region, frame, context, sizes)
    left, top, right, bottom = window.box
    assert 0 <= left <= region[0] and 0 <= top <= region[1]
    assert region[2] <= right <= frame[0] and region[3] <= bottom <= frame[1]
    wide, high = window.size
    assert wide % sizes.multiple == 0 == high % sizes.multiple
    assert max(wide, high) <= sizes.longest + sizes.multiple
    assert wide * high <= sizes.most
    for ratio in [wide / high] if sizes.ratios else ():
        assert min(abs(ratio / known - 1) for known in sizes.ratios) < 0.06
