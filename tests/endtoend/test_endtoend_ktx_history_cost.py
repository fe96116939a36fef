"""What KTX says of orders, fills and the ledger costs by the page and not by all that ever happened."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from endtoend_work import steps_of

from mockex.core.commands import CancelOrder, PlaceOrder
from mockex.core.events import OrderAccepted
from mockex.core.orders import Fill, Order, OrderType, Side
from mockex.simulation import Simulation
from mockex.venues.ktx.order_codec import changes_of, encode_after, encode_order
from mockex.wire.messages import WireRequest
from mockex.world import SimulatedWorld, WorldSettings

SYMBOL = "BTC_USDT"
FEW, MANY = 150, 1_500
TOLERANCE = 1.3
"""Numbers of more digits and sorted containers of more nodes. Ten times the history may not be a half more work."""
START_MS = 1_733_390_630_904


class Floor:
    """alice has traded with bob `times` times and has cancelled as many orders, one of each in a millisecond."""

    def __init__(self, times: int) -> None:
        world = SimulatedWorld(WorldSettings(start_ns=START_MS * 1_000_000, venues=("ktx",), market="quiet"))
        self.simulation: Simulation = world.simulations["ktx"]
        self.clock = world.clock
        self.resting = self.place("alice", Side.BUY, 1_000, times)
        for _ in range(times):
            self.place("bob", Side.SELL, 1_000, 1)
            gone = self.place("alice", Side.BUY, 900, 1)
            self.simulation.desk.execute(CancelOrder(account_id="alice", order_id=gone.order_id))
            self.clock.advance_to(self.clock.now_ns() + 1_000_000)

    def place(self, account_id: str, side: Side, price: int, qty: int) -> Order:
        command = PlaceOrder(
            account_id=account_id,
            symbol=SYMBOL,
            side=side,
            order_type=OrderType.LIMIT,
            limit_price=price * 10_000,
            order_qty=qty * 10_000,
        )
        first = self.simulation.desk.execute(command)[0]
        assert isinstance(first, OrderAccepted), first
        return first.order

    def read(self, path: str, query: str) -> bytes:
        material = self.simulation.keys["alice"].material
        signed = hmac.new(material.secret.encode(), query.encode(), hashlib.sha256).hexdigest()
        headers = {"api-key": material.api_key, "api-sign": signed}
        response = self.simulation.handle(WireRequest("GET", path, query, headers, b"", "127.0.0.1"))
        assert response.body.startswith(b'[{"'), response.body[:200]
        return response.body


def reading(times: int, path: str, query: str) -> int:
    floor = Floor(times)
    floor.read(path, query)  # what is sorted once is sorted
    return steps_of(lambda: floor.read(path, query))


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/api/v1/orders", "status=settled&symbol=BTC_USDT&limit=10"),
        ("/api/v1/orders", f"status=settled&symbol=BTC_USDT&limit=10&start_time={START_MS}"),
        ("/api/v1/orders", "status=settled&symbol=BTC_USDT&limit=10&after=1"),
        ("/api/v1/orders", f"status=settled&symbol=BTC_USDT&limit=10&end_time={START_MS + 50}"),
        ("/api/v1/orders", f"status=settled&symbol=BTC_USDT&limit=10&start_time={START_MS + 50}&end_time={START_MS + 60}"),
        ("/api/v1/orders", f"status=settled&symbol=BTC_USDT&limit=10&before={(1000 << 50) + (1000 << 20)}"),
        ("/api/v1/ledger", "limit=10"),
        ("/api/v1/ledger", "limit=10&type=transfer"),
        ("/api/v1/ledger", "limit=10&type=transfer&after=1"),
        ("/api/v1/ledger", f"limit=10&type=fee&end_time={START_MS + 50}"),
        ("/api/v1/ledger", "limit=10&after=1"),
        ("/api/v1/ledger", f"limit=10&start_time={START_MS}"),
        ("/api/v1/fills", "market=spot&symbol=BTC_USDT&limit=10"),
        ("/api/v1/fills", "market=spot&symbol=BTC_USDT&limit=10&after=1"),
        ("/api/v1/fills", "market=spot&symbol=BTC_USDT&limit=10&before=50"),
        ("/api/v1/fills", "market=spot&order_id=4611687117939015681&limit=10&before=50"),
    ],
)
def test_a_page_costs_as_much_after_ten_times_the_history(path: str, query: str) -> None:
    assert reading(MANY, path, query) < reading(FEW, path, query) * TOLERANCE


def test_an_order_of_many_fills_is_told_after_each_at_the_cost_of_few() -> None:
    floor = Floor(MANY)
    order, state = floor.resting, floor.simulation.desk.state
    assert order.fills is not None
    early, late = order.fills[FEW], order.fills[-1]
    changes = changes_of(floor.simulation.desk)
    encode_order(order, state, changes)

    def told(fill: Fill) -> dict[str, object]:
        return encode_after(fill, state, changes)

    assert told(early)["fees"] != told(late)["fees"]
    assert steps_of(lambda: told(late)) < steps_of(lambda: told(early)) * TOLERANCE
