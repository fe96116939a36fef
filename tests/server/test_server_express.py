"""Two ways to an answer, and no telling them apart: plain requests are answered at once, the rest through aiohttp."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from server_rig import HttpAnswer, RawClient, assert_no_complaint, get, post, signed_order

from mockex.server import express
from mockex.server.express import ExpressLane, plain_request
from mockex.server.runner import Server
from mockex.wire.messages import WireRequest, WireResponse

BODY = b'{"side":"buy","price":1000,"qty":5}'


def parsed(packet: bytes) -> WireRequest | None:
    return plain_request(packet, peer_ip="192.0.2.7", max_body_bytes=100)


def test_a_plain_request_is_taken_as_it_was_sent() -> None:
    packet = post("/v1/a%2f?b=%20&&c", b"\x00\xff", "X-Key:  a: b ", "x-empty:", "Connection: keep-alive")

    assert parsed(packet) == WireRequest(
        method="POST",
        path="/v1/a%2f",
        query="b=%20&&c",
        headers={
            "host": "toy",
            "content-length": "2",
            "x-key": "a: b",
            "x-empty": "",
            "connection": "keep-alive",
        },
        body=b"\x00\xff",
        peer_ip="192.0.2.7",
    )


def test_a_head_that_comes_again_is_judged_with_its_new_body() -> None:
    first, again = post("/v1/a", b"ab"), post("/v1/a", b"cd")

    assert [request and request.body for request in (parsed(first), parsed(again), parsed(again[:-1]))] == [b"ab", b"cd", None]


@pytest.mark.parametrize(
    "packet",
    [
        b"",
        b"GET / HTTP/1.1\r\nHost: a\r\n",
        get("/") + get("/"),
        post("/", b"ab")[:-1],
        post("/", b"ab") + b"c",
        post("/", bytes(101)),
        get("/", version="HTTP/1.0"),
        get("/", method="HEAD"),
        get("/", method="CONNECT"),
        get("*", method="OPTIONS"),
        get("http://a/"),
        get("/ä"),
        get("/", "X: ä"),
        get("/", "X: a\tb"),
        get("/", "X: a\x00b"),
        get("/", "X: a\nY: b"),
        get("/", "X: a\rb"),
        get("/", "X : a"),
        get("/", " folded"),
        get("/", ": a"),
        get("/", "no colon"),
        get("/", "X: 1", "x: 2"),
        get("/", "Transfer-Encoding: chunked"),
        get("/", "Expect: 100-continue"),
        get("/", "Upgrade: websocket"),
        get("/", "Connection: close"),
        get("/", "Content-Length: +0"),
        get("/", "Content-Length: "),
        get("/", "Content-Length: 0", "Content-Length: 0"),
        get("/", "X: " + "x" * 8_000),
        get("/" + "x" * 8_000),
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nX: a\r\n\r\n",
        b"GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
        b"get / HTTP/1.1\r\nHost: a\r\n\r\n",
    ],
    ids=lambda packet: repr(packet[:70]),
)
def test_everything_else_is_left_to_aiohttp(packet: bytes) -> None:
    assert parsed(packet) is None


def test_field_names_without_end_do_not_fill_the_memory() -> None:
    for number in range(3_000):
        assert parsed(get("/", f"X-{number}: a")) is not None
    assert len(express._LOWERED) <= 1_024


# --- both ways, over real sockets


async def in_one_packet(client: RawClient, request: bytes) -> HttpAnswer:
    return await client.ask(request)


async def in_two_packets(client: RawClient, request: bytes) -> HttpAnswer:
    """What comes in pieces goes through aiohttp."""
    client.send(request[:10])
    await client.writer.drain()
    for _ in range(5):
        await asyncio.sleep(0)
    return await client.ask(request[10:])


REQUESTS = {
    "public": get("/v1/time"),
    "echo": get("/v1/echo/%41%2f?b=%20&&c=+&d?e#f", "X-ECHO:  spaced  out"),
    "odd characters": get("/v1/echo/<>\"{}|\\^`'?[]<>\"{}|\\^`'"),
    "double slash": get("//v1/time"),
    "body": post("/v1/echo", b"\x00\xff").replace(b"POST", b"PUT"),
    "body of a get": post("/v1/echo/a", b"body").replace(b"POST", b"GET"),
    "a real host": get("/v1/echo/a").replace(b"Host: toy", b"hOST:  api.toyx.example:443 "),
    "empty post": get("/v1/orders", method="POST"),
    "unknown": get("/nowhere"),
    "wrong method": get("/v1/time", method="DELETE"),
    "failing venue": get("/v1/boom"),
}


@pytest.mark.parametrize("request_bytes", REQUESTS.values(), ids=REQUESTS)
async def test_both_ways_give_the_same_answer(server: Server, request_bytes: bytes) -> None:
    assert plain_request(request_bytes, peer_ip="", max_body_bytes=100) is not None
    async with RawClient(server) as first, RawClient(server) as second:
        short = await in_one_packet(first, request_bytes)
        long = await in_two_packets(second, request_bytes)

    assert short == long


async def test_both_ways_place_orders(server: Server) -> None:
    async with RawClient(server) as client:
        request = signed_order(server, "alice", BODY)
        ids = [
            (await way(client, request)).json["order_id"]
            for way in (in_one_packet, in_one_packet, in_two_packets, in_one_packet, in_two_packets)
        ]

    assert ids == [1_000, 1_001, 1_002, 1_003, 1_004]


async def test_a_connection_changes_over_to_a_websocket_after_plain_requests(server: Server) -> None:
    async with RawClient(server) as client:
        await client.ask(get("/v1/time"))
        await client.ask(get("/v1/time"))
        assert (await client.upgrade()).status == 101
        assert await client.frame() == (1, b"welcome")


async def test_a_client_that_half_closes_after_a_plain_request_is_answered(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    async with RawClient(server) as client:
        client.send(get("/v1/time"))
        client.writer.write_eof()
        assert b"now_ns" in await client.rest()
    assert_no_complaint(caplog)


class StubTransport(asyncio.Transport):
    def __init__(self) -> None:
        super().__init__({"peername": ("192.0.2.7", 1)})
        self.said: list[str | bytes] = []
        self.protocol: asyncio.BaseProtocol | None = None

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.said.append(bytes(data).rpartition(b"\r\n")[2])

    def pause_reading(self) -> None:
        self.said.append("pause")

    def resume_reading(self) -> None:
        self.said.append("resume")

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        self.protocol = protocol


class Successor(asyncio.Protocol):
    def __init__(self) -> None:
        self.seen: list[object] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.seen.append(transport)

    def data_received(self, data: bytes) -> None:
        self.seen.append(data)


def express_lane(successor: Successor, *, closed: Callable[[], bool] = lambda: False) -> ExpressLane:
    return ExpressLane(
        answer=lambda request: WireResponse(200, f"{request.path} for {request.peer_ip}".encode()),
        closed=closed,
        now_ns=lambda: 0,
        max_body_bytes=100,
        otherwise=lambda: successor,
    )


def test_a_client_that_does_not_read_is_not_listened_to() -> None:
    connection, transport = express_lane(Successor())(), StubTransport()
    connection.connection_made(transport)
    connection.data_received(get("/a"))
    connection.pause_writing()
    connection.resume_writing()

    assert transport.said == [b"/a for 192.0.2.7", "pause", "resume"]


def test_what_is_not_plain_moves_the_connection_over_with_its_packet() -> None:
    successor = Successor()
    lane, transport = express_lane(successor), StubTransport()
    connection = lane()
    connection.connection_made(transport)
    assert list(lane.transports) == [transport]
    connection.data_received(b"GET /a HT")

    assert transport.protocol is successor
    assert successor.seen == [transport, b"GET /a HT"]
    assert list(lane.transports) == []


def test_while_the_lane_is_closed_even_a_plain_request_moves_over_unanswered() -> None:
    closed = False
    successor, transport = Successor(), StubTransport()
    connection = express_lane(successor, closed=lambda: closed)()
    connection.connection_made(transport)
    connection.data_received(get("/a"))
    closed = True
    connection.data_received(get("/b"))

    assert transport.said == [b"/a for 192.0.2.7"]
    assert successor.seen == [transport, get("/b")]


def test_a_connection_that_is_lost_is_forgotten() -> None:
    lane, transport = express_lane(Successor()), StubTransport()
    connection = lane()
    connection.connection_made(transport)
    connection.connection_lost(None)

    assert list(lane.transports) == []
