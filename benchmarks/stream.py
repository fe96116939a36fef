"""The seeded stream of operations that the book and the exchange are measured with.

55 % limit orders near the touch, 35 % cancels, 10 % sweeps of 1 to 5 levels. It is prepared once, by running it on a book, so
that cancels name orders that rest and sweeps take whole levels; the same list then goes to every loop that is measured.
"""

from __future__ import annotations

import random
from typing import NamedTuple

from mockex.core.book import OrderBook
from mockex.core.matching import match
from mockex.core.orders import Order, OrderType, Side, TimeInForce
from mockex.core.units import Instrument, Lots, Ticks

SEED = 7
MIDDLE: Ticks = 1_000_000
NEAR: Ticks = 50
OPERATIONS = 200_000

PLACE, CANCEL, SWEEP = range(3)
SHARES = (55, 35, 10)


class Operation(NamedTuple):
    """`order`: what is placed (its number), cancelled (its number) or sweeps."""

    kind: int
    number: int
    side: Side
    price: Ticks
    qty: Lots


def resting_orders(count: int) -> list[Operation]:
    """Orders that rest behind the touch, where the stream never reaches, spread over a thousand levels a side."""
    rng = random.Random(SEED)
    found = []
    for number in range(count):
        side = Side.BUY if number % 2 else Side.SELL
        distance = 10 * NEAR + rng.randrange(1_000)
        found.append(Operation(PLACE, -1 - number, side, MIDDLE + (distance if side is Side.SELL else -distance), 10))
    return found


def operations(instrument: Instrument, count: int = OPERATIONS) -> list[Operation]:
    """`count` operations. Placed orders and sweeps are numbered together from 0, in their order.

    A sweep of n levels takes n - 1 of them whole and half of the last, so that about as many orders come as go.
    """
    rng = random.Random(SEED)
    book = OrderBook()
    live = _LiveOrders()
    found: list[Operation] = []
    number = 0
    for kind in rng.choices((PLACE, CANCEL, SWEEP), weights=SHARES, k=count):
        side = Side.BUY if rng.random() < 0.5 else Side.SELL
        levels = book.opposite(side).depth(1 + rng.randrange(5)) if kind == SWEEP else []
        if kind == CANCEL and live.orders:
            order = live.take(rng)
            book.remove(order)
            found.append(Operation(CANCEL, order.order_id, order.side, order.limit_price or 0, order.remaining_qty))
            continue
        if levels:
            qty = sum(level_qty for _, level_qty, _ in levels[:-1]) + (levels[-1][1] + 1) // 2
            operation = Operation(SWEEP, number, side, levels[-1][0], qty)
            for made in match(book, make_order(operation, instrument)).matches:
                if not made.maker.remaining_qty:
                    live.discard(made.maker)
        else:  # also where there was nothing to cancel or to sweep
            distance = 1 + rng.randrange(NEAR)
            price = MIDDLE + (distance if side is Side.SELL else -distance)
            operation = Operation(PLACE, number, side, price, 1 + rng.randrange(20))
            order = make_order(operation, instrument)
            book.add(order)
            live.add(order)
        found.append(operation)
        number += 1
    return found


class _LiveOrders:
    """Orders that rest, any of which can be drawn or dropped at once."""

    def __init__(self) -> None:
        self.orders: list[Order] = []
        self._places: dict[int, int] = {}

    def add(self, order: Order) -> None:
        self._places[order.order_id] = len(self.orders)
        self.orders.append(order)

    def take(self, rng: random.Random) -> Order:
        order = self.orders[rng.randrange(len(self.orders))]
        self.discard(order)
        return order

    def discard(self, order: Order) -> None:
        place = self._places.pop(order.order_id)
        last = self.orders.pop()
        if last is not order:
            self.orders[place] = last
            self._places[last.order_id] = place


def make_order(operation: Operation, instrument: Instrument) -> Order:
    """The order of an operation, for a book that asks for nothing else of it. It has no account: books know none."""
    return Order(
        operation.number,
        None,
        None,  # type: ignore[arg-type]  # no self-trade policy, so nobody looks
        instrument,
        operation.side,
        OrderType.LIMIT,
        TimeInForce.IOC if operation.kind == SWEEP else TimeInForce.GTC,
        operation.price,
        operation.qty,
        None,
        None,  # type: ignore[arg-type]  # nothing is held
        0,
    )
