"""One side of an order book out of levels whose sizes are totals.

Owns: the order of prices, and what a size of 0 means.
Must not know: any venue, both sides of a book, when levels come.
Invariant: each price occurs once, and a level is kept as it was last given.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Generic, Protocol, TypeVar


class PricedLevel(Protocol):
    """What every venue's level has."""

    @property
    def price(self) -> Decimal: ...

    @property
    def size(self) -> Decimal: ...


LevelT = TypeVar("LevelT", bound=PricedLevel)


class BookSide(Generic[LevelT]):
    """One side of a book. Changes cost the search for a price; the best level is read in constant time."""

    __slots__ = ("_descending", "_levels", "_prices")

    def __init__(self, *, descending: bool) -> None:
        """`descending` for bids, whose best price is the highest."""
        self._descending = descending
        self._prices: list[Decimal] = []  # ascending on both sides
        self._levels: dict[Decimal, LevelT] = {}

    def __len__(self) -> int:
        return len(self._prices)

    def __iter__(self) -> Iterator[LevelT]:
        """Levels, best first."""
        prices = reversed(self._prices) if self._descending else iter(self._prices)
        return (self._levels[price] for price in prices)

    @property
    def best(self) -> LevelT | None:
        return next(iter(self), None)

    def clear(self) -> None:
        self._prices.clear()
        self._levels.clear()

    def merge(self, levels: Iterable[LevelT]) -> None:
        """Size 0 deletes the price, a known price is replaced, a new one inserted. Deleting nothing is no error."""
        for level in levels:
            if level.size:
                if level.price not in self._levels:
                    insort(self._prices, level.price)
                self._levels[level.price] = level
            elif self._levels.pop(level.price, None) is not None:
                del self._prices[bisect_left(self._prices, level.price)]

    def keep_best(self, count: int) -> None:
        """Drop all but the best levels."""
        surplus = len(self._prices) - count
        if surplus <= 0:
            return
        dropped = slice(0, surplus) if self._descending else slice(count, None)
        for price in self._prices[dropped]:
            del self._levels[price]
        del self._prices[dropped]
