"""A stage for tests of the fan-out: readers, orders, and counts of what was rendered and encoded."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wire_rig import make_simulation

from mockex.core.commands import CancelOrder, PlaceOrder
from mockex.core.events import Event, OrderAccepted
from mockex.core.orders import OrderType, Side
from mockex.simulation import Simulation
from mockex.wire.connections import CloseOrder, Connection, SlowReaderRule
from mockex.wire.fanout import EventFeed, Trigger
from mockex.wire.messages import TEXT, Frame

SYMBOL = "AAA-BBB"
TRADES = (Trigger.TRADE, SYMBOL)
BOOK = (Trigger.BOOK, SYMBOL)
ALICES_ORDERS = (Trigger.ORDER, "alice", SYMBOL)


class Stage:
    """A simulation, some readers, and counts of what was rendered and encoded for them."""

    def __init__(self, *, start_ns: int = 0) -> None:
        self.simulation: Simulation = make_simulation(start_ns=start_ns)
        self.clock = self.simulation.clock
        self.hub = self.simulation.desk.hub
        self.rendered = 0
        self.encoded = 0

    def connect(self, *, max_bytes: int = 10**6) -> Connection:
        rule = SlowReaderRule(max_bytes, CloseOrder(1, ""))
        return Connection(0, "main", "127.0.0.1", self.clock, slow_reader=rule)

    def encode(self, payload: bytes) -> Frame:
        self.encoded += 1
        return Frame.of(payload, TEXT)

    def render(self, event: Event) -> bytes:
        self.rendered += 1
        return type(event).__name__.encode()

    def subscribe(self, connection: Connection, *triggers: Any, key: str = "topic", opening: Iterable[bytes] = ()) -> None:
        def make_feed() -> EventFeed:
            return EventFeed(*triggers, render=self.render, opening=lambda: opening)

        self.hub.subscribe(connection, key, make_feed, self.encode, name=f"the {key}")

    def place(self, who: str, side: Side, price: int, qty: int = 1, **terms: Any) -> tuple[Event, ...]:
        command = PlaceOrder(
            account_id=who, symbol=SYMBOL, side=side, order_type=OrderType.LIMIT, limit_price=price, order_qty=qty, **terms
        )  # fmt: skip
        return self.simulation.desk.execute(command)

    def order(self, who: str, side: Side, price: int, qty: int = 1, **terms: Any) -> int:
        """The same for an order that must be accepted. Gives its id."""
        first = self.place(who, side, price, qty, **terms)[0]
        assert isinstance(first, OrderAccepted)
        return first.order.order_id

    def cancel(self, who: str, order_id: int) -> None:
        self.simulation.desk.execute(CancelOrder(account_id=who, order_id=order_id))

    def trade(self, price: int = 100, qty: int = 1) -> None:
        self.order("bob", Side.SELL, price, qty)
        self.order("alice", Side.BUY, price, qty)


def heard(connection: Connection) -> list[str]:
    return [frame.payload.decode() for frame in connection.drain()]
