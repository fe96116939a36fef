"""(a) OrderBook operations against a no-op loop over the same stream, also with 100,000 orders resting already.

A book takes orders that somebody has made, so the loops get them ready-made. Reported besides: a loop that also makes each
order from the stream's numbers, as whoever uses a book must.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from benchmarks.measure import Row, best_of_interleaved
from benchmarks.stream import CANCEL, PLACE, Operation, make_order, operations, resting_orders
from mockex.core.book import OrderBook
from mockex.core.matching import match
from mockex.core.orders import Order, OrderType, TimeInForce
from mockex.core.units import Asset, Instrument

RESTING = 100_000

INSTRUMENT = Instrument.create(
    symbol="BENCH",
    base=Asset(code="BASE", decimals=8),
    quote=Asset(code="QUOTE", decimals=9),
    tick_size=Decimal("0.1"),
    lot_size=Decimal("0.00000001"),
    min_qty=Decimal("0.00000001"),
)


def run() -> list[Row]:
    stream = operations(INSTRUMENT)
    noop, near, deep, making = best_of_interleaved(
        [
            lambda: _noop_loop(stream),
            lambda: book_loop(stream),
            lambda: book_loop(stream, resting=RESTING),
            lambda: making_book_loop(stream),
        ]
    )
    count = len(stream)
    return [
        Row(
            name="order book / no-op loop",
            value=noop / near,
            unit="x",
            detail=f"{count / near / 1e6:.2f} M operations/s against {count / noop / 1e6:.2f} M",
            target=0.10,
        ),
        Row(
            name="order book with 100,000 resting / without",
            value=deep / near,
            unit="x slower",
            detail=f"{count / deep / 1e6:.2f} M operations/s",
            target=2.0,
            at_least=False,
        ),
        Row(
            name="order book, orders made in the loop / no-op loop",
            value=noop / making,
            unit="x",
            detail=f"{count / making / 1e6:.2f} M operations/s",
        ),
    ]


Prepared = list[tuple[int, Order]]


def _prepare(stream: list[Operation]) -> Prepared:
    """The stream with its orders made: to make them is the exchange's work, not the book's."""
    orders: dict[int, Order] = {}
    prepared: Prepared = []
    for operation in stream:
        if operation.kind == CANCEL:
            prepared.append((CANCEL, orders[operation.number]))
        else:
            order = orders[operation.number] = make_order(operation, INSTRUMENT)
            prepared.append((operation.kind, order))
    return prepared


class _NoBook:
    """Takes the same calls as a book and does nothing."""

    def add(self, order: Order) -> None:
        """Nothing."""

    def remove(self, order: Order) -> None:
        """Nothing."""


def _no_match(book: _NoBook, order: Order) -> None:
    """Nothing."""


def _noop_loop(stream: list[Operation]) -> Callable[[], None]:
    """The very loop of `book_loop` around a book that does nothing: what the measurement itself costs."""
    prepared = _prepare(stream)
    book = _NoBook()

    def work() -> None:
        for kind, order in prepared:
            if kind == PLACE:
                book.add(order)
            elif kind == CANCEL:
                book.remove(order)
            else:
                _no_match(book, order)

    return work


def book_loop(stream: list[Operation], *, resting: int = 0) -> Callable[[], None]:
    prepared = _prepare(stream)
    book = OrderBook()
    for operation in resting_orders(resting):
        book.add(make_order(operation, INSTRUMENT))

    def work() -> None:
        for kind, order in prepared:
            if kind == PLACE:
                book.add(order)
            elif kind == CANCEL:
                book.remove(order)
            else:
                match(book, order)

    return work


def making_book_loop(stream: list[Operation]) -> Callable[[], None]:
    """From the stream's numbers to orders that rest, leave or trade: all that there is without accounts and money."""
    book = OrderBook()
    orders: dict[int, Order] = {}
    limit, gtc, ioc = OrderType.LIMIT, TimeInForce.GTC, TimeInForce.IOC
    nobody: Any = None  # books know no accounts and no balances

    def work() -> None:
        for kind, number, side, price, qty in stream:
            if kind == PLACE:
                order = Order(number, None, nobody, INSTRUMENT, side, limit, gtc, price, qty, None, nobody, 0)
                orders[number] = order
                book.add(order)
            elif kind == CANCEL:
                book.remove(orders.pop(number))
            else:
                match(book, Order(number, None, nobody, INSTRUMENT, side, limit, ioc, price, qty, None, nobody, 0))

    return work
