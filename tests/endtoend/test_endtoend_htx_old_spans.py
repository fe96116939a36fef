"""What it costs to list orders and fills of an old hour does not grow with those of other hours: counted steps, not seconds."""

from __future__ import annotations

import pytest
from endtoend_work import steps_of

from mockex.core.commands import CancelOrder, PlaceOrder
from mockex.core.events import OrderAccepted
from mockex.core.orders import OrderType, Side
from mockex.venues.htx import match_reads, order_reads
from mockex.wire.messages import WireRequest
from mockex.wire.pipeline import Call
from mockex.wire.routing import Handler
from mockex.world import SimulatedWorld, WorldSettings

START_NS = 1_707_966_245_000_000_000
HOUR_NS = 3_600_000_000_000

IN_THE_HOUR = 20
OF_OTHER_HOURS = 100
GROWTH = 8
"""So many times more orders are to cost less than twice: a search by halves looks at a few more of them."""


class Past:
    """HTX with a customer who traded, and cancelled, in an old hour and ever since."""

    def __init__(self) -> None:
        world = SimulatedWorld(WorldSettings(start_ns=START_NS, venues=("htx",), market="quiet"))
        self.clock = world.clock
        self.simulation = world.simulations["htx"]
        self.span_ms = (START_NS // 10**6, (START_NS + HOUR_NS) // 10**6 - 1)
        self.live_through(IN_THE_HOUR)
        self.clock.advance(HOUR_NS)

    def live_through(self, orders: int) -> None:
        """So many orders filled and so many cancelled ones, partly filled before."""
        for _ in range(orders):
            self.place("bob", Side.SELL, 2)
            self.place("alice", Side.BUY, 1)
            order_id = self.place("alice", Side.BUY, 2)
            self.simulation.desk.execute(CancelOrder(account_id="alice", order_id=order_id))
            self.clock.advance(HOUR_NS // 1_000)

    def place(self, who: str, side: Side, size: int) -> int:
        instrument = self.simulation.desk.exchange.markets["btcusdt"].instrument
        command = PlaceOrder(
            account_id=who,
            symbol="btcusdt",
            side=side,
            order_type=OrderType.LIMIT,
            limit_price=1_000_000,
            order_qty=10 * size * instrument.min_qty,
        )
        accepted = self.simulation.desk.execute(command)[0]
        assert isinstance(accepted, OrderAccepted)
        return accepted.order.order_id

    def list_old_hour(self, handler: Handler, **more: str) -> bytes:
        """What the endpoint says to alice of that hour."""
        first_ms, last_ms = self.span_ms
        call = Call(self.simulation.desk, WireRequest("GET", "/", "", {}, b"", ""))
        (call.credential,) = self.simulation.desk.credentials.of_account("alice")[:1]
        call.query = {"symbol": "btcusdt", "start-time": str(first_ms), "end-time": str(last_ms), **more}
        return handler(call).body


@pytest.mark.parametrize("direct", ["next", "prev"])
@pytest.mark.parametrize("name", ["orders", "order_history", "fills"])
def test_listing_an_old_hour_costs_no_more_for_what_came_after_it(name: str, direct: str) -> None:
    handler = match_reads.fills if name == "fills" else getattr(order_reads, name)
    more = {"size": "10", "direct": direct, **({"states": "filled,partial-canceled"} if name == "orders" else {})}
    past = Past()

    def steps() -> int:
        past.list_old_hour(handler, **more)  # closed orders are sorted when they are first asked for
        return steps_of(lambda: past.list_old_hour(handler, **more))

    past.live_through(OF_OTHER_HOURS)
    listed, alone = past.list_old_hour(handler, **more), steps()
    past.live_through(OF_OTHER_HOURS * (GROWTH - 1))
    crowded = steps()

    assert past.list_old_hour(handler, **more) == listed
    assert crowded < 2 * alone
