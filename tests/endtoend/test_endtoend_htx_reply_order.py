"""HTX's answer to a request comes before the pushes that the request causes (htx§3.4: the reply to a cancel precedes the
order's final state): over real sockets, by the order in which the kernel saw them become readable.
"""

from __future__ import annotations

import json
import select
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from mockex.clients.htx.signing import Credentials, login_params, signed_query
from websockets.client import ClientProtocol
from websockets.frames import Frame
from websockets.uri import parse_uri

from mockex.embedded import RunningWorld

PATIENCE_SECONDS = 10
REST, STREAM = "REST", "stream"

pytestmark = pytest.mark.skipif(
    not hasattr(select, "epoll"), reason="only epoll tells in which order sockets became readable: epoll(7), Linux"
)


class Trader:
    """Alice with one connection to REST and one to the account socket, and an eye on both."""

    def __init__(self, world: RunningWorld) -> None:
        venue = world["htx"]
        key = venue.keys["alice"]
        self._clock = world.clock
        self._key = Credentials(api_key=key.api_key, secret=key.secret)
        self._host = urlsplit(venue.rest_url).netloc
        self._protocol = ClientProtocol(parse_uri(venue.ws_urls["account"]))
        self.rest, self.stream = self._connected(), self._connected()
        self._protocol.send_request(self._protocol.connect())
        self._frames = self._received()
        next(self._frames)  # the handshake
        self._eye = select.epoll()

    def close(self) -> None:
        self._eye.close()
        self.rest.close()
        self.stream.close()

    def _connected(self) -> socket.socket:
        host, _, port = self._host.partition(":")
        made = socket.create_connection((host, int(port)), timeout=PATIENCE_SECONDS)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made

    def _received(self) -> Iterator[Any]:
        """What comes on the stream, one after the other."""
        while True:
            self.stream.sendall(b"".join(self._protocol.data_to_send()))
            self._protocol.receive_data(self.stream.recv(65_536))
            yield from self._protocol.events_received()

    def pushed(self) -> Any:
        frame = next(self._frames)
        assert isinstance(frame, Frame), frame
        return json.loads(frame.data)

    def say(self, request: object) -> Any:
        """Sends a request on the stream. Gives its answer."""
        self._protocol.send_text(json.dumps(request).encode())
        return self.pushed()

    def follow_orders(self) -> None:
        login = login_params(self._key, host=self._host, path="/ws/v2", at_ns=self._clock.now_ns())
        assert self.say({"action": "req", "ch": "auth", "params": login})["code"] == 200
        assert self.say({"action": "sub", "ch": "orders#btcusdt"})["code"] == 200
        for each in (self.rest, self.stream):
            self._eye.register(each, select.EPOLLIN | select.EPOLLET)

    def post(self, path: str, body: object, *, in_packets: int) -> None:
        """Sends a signed request, and waits for nothing."""
        query = signed_query(self._key, method="POST", host=self._host, path=path, params=(), at_ns=self._clock.now_ns())
        content = json.dumps(body).encode()
        head = f"POST {path}?{query} HTTP/1.1\r\nHost: {self._host}\r\nContent-Length: {len(content)}\r\n\r\n".encode()
        for packet in (head + content,) if in_packets == 1 else (head, content):
            self.rest.sendall(packet)

    def answer(self) -> Any:
        return json.loads(self.rest.recv(65_536).partition(b"\r\n\r\n")[2])

    def readable(self) -> list[str]:
        """Both, in the order in which something came on them."""
        found: list[str] = []
        while len(found) < 2:
            ready = self._eye.poll(PATIENCE_SECONDS)
            assert ready, f"nothing came after {found}"
            found += [REST if descriptor == self.rest.fileno() else STREAM for descriptor, _ in ready]
        return found


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

    trader.post("/v1/order/orders/place", order, in_packets=in_packets)
    assert trader.readable() == [REST, STREAM]
    order_id, created = trader.answer()["data"], trader.pushed()["data"]
    assert (created["eventType"], str(created["orderId"])) == ("creation", order_id)

    trader.post(f"/v1/order/orders/{order_id}/submitcancel", {}, in_packets=in_packets)
    assert trader.readable() == [REST, STREAM]
    assert trader.answer() == {"status": "ok", "data": order_id}
    ended = trader.pushed()["data"]
    assert (ended["eventType"], str(ended["orderId"]), ended["orderStatus"]) == ("cancellation", order_id, "canceled")
