"""Noise beside a normal client: what is malformed gets the venue's own error, and nobody else notices."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import websockets
from endtoend_noise import Answer, Noise, RawHttp, signed
from endtoend_rig import BALANCES, BTC_JPY, Recording, Rig, buy, quiet_world, rig, sell, until
from mockex.clients.okcoinjp import Connected, Credentials, LiveBook, OkcoinClient, OrderState, channels
from mockex.clients.okcoinjp.events import inflate

from mockex.venues.okcoinjp.errors import ERRORS_BY_CODE, WS_ERRORS
from mockex.venues.okcoinjp.routes import ROUTES

ETH_JPY = "ETH-JPY"  # no noise names this pair, so what happens in it is exactly known
ENDPOINTS = [(route.method, route.path) for route in ROUTES.routes]
RICH = {wallet: {"BTC": "1000", "ETH": "1000", "JPY": "1000000000"} for wallet in ("spot", "funding")}

REQUEST_FIELDS = {"error_message", "code", "error_code", "message"}
ORDER_FIELDS = {"client_oid", "error_code", "error_message", "order_id", "result"}
NOT_FOUND = {"code": 404, "data": {}, "detailMsg": "", "error_code": "404", "error_message": "Not Found", "msg": "Not Found"}


@pytest.fixture
async def noisy() -> AsyncIterator[Rig]:
    """A world with somebody in it who has money and no manners."""
    async with rig(quiet_world(balances={**BALANCES, "mallory": RICH})) as running:
        yield running


class Traders:
    """Alice and bob, who trade with each other and check that nothing is lost."""

    def __init__(self, running: Rig, alice: OkcoinClient, bob: OkcoinClient, streams: list[Recording], book: LiveBook) -> None:
        self.running = running
        self.alice = alice
        self.bob = bob
        self.streams = streams
        self.book = book
        self.trades = 0

    @classmethod
    async def start(cls, running: Rig) -> Traders:
        alice, bob = await running.client("alice"), await running.client("bob")
        watched = (channels.orders(ETH_JPY), channels.trades(ETH_JPY))
        streams = [await running.stream(client, *watched) for client in (alice, bob)]
        book = LiveBook(streams[0].stream, BTC_JPY)
        await book.start()
        return cls(running, alice, bob, streams, book)

    async def trade_during(self, noise: Any) -> None:
        """Trades until `noise` has ended, while time passes."""
        making = asyncio.ensure_future(noise)
        while not making.done():
            await self.alice.trading.place_order(sell("390000", "0.01", instrument_id=ETH_JPY))
            receipt = await self.bob.trading.place_order(buy("390000", "0.01", instrument_id=ETH_JPY))
            self.trades += 1
            assert (await self.bob.trading.order(ETH_JPY, receipt.order_id)).state is OrderState.FILLED
            self.running.advance(milliseconds=35)
        await making

    async def check(self) -> None:
        """Every order and every trade was pushed, in order, and the streams never broke."""
        assert self.trades > 20
        self.running.advance(milliseconds=100)
        for stream in self.streams:
            await stream.settled()
            assert stream.kinds() == [Connected]
            states = [push.order.state for push in stream.pushes(channels.orders(ETH_JPY))]
            assert states == [OrderState.OPEN, OrderState.FILLED] * self.trades
            trades = [push.trade_id for push in stream.pushes(channels.trades(ETH_JPY))]
            assert trades == [str(number) for number in range(1, self.trades + 1)]
        assert (self.book.mismatches, self.book.in_step) == (0, True)
        rest = await self.alice.market.book(BTC_JPY)
        assert (self.book.bids(200), self.book.asks(200)) == (rest.bids, rest.asks)
        self.running.world.check()


def complaint(answer: Answer) -> str | None:
    """What is wrong with an answer that should be the venue's own, whether a success or an error of its table."""
    try:
        payload = json.loads(answer.body)
    except ValueError:
        return "no JSON"
    if answer.status == 200:
        return None
    if answer.status == 404:
        return None if payload == NOT_FOUND else "a 404 of its own kind"
    fields = set(payload)
    if fields != REQUEST_FIELDS and not (fields >= ORDER_FIELDS and fields <= ORDER_FIELDS | REQUEST_FIELDS):
        return f"fields {fields}"
    error = ERRORS_BY_CODE.get(payload["error_code"])
    if error is None or str(payload.get("code", payload["error_code"])) != payload["error_code"]:
        return "a code that is in no table"
    if error.status != answer.status or answer.status >= 500:
        return f"status {answer.status}"
    return None


