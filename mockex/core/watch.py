"""One contract's mark prices at which somebody must be looked at. Knows no money.

Two heaps: what a fall of the mark reaches and what a rise does, the next one on top. So a mark price costs one look at each
top, however many positions there are; a change of what is watched costs O(log n).
An entry is not searched for when it changes: its subject counts its changes (`watched`), and an entry with another count is
dead. Dead ones are dropped when they come up, and swept when they could be the majority, so a heap is at most about twice as
long as what it watches.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING, TypeAlias

from mockex.core.units import Ticks

if TYPE_CHECKING:
    from mockex.core.margin import CrossMargin
    from mockex.core.positions import Position

Watched: TypeAlias = "Position | CrossMargin"
_Entry: TypeAlias = "tuple[int, int, int, Watched]"  # key, number, count of the subject's changes, subject

_SWEEP_FROM = 64


class PriceWatch:
    """An isolated position has one entry, an account with cross margin at most one on each side of each of its contracts."""

    __slots__ = ("_falling", "_next_number", "_rising", "_sweep_at")

    def __init__(self) -> None:
        self._falling: list[_Entry] = []  # key: -price
        self._rising: list[_Entry] = []  # key: price
        self._next_number = 0  # decides ties; a subject is never compared
        self._sweep_at = [_SWEEP_FROM, _SWEEP_FROM]

    def add(self, subject: Watched, price: Ticks, *, falling: bool) -> None:
        """Watches for a mark at `price` or below it, or above it."""
        heap = self._falling if falling else self._rising
        self._next_number = number = self._next_number + 1
        heappush(heap, (-price if falling else price, number, subject.watched, subject))
        if len(heap) > self._sweep_at[falling]:
            heap[:] = [entry for entry in heap if entry[3].watched == entry[2]]
            heapify(heap)
            self._sweep_at[falling] = 2 * len(heap) + _SWEEP_FROM

    def take_due(self, mark: Ticks) -> Watched | None:
        """Takes out one that `mark` reaches, those of a fall first, the furthest beyond its price first."""
        heap = self._falling
        while heap and heap[0][0] <= -mark:
            _, _, count, subject = heappop(heap)
            if subject.watched == count:
                return subject
        heap = self._rising
        while heap and heap[0][0] <= mark:
            _, _, count, subject = heappop(heap)
            if subject.watched == count:
                return subject
        return None
