"""The top-N window of a depth stream: what subscribers hold, and what to send them next.

Owns the last window sent and the difference to the current one. Knows no book, no sequence number, no
checksum and no venue: prices are ticks, quantities lots, and the caller says when to look. Invariants:
applied to the previous window, a delta gives exactly the new one; it deletes no price that was not sent; a
level that moves up into the window because another left is sent like a new one.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto
from operator import itemgetter
from typing import NamedTuple

Level = tuple[int, int, int]
"""Price in ticks, quantity in lots, number of orders. In a delta, quantity 0 and 0 orders delete the price."""

_price = itemgetter(0)


class DepthDelta(NamedTuple):
    """The levels to send, best first on each side."""

    bids: list[Level]
    asks: list[Level]

    @property
    def is_empty(self) -> bool:
        return not self.bids and not self.asks


class BucketEdge(Enum):
    """Which edge of its bucket a merged level shows."""

    FLOOR = auto()  # bids: never better than the orders behind it
    CEILING = auto()  # asks: likewise


class DepthWindow:
    """The best `levels` prices of each side as subscribers hold them. One window serves all subscribers of a
    topic.
    """

    __slots__ = ("_asks", "_bids", "_levels")

    def __init__(self, levels: int) -> None:
        if levels < 1:
            raise ValueError(f"a window of {levels} levels")
        self._levels = levels
        self._bids: dict[int, Level] = {}
        self._asks: dict[int, Level] = {}

    @property
    def bids(self) -> list[Level]:
        """Best first."""
        return list(self._bids.values())

    @property
    def asks(self) -> list[Level]:
        """Best first."""
        return list(self._asks.values())

    def reset(self, bids: Sequence[Level], asks: Sequence[Level]) -> None:
        """Start from these levels, best first, as after a snapshot. What lies beyond the window is ignored."""
        self._bids = self._cut(bids)
        self._asks = self._cut(asks)

    def advance(self, bids: Sequence[Level], asks: Sequence[Level]) -> DepthDelta:
        """Move to the book's current best levels, best first, and tell what changed. O(window)."""
        new_bids, new_asks = self._cut(bids), self._cut(asks)
        delta = DepthDelta(_changes(self._bids, new_bids), _changes(self._asks, new_asks))
        delta.bids.sort(key=_price, reverse=True)
        delta.asks.sort(key=_price)
        self._bids, self._asks = new_bids, new_asks
        return delta

    def _cut(self, side: Sequence[Level]) -> dict[int, Level]:
        return {level[0]: level for level in side[: self._levels]}


def _changes(old: dict[int, Level], new: dict[int, Level]) -> list[Level]:
    if old == new:
        return []
    changed = [level for price, level in new.items() if old.get(price) != level]
    changed += [(price, 0, 0) for price in old.keys() - new.keys()]
    return changed


def uncounted(levels: Sequence[Level]) -> list[Level]:
    """The same without numbers of orders, for venues that show none: a level where only that changes has not changed."""
    return [(price, qty, 0) for price, qty, _ in levels]


def merge_levels(levels: Sequence[Level], bucket_ticks: int, edge: BucketEdge) -> list[Level]:
    """The side's levels, best first, grouped by multiples of `bucket_ticks`: each price goes to its bucket's
    edge, quantities and order counts add up. Best first. ValueError unless `bucket_ticks` is positive.
    O(levels).
    """
    if bucket_ticks < 1:
        raise ValueError(f"a bucket of {bucket_ticks} ticks")
    merged: list[Level] = []
    for price, qty, orders in levels:
        if edge is BucketEdge.FLOOR:
            bucket = price // bucket_ticks * bucket_ticks
        else:
            bucket = -(-price // bucket_ticks) * bucket_ticks
        if merged and merged[-1][0] == bucket:
            _, merged_qty, merged_orders = merged[-1]
            merged[-1] = (bucket, merged_qty + qty, merged_orders + orders)
        else:
            merged.append((bucket, qty, orders))
    return merged
