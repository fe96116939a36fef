"""The shape of a market maker's quotes: how far from the touch each level stands, how large it is, and when it has moved.

Pure tables and arithmetic on ticks and lots; knows no order and no exchange. Distances count from the touch, the best price
of a side, away from the market: 0 is at the touch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from mockex.core.units import Lots, Ticks
from mockex.market.fair_price import PPB
from mockex.market.sizing import NANO

PPM = 1_000_000

HALF_SPREAD_PPM = 250

# Thirty levels whose gaps grow from 200 to 1,625 millionths, then a few far ones.
_DISTANCES_PPM = (
    *(175 * level + 25 * level * level for level in range(30)),
    40_000, 60_000, 90_000, 140_000, 200_000, 280_000,
)  # fmt: skip
_SIZES_PERCENT = (*(100 + 10 * level for level in range(30)), 500, 800, 1_200, 2_000, 3_000, 5_000)

# How far a fair price may go, a backstop stands further from the reference: it never has to move.
BACKSTOP_PPM = 400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderShape:
    """Parallel tuples, touch first: where each slot stands, what quotes it accepts, and its mean quantity.

    A quote serves its slot from `lowest` to `highest` distance. The ranges of neighbours overlap, so that a market that
    swings to and fro moves no quotes.
    Invariant: `offsets` ascends strictly from 0.
    """

    offsets: tuple[Ticks, ...]
    lowest: tuple[Ticks, ...]
    highest: tuple[Ticks, ...]
    sizes: tuple[Lots, ...]

    @classmethod
    def at(cls, reference_nanoticks: int, level_qty: Lots, *, levels: int | None = None) -> LadderShape:
        """The ladder of a price; `levels` makes it shorter. Every level is at least a tick from the one before."""
        offsets: list[Ticks] = []
        for distance_ppm in _DISTANCES_PPM[:levels]:
            offset = reference_nanoticks * distance_ppm // (PPM * NANO)
            offsets.append(max(offset, offsets[-1] + 1) if offsets else 0)
        gaps = [further - nearer for nearer, further in pairwise(offsets)] or [1]
        # At the touch only a quarter: quotes that stand better than the touch narrow the spread.
        slack_below = [gaps[0] // 4, *(3 * gap // 4 for gap in gaps)]
        slack_above = [*(3 * gap // 4 for gap in gaps), 3 * gaps[-1] // 4]
        return cls(
            offsets=tuple(offsets),
            lowest=tuple(offset - slack for offset, slack in zip(offsets, slack_below, strict=False)),
            highest=tuple(offset + slack for offset, slack in zip(offsets, slack_above, strict=False)),
            sizes=tuple(level_qty * percent // 100 for percent in _SIZES_PERCENT[: len(offsets)]),
        )


class Fit(NamedTuple):
    """`kept` and `spare` are indexes of quotes, `vacant` are slots that no quote serves. All ascend."""

    kept: list[int]
    spare: list[int]
    vacant: list[int]


def fit(distances: Sequence[Ticks], shape: LadderShape) -> Fit:
    """Which quotes serve a slot as they stand, given their ascending distances. O(quotes + slots)."""
    kept: list[int] = []
    spare: list[int] = []
    vacant: list[int] = []
    index, count = 0, len(distances)
    for slot, (lowest, highest) in enumerate(zip(shape.lowest, shape.highest, strict=True)):
        while index < count and distances[index] < lowest:
            spare.append(index)
            index += 1
        if index < count and distances[index] <= highest:
            kept.append(index)
            index += 1
        else:
            vacant.append(slot)
    spare += range(index, count)
    return Fit(kept, spare, vacant)


def touches(fair_nanoticks: int) -> tuple[Ticks, Ticks]:
    """The best bid and ask around a fair price: apart by at least a tick, and the bid is a price."""
    bid = fair_nanoticks * (PPM - HALF_SPREAD_PPM) // (PPM * NANO)
    ask = -(-fair_nanoticks * (PPM + HALF_SPREAD_PPM) // (PPM * NANO))
    bid = max(1, bid)
    return bid, max(bid + 1, ask)


def backstops(reference_nanoticks: int) -> tuple[Ticks, Ticks]:
    """Where the far bid and ask rest: 40 % from the reference, beyond every touch that a fair price can make."""
    bid = reference_nanoticks * (PPM - BACKSTOP_PPM) // (PPM * NANO)
    ask = -(-reference_nanoticks * (PPM + BACKSTOP_PPM) // (PPM * NANO))
    bid = max(1, bid)
    return bid, max(bid + 1, ask)


def most_quoted(level_qty: Lots, backstop_qty: Lots) -> Lots:
    """The most that one side of a ladder and its backstop may rest in all: every quote of one and a half times its mean."""
    return sum(level_qty * percent // 100 for percent in _SIZES_PERCENT) * 3 // 2 + backstop_qty


def priced_at(reference_nanoticks: int, relative_ppb: int) -> int:
    """A fair price in nanoticks."""
    return reference_nanoticks * relative_ppb // PPB
