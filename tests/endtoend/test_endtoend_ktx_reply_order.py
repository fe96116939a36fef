"""KTX's answer to a request comes before the pushes that the request causes, as at other venues, unless a fault holds it back:
over real sockets, by the order in which the kernel saw them become readable.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from endtoend_duplex import REST, STREAM, Duplex, needs_epoll
from mockex.clients.ktx.signing import Credentials, login_auth, signed_headers

from mockex.embedded import RunningWorld

pytestmark = [needs_epoll, pytest.mark.mockex(venues=["ktx"])]


class Trader(Duplex):
    """Alice on REST and on the user socket."""

    def __init__(self, world: RunningWorld) -> None:
        self.venue = world["ktx"]
        super().__init__(self.venue.rest_url, self.venue.ws_urls["user"])
        key = self.venue.keys["alice"]
        self._key = Credentials(api_key=key.api_key, secret=key.secret)
        assert self.say({"method": "LOGIN", "auth": login_auth(self._key)})["result"] == "success"
        self.watch()

    def ask(self, path: str, body: object, *, in_packets: int = 1) -> None:
        """Sends a signed request, and waits for nothing."""
        content = json.dumps(body).encode()
        headers = signed_headers(self._key, message=content, expires_ms=None)
        self.post(f"/api{path}", content, *(f"{name}: {value}" for name, value in headers.items()), in_packets=in_packets)

    def told(self) -> list[tuple[str, str]]:
        """The next two pushes: each one's stream, and the order's status or what is held."""
        pushes = [self.pushed() for _ in range(2)]
        return [(push["stream"], push["data"].get("status") or push["data"]["holds"]) for push in pushes]


ORDER = {"market": "spot", "symbol": "BTC_USDT", "type": "limit", "quantity": "1", "price": "100"}


@pytest.fixture
def trader(mockex: RunningWorld) -> Iterator[Trader]:
    made = Trader(mockex)
    try:
        yield made
    finally:
        made.close()


@pytest.mark.parametrize("in_packets", [1, 2])
def test_the_reply_to_an_order_and_to_its_cancel_comes_before_the_pushes(trader: Trader, in_packets: int) -> None:
    trader.ask("/v1/order", ORDER, in_packets=in_packets)
    assert trader.readable() == [REST, STREAM]
    order_id = trader.answer()["orderId"]
    assert trader.told() == [("order", "accepted"), ("account", "100.1")]

    trader.ask("/v1/order/delete", {"id": order_id}, in_packets=in_packets)
    assert trader.readable() == [REST, STREAM]
    assert trader.answer() == [1]
    assert trader.told() == [("order", "cancelled"), ("account", "0")]


def test_a_fault_may_let_the_reply_come_after_the_pushes(trader: Trader) -> None:
    trader.venue.plan_faults({"where": {"route": "POST /api/v1/order"}, "what": {"action": "reply_after_push"}})
    trader.ask("/v1/order", ORDER)
    assert trader.readable() == [STREAM, REST]
    assert trader.told() == [("order", "accepted"), ("account", "100.1")]
    assert trader.answer()["status"] == "accepted"
