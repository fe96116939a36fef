"""One instrument's orders that wait for their trigger. Knows no book, money, clock or venue.

Layout: the orders that wait for a rise sorted by price from below, those that wait for a fall from above, so that what a price
reaches stands first. Invariant: `waiting` is their number; whoever trades asks for it alone while there are none.
Cost: coming, leaving and becoming due O(log n) each.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar

from sortedcontainers import SortedDict

from mockex.core.orders import StopDirection, StopTrigger
from mockex.core.units import Ticks


class Waiting(Protocol):
    """What waits: an order, or what is to become one. Ids ascend in the order in which they came."""

    @property
    def order_id(self) -> int: ...

    @property
    def trigger(self) -> StopTrigger | None: ...


T = TypeVar("T", bound=Waiting)


class StopBook(Generic[T]):
    """All waiting orders of one instrument and kind."""

    __slots__ = ("_falling", "_rising", "waiting")

    def __init__(self) -> None:
        self._rising = SortedDict()  # (trigger price, order id) -> order
        self._falling = SortedDict()  # (-trigger price, order id) -> order
        self.waiting = 0

    def add(self, order: T) -> None:
        """Lets `order`, which has a trigger, wait."""
        side, key = self._place(order)
        side[key] = order
        self.waiting += 1

    def remove(self, order: T) -> None:
        """Takes out a waiting order. KeyError if it does not wait."""
        side, key = self._place(order)
        del side[key]
        self.waiting -= 1

    def take_due(self, low: Ticks, high: Ticks) -> list[T]:
        """Takes out every order that a price between `low` and `high` triggers; the one that came first, first."""
        due: list[T] = []
        for side, bound in ((self._rising, high), (self._falling, -low)):
            while side and side.keys()[0][0] <= bound:
                due.append(side.popitem(0)[1])
        self.waiting -= len(due)
        due.sort(key=lambda order: order.order_id)
        return due

    def __iter__(self) -> Iterator[T]:
        yield from self._rising.values()
        yield from self._falling.values()

    def _place(self, order: T) -> tuple[SortedDict, tuple[Ticks, int]]:
        trigger: StopTrigger | None = order.trigger
        assert trigger is not None, f"{order!r} has no trigger"
        if trigger.direction is StopDirection.AT_OR_ABOVE:
            return self._rising, (trigger.price, order.order_id)
        return self._falling, (-trigger.price, order.order_id)
