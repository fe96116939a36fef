"""What a request or a push costs does not grow with what is not involved: counted steps, not seconds.

Requests are given to the venue in the running server directly, because event loops and sockets make steps of their own.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from decimal import Decimal
from typing import Any

import orjson
import pytest
import websockets
from endtoend_rig import BTC_JPY, Rig, quiet_world, rig
from endtoend_work import calls_of, steps_of
from mockex.clients.okcoinjp import Credentials, channels
from mockex.clients.okcoinjp.signing import iso_timestamp, signed_headers

from mockex.wire.messages import WireRequest

SPOT, ACCOUNT = "/api/spot/v3", "/api/account/v3"
PLENTY = {wallet: dict.fromkeys(("BTC", "ETH", "JPY"), "1000000000") for wallet in ("spot", "funding")}
ROWS = 30  # of every history at the beginning: more than the pages that are asked for

TOLERANCE = 1.3
"""Between two counts of the same work: another branch, one more pair to look at. What grows here grows a hundredfold."""


@pytest.fixture
async def rich() -> AsyncIterator[Rig]:
    """Two rich traders with some history, and a book with room between its sides."""
    balances = dict.fromkeys(("alice", "bob"), PLENTY)
    balances["alice"] = {**PLENTY, "spot": {**PLENTY["spot"], "JPY": "1000000000000000"}}
    async with rig(quiet_world(balances=balances)) as running:
        for offset in range(ROWS):
            place(running, "bob", "sell", 7_000_100 + offset)
            place(running, "bob", "buy", 6_999_900 - offset)
        trade(running, ROWS)
        cancel(running, ROWS)
        for _ in range(ROWS):
            running.venue.deposit("alice", "BTC", "1", wallet="funding")
            running.venue.start_deposit("alice", "BTC", "1")
        running.advance(seconds=60)
        yield running


def place(running: Rig, account: str, side: str, price: int, qty: str = "0.01") -> str:
    placed = running.venue.place(account=account, symbol=BTC_JPY, side=side, price=str(price), qty=qty)
    return placed["order_id"]


def trade(running: Rig, times: int) -> None:
    for _ in range(times):
        place(running, "alice", "sell", 7_000_000)
        place(running, "bob", "buy", 7_000_000)


def cancel(running: Rig, times: int) -> None:
    for _ in range(times):
        running.venue.cancel(place(running, "alice", "sell", 7_000_500))


# --- requests


class Requests:
    """Alice's requests, each as a function that sends it and sees that it succeeds."""

    def __init__(self, running: Rig) -> None:
        self._running = running
        self._simulation = running.simulation()
        self._credentials = Credentials(**running.venue.keys["alice"])
        self._order_id = place(running, "alice", "sell", 7_000_050)

    def send(self, method: str, target: str, payload: Any = None) -> Any:
        body = b"" if payload is None else orjson.dumps(payload)
        timestamp = iso_timestamp(self._running.world.clock.now_ns())
        signed = signed_headers(self._credentials, timestamp=timestamp, method=method, target=target, body=body)
        headers = {name.lower(): value for name, value in signed.items()} | {"content-type": "application/json"}
        path, _, query = target.partition("?")
        response = self._simulation.handle(WireRequest(method, path, query, headers, body, "127.0.0.1"))
        assert response.status == 200, response.body
        return orjson.loads(response.body)

    def place_and_cancel(self) -> None:
        """An order that rests, and its end."""
        order = {"instrument_id": BTC_JPY, "side": "sell", "type": "limit", "price": "7000051", "size": "0.01"}
        order_id = self.send("POST", f"{SPOT}/orders", order)["order_id"]
        self.send("POST", f"{SPOT}/cancel_orders/{order_id}", {"instrument_id": BTC_JPY})

    def take(self) -> None:
        """A market order that trades once."""
        order = {"instrument_id": BTC_JPY, "side": "buy", "type": "market", "notional": "10000"}
        self.send("POST", f"{SPOT}/orders", order)

    def transfer(self) -> None:
        self.send("POST", f"{ACCOUNT}/transfer", {"currency": "BTC", "amount": "0.1", "from": "6", "to": "1"})

    def all(self) -> dict[str, Callable[[], object]]:
        targets = [
            f"{SPOT}/orders?instrument_id={BTC_JPY}&state=2&limit=20",
            f"{SPOT}/orders?instrument_id={BTC_JPY}&state=-1&limit=20",
            f"{SPOT}/orders?instrument_id={BTC_JPY}&state=7&limit=20",
            f"{SPOT}/orders/{self._order_id}?instrument_id={BTC_JPY}",
            f"{SPOT}/orders_pending",
            f"{SPOT}/fills?instrument_id={BTC_JPY}&limit=20",
            f"{SPOT}/accounts",
            f"{SPOT}/accounts/JPY/ledger?limit=20",
            f"{SPOT}/instruments/ticker",
            f"{SPOT}/instruments/{BTC_JPY}/trades?limit=20",
            f"{SPOT}/instruments/{BTC_JPY}/book?size=20",
            f"{SPOT}/instruments/{BTC_JPY}/candles",
            f"{ACCOUNT}/wallet",
            f"{ACCOUNT}/ledger?limit=20",
            f"{ACCOUNT}/deposit/history",
        ]
        found: dict[str, Callable[[], object]] = {
            target: (lambda target=target: self.send("GET", target)) for target in targets
        }
        return found | {"place and cancel": self.place_and_cancel, "take": self.take, "transfer": self.transfer}

    def steps(self) -> dict[str, int]:
        """Of each request, once what may be remembered is."""
        counted = {}
        for name, send in self.all().items():
            send()
            counted[name] = steps_of(send)
        return counted


