"""HTX's answer to a request comes before the pushes that the request causes (htx§3.4: the reply to a cancel precedes the
order's final state): over real sockets, by the order in which the kernel saw them become readable.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from endtoend_duplex import REST, STREAM, Duplex, needs_epoll
from mockex.clients.htx.signing import Credentials, login_params, signed_query

from mockex.embedded import RunningWorld

pytestmark = needs_epoll


class Trader(Duplex):
    """Alice on REST and on the account socket."""

    def __init__(self, world: RunningWorld) -> None:
        venue = world["htx"]
        super().__init__(venue.rest_url, venue.ws_urls["account"])
        key = venue.keys["alice"]
        self._clock = world.clock
        self._key = Credentials(api_key=key.api_key, secret=key.secret)

    def follow_orders(self) -> None:
        login = login_params(self._key, host=self.host, path="/ws/v2", at_ns=self._clock.now_ns())
        assert self.say({"action": "req", "ch": "auth", "params": login})["code"] == 200
        assert self.say({"action": "sub", "ch": "orders#btcusdt"})["code"] == 200
        self.watch()

    def ask(self, path: str, body: object, *, in_packets: int) -> None:
        """Sends a signed request, and waits for nothing."""
        query = signed_query(self._key, method="POST", host=self.host, path=path, params=(), at_ns=self._clock.now_ns())
        self.post(f"{path}?{query}", json.dumps(body).encode(), in_packets=in_packets)


@pytest.fixture
def trader(mockex: RunningWorld) -> Iterator[Trader]:
    made = Trader(mockex)
    try:
        made.follow_orders()
        yield made
    finally:
        made.close()


@pytest.mark.mockex(venues=["htx"])
@pytest.mark.parametrize("in_packets", [1, 2])
def test_the_reply_to_an_order_and_to_its_cancel_comes_before_the_push(trader: Trader, in_packets: int) -> None:
    order = {"account-id": "100009", "symbol": "btcusdt", "type": "buy-limit", "amount": "1", "price": "100"}

    trader.ask("/v1/order/orders/place", order, in_packets=in_packets)
    assert trader.readable() == [REST, STREAM]
    order_id, created = trader.answer()["data"], trader.pushed()["data"]
    assert (created["eventType"], str(created["orderId"])) == ("creation", order_id)

    trader.ask(f"/v1/order/orders/{order_id}/submitcancel", {}, in_packets=in_packets)
    assert trader.readable() == [REST, STREAM]
    assert trader.answer() == {"status": "ok", "data": order_id}
    ended = trader.pushed()["data"]
    assert (ended["eventType"], str(ended["orderId"]), ended["orderStatus"]) == ("cancellation", order_id, "canceled")