@pytest.mark.parametrize("seed", range(3))
async def test_malformed_requests_get_the_venues_own_errors(noisy: Rig, seed: int) -> None:
    traders = await Traders.start(noisy)
    noise, seen = Noise(seed), set()
    credentials = Credentials(**noisy.venue.keys["mallory"])

    async def make_noise() -> None:
        line = RawHttp(noisy.venue.rest_url)
        for _ in range(600):
            method, template = noise.rng.choice(ENDPOINTS)
            target, body = noise.target(template), noise.body(template) if method == "POST" else b""
            now_ns = noisy.world.clock.now_ns()
            headers = signed(noise, credentials, now_ns, method=method, target=target, body=body)
            answer = await line.ask(method, target, headers, body)
            assert complaint(answer) is None, (method, target, headers, body, answer)
            seen.add(json.loads(answer.body).get("error_code") if answer.status != 200 else "200")
        line.close()

    await traders.trade_during(make_noise())
    await traders.check()
    assert len(seen) > 15, seen  # the noise got into many corners


@pytest.mark.parametrize("seed", range(3))
async def test_malformed_messages_get_the_venues_own_errors(noisy: Rig, seed: int) -> None:
    traders = await Traders.start(noisy)
    noise, seen = Noise(seed), set()
    credentials = Credentials(**noisy.venue.keys["mallory"])

    async def make_noise() -> None:
        socket = await connect(noisy)
        for _ in range(500):
            try:
                await socket.send(noise.message(credentials, noisy.world.clock.now_ns()))
                await socket.send("ping")  # its answer comes after all others
                while (text := inflate(await socket.recv())) != "pong":
                    seen.add(kind_of(text))
            except websockets.ConnectionClosedOK:  # after a refused login
                socket = await connect(noisy)
        await socket.close()

    await traders.trade_during(make_noise())
    await traders.check()
    assert {"30039", "30040", "30041", "subscribe", "unsubscribe"} <= seen
    assert seen <= {*WS_ERRORS, "subscribe", "unsubscribe", "login", "push"}
    await until(lambda: len(noisy.simulation().connections) == 2)


async def connect(running: Rig) -> websockets.ClientConnection:
    return await websockets.connect(running.venue.ws_url, compression=None, ping_interval=None, max_size=None)


def kind_of(text: str) -> str:
    """The event, the code of an error, or "push"."""
    frame = json.loads(text)
    if "table" in frame:
        return "push"
    assert frame["event"] != "error" or type(frame["errorCode"]) is int
    return str(frame["errorCode"]) if frame["event"] == "error" else str(frame["event"])


# --- what is neither HTTP nor WebSocket


@pytest.mark.parametrize("seed", range(2))
async def test_garbage_on_the_wire_ends_its_own_connection_only(noisy: Rig, seed: int) -> None:
    traders = await Traders.start(noisy)
    noise = Noise(seed)
    address = urlsplit(noisy.venue.rest_url)

    async def make_noise() -> None:
        for _ in range(150):
            reader, writer = await asyncio.open_connection(address.hostname, address.port)
            writer.write(noise.garbage())
            if noise.rng.random() < 0.5:
                writer.transport.abort()
                continue
            writer.write_eof()
            async with asyncio.timeout(30):
                answered = await reader.read()
            assert answered == b"" or answered.split(b" ")[1] in (b"101", b"400", b"404", b"411", b"413"), answered
            writer.close()

    await traders.trade_during(make_noise())
    await traders.check()
    await until(lambda: len(noisy.simulation().connections) == 2)


@pytest.mark.parametrize(
    "unreadable",
    [
        b"GET /" + b"a" * 9_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /api/general/v3/time?x=\xc2\xbd HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"b" * 9_000 + b"\r\n\r\n",
        b"GET / HTTP/9.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        b"\x16\x03\x01\x02\x00\r\n\r\n",
    ],
    ids=["long target", "raw bytes", "long header", "version", "length", "TLS"],
)
async def test_what_cannot_be_read_as_http_is_told_nothing_of_the_inside(quiet: Rig, unreadable: bytes) -> None:
    for url in (quiet.venue.rest_url, quiet.world.control_url):
        address = urlsplit(url)
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        writer.write(unreadable)
        async with asyncio.timeout(30):
            answered = await reader.read()
        writer.close()
        assert answered == (
            b"HTTP/1.1 400 Bad Request\r\nServer: mockex\r\nContent-Type: text/plain\r\nContent-Length: 16\r\n"
            b"Date: Fri, 01 Mar 2024 09:30:15 GMT\r\nConnection: close\r\n\r\n400 Bad Request\n"
        )