def own_history(running: Rig) -> None:
    """10,000 more closed orders of alice, and the fills and ledger rows that belong to them."""
    trade(running, 5_000)
    cancel(running, 5_000)


def other_accounts(running: Rig) -> None:
    """500 people with orders in the book, closed orders, payments and keys."""
    for number in range(500):
        name = f"other{number}"
        running.venue.create_account(name, {"BTC": "10", "JPY": "100000000"})
        place(running, name, "sell", 7_000_100 + number % ROWS)
        place(running, name, "buy", 6_000_000 + number)
        running.venue.cancel(place(running, name, "sell", 7_000_200))
        running.venue.start_deposit(name, "BTC", "1")
    running.advance(seconds=60)


def a_deep_book(running: Rig) -> None:
    """4,000 more price levels, and 1,000 orders waiting in line at the best one."""
    for number in range(2_000):
        place(running, "bob", "sell", 7_001_000 + number)
        place(running, "bob", "buy", 6_998_000 - number)
    for _ in range(1_000):
        place(running, "bob", "sell", 7_000_100)


def other_pairs(running: Rig) -> None:
    """Orders and trades in a pair that nobody asked about."""
    for number in range(2_000):
        for account, side in (("alice", "sell"), ("bob", "buy")):
            running.venue.place(account=account, symbol="ETH-BTC", side=side, price="0.05", qty="1")
        running.venue.place(account="bob", symbol="ETH-BTC", side="sell", price=f"{Decimal(number + 6_000) / 100_000}", qty="1")


@pytest.mark.parametrize("growth", [own_history, other_accounts, a_deep_book, other_pairs], ids=lambda growth: growth.__name__)
async def test_requests_cost_the_same_when_the_world_has_grown(rich: Rig, growth: Callable[[Rig], None]) -> None:
    requests = Requests(rich)
    before = requests.steps()
    growth(rich)
    assert grown(before, requests.steps()) == {}


def grown(before: dict[str, int], after: dict[str, int]) -> dict[str, tuple[int, int]]:
    """What takes more steps than it did."""
    return {name: (before[name], steps) for name, steps in after.items() if steps > before[name] * TOLERANCE}


# --- pushes


TOPICS = [
    name(BTC_JPY) for name in (channels.ticker, channels.trades, channels.depth5, channels.depth, channels.depth_tick_by_tick)
]


async def readers(running: Rig, stack: AsyncExitStack, count: int, names: list[str]) -> list[websockets.ClientConnection]:
    """Connections that have subscribed, and read what that brought."""
    found = []
    request = orjson.dumps({"op": "subscribe", "args": names}).decode()
    for _ in range(count):
        socket = await stack.enter_async_context(websockets.connect(running.venue.ws_url, compression=None, close_timeout=0))
        await socket.send(request)
        found.append(socket)
    for socket in found:
        await read_until_pong(socket)
    return found


async def read_until_pong(socket: websockets.ClientConnection) -> list[bytes]:
    """Everything that was sent before, as it was sent."""
    await socket.send("ping")
    frames = []
    while (frame := await socket.recv()) != bytes.fromhex("2bc8cf4b0700"):
        assert isinstance(frame, bytes)
        frames.append(frame)
    return frames


def stir(running: Rig) -> None:
    """A trade, a new order, and time for what is sent in intervals."""
    trade(running, 1)
    place(running, "bob", "buy", 6_999_950)
    running.advance(milliseconds=100)


async def test_what_nobody_reads_is_not_rendered(rich: Rig) -> None:
    assert calls_of("compressobj", lambda: stir(rich)) == 0
    async with AsyncExitStack() as stack:
        await readers(rich, stack, 3, [name.replace(BTC_JPY, "ETH-JPY") for name in TOPICS])
        assert calls_of("compressobj", lambda: stir(rich)) == 0


async def test_a_push_is_rendered_once_for_all_its_readers(rich: Rig) -> None:
    async with AsyncExitStack() as stack:
        await readers(rich, stack, 1, TOPICS)
        for_one = calls_of("compressobj", lambda: stir(rich))
        assert for_one >= len(TOPICS)
        sockets = await readers(rich, stack, 40, TOPICS)
        for_all = calls_of("compressobj", lambda: stir(rich))
        read = [await read_until_pong(socket) for socket in sockets]
    assert for_all == for_one
    assert len(read[0]) == for_one
    assert all(frames == read[0] for frames in read)


async def test_readers_of_other_topics_cost_an_order_nothing(rich: Rig) -> None:
    requests = Requests(rich)
    async with AsyncExitStack() as stack:
        await readers(rich, stack, 1, ["spot/trade:ETH-JPY"])
        before = requests.steps()
        await readers(rich, stack, 40, [name.replace(BTC_JPY, "ETH-JPY") for name in TOPICS])
        await readers(rich, stack, 40, [])
        after = requests.steps()
    assert grown(before, after) == {}


async def test_a_reader_of_depth_costs_the_same_however_deep_the_book_is(rich: Rig) -> None:
    """The window holds 400 levels a side; what lies below is not looked at."""
    for number in range(420):
        place(rich, "bob", "sell", 7_001_000 + number)
        place(rich, "bob", "buy", 6_998_000 - number)
    async with AsyncExitStack() as stack:
        await readers(rich, stack, 1, TOPICS)
        stir(rich)
        before = steps_of(lambda: stir(rich))
        for number in range(1_500):
            place(rich, "bob", "sell", 7_002_000 + number)
            place(rich, "bob", "buy", 6_997_000 - number)
        stir(rich)
        assert steps_of(lambda: stir(rich)) <= before * TOLERANCE
