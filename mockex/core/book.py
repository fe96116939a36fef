"""One instrument's resting orders. Knows no accounts, money, clock or venue.

Layout: per side a dict of price levels and a sorted list of their prices, turned so that the best price stands last: taking
the best level is a pop, a new level near the touch moves few elements, and depth is a slice. Inside a level the orders form
a doubly linked list through their own `prev` and `next`, so that leaving from the middle costs the same as from the front.
Invariants: never crossed; a level is never empty; FIFO inside a level; `level.qty` is the sum over its orders.
Cost: add and remove O(log levels) to find a level's place plus a memory move of the price list; never more with more orders
at a level.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from mockex.core.orders import BUY, Order, Side
from mockex.core.units import Lots, Ticks


class PriceLevel:
    """The orders at one price, oldest first, with their total quantity and number. Made by its first order."""

    __slots__ = ("count", "head", "price", "qty", "tail")

    def __init__(self, price: Ticks, first: Order) -> None:
        self.price = price
        self.qty: Lots = first.remaining_qty
        self.count = 1
        self.head: Order | None = first
        self.tail: Order | None = first

    def __deepcopy__(self, memo: dict[int, Any]) -> PriceLevel:
        """With copies of its orders, linked like these. In a loop: along the links a long queue would exhaust the stack."""
        level = memo[id(self)] = PriceLevel.__new__(PriceLevel)
        level.price, level.qty, level.count = self.price, self.qty, self.count
        level.head = level.tail = None
        for original in self:
            order = deepcopy(original, memo)
            order.level, order.prev = level, level.tail
            if level.tail is None:
                level.head = order
            else:
                level.tail.next = order
            level.tail = order
        return level

    def __iter__(self) -> Iterator[Order]:
        order = self.head
        while order is not None:
            yield order
            order = order.next


class BookSide:
    """Bids or asks. `keys` holds price * sign ascending: sign +1 for bids and -1 for asks puts the best price last."""

    __slots__ = ("keys", "levels", "sign")

    def __init__(self, sign: int) -> None:
        self.sign = sign
        self.keys: list[int] = []
        self.levels: dict[Ticks, PriceLevel] = {}

    @property
    def best(self) -> PriceLevel | None:
        return self.levels[self.keys[-1] * self.sign] if self.keys else None

    def drop_level(self, price: Ticks) -> None:
        """Forgets an emptied level."""
        del self.levels[price]
        keys, key = self.keys, price * self.sign
        if keys[-1] == key:
            keys.pop()
        else:
            del keys[bisect_left(keys, key)]

    def __iter__(self) -> Iterator[PriceLevel]:
        """Levels, best first."""
        levels, sign = self.levels, self.sign
        for key in reversed(self.keys):
            yield levels[key * sign]

    def depth(self, limit: int) -> list[tuple[Ticks, Lots, int]]:
        """The best `limit` levels as (price, quantity, number of orders), best first. ValueError if negative. O(limit)."""
        if limit < 0:
            raise ValueError(f"a depth of {limit} levels")
        if limit == 0:
            return []
        levels, sign = self.levels, self.sign
        return [(level.price, level.qty, level.count) for level in [levels[key * sign] for key in reversed(self.keys[-limit:])]]


class OrderBook:
    """Both sides of one instrument. `version` is larger after every change of them; matching, which works on the levels
    themselves, counts as one.
    """

    __slots__ = ("asks", "bids", "version")

    def __init__(self) -> None:
        self.bids = BookSide(1)
        self.asks = BookSide(-1)
        self.version = 0

    def side(self, side: Side) -> BookSide:
        """Where orders of `side` rest."""
        return self.bids if side is BUY else self.asks

    def opposite(self, side: Side) -> BookSide:
        """What orders of `side` trade against."""
        return self.asks if side is BUY else self.bids

    def add(self, order: Order) -> None:
        """Rests `order`, which has a limit price, behind the others at that price. It has been matched: it does not cross."""
        self.version += 1
        side = self.bids if order.side is BUY else self.asks
        price = order.limit_price
        assert price is not None
        level = side.levels.get(price)
        if level is None:
            order.level = side.levels[price] = PriceLevel(price, order)
            insort(side.keys, price * side.sign)
            return
        tail = level.tail
        assert tail is not None
        tail.next = level.tail = order
        order.prev = tail
        order.level = level
        level.qty += order.remaining_qty
        level.count += 1

    def remove(self, order: Order) -> None:
        """Takes a resting order out, with whatever quantity it has left."""
        self.version += 1
        level = order.level
        assert level is not None, f"{order!r} does not rest"
        order.level = None
        if level.count == 1:
            (self.bids if order.side is BUY else self.asks).drop_level(level.price)
            return
        before, after = order.prev, order.next
        if before is None:
            level.head = after
        else:
            before.next = after
            order.prev = None
        if after is None:
            level.tail = before
        else:
            after.prev = before
            order.next = None
        level.count -= 1
        level.qty -= order.remaining_qty

    def crosses(self, side: Side, limit_price: Ticks | None) -> bool:
        """Whether an order would trade at once. A market order (no limit) does when there is anything to trade with."""
        keys = self.asks.keys if side is BUY else self.bids.keys
        if not keys:
            return False
        if limit_price is None:
            return True
        return -keys[-1] <= limit_price if side is BUY else keys[-1] >= limit_price
