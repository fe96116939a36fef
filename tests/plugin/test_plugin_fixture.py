"""The fixture `mockex`, used the way that other people's tests use it."""

from __future__ import annotations

import ssl
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import aiohttp
import pytest

import mockex as package
from mockex.embedded import BackgroundServer, WorldOptions

INSTRUMENTS = "/api/spot/v3/instruments"
SELL = {"account": "bob", "symbol": "BTC-JPY", "side": "sell", "price": "5000000", "qty": "0.01"}
START = datetime(2026, 1, 1, tzinfo=UTC)

pytestmark = pytest.mark.mockex(venues=["okcoinjp"], seed=3, balances={"bob": {"BTC": "1"}, "carol": {}})


def status_of(url: str) -> int:
    """A request without an event loop."""
    try:
        with urllib.request.urlopen(url, timeout=20) as response:
            return response.status
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code


def test_a_plain_test_reaches_the_venue_and_its_operator(mockex: package.RunningWorld) -> None:
    assert status_of(mockex.okcoinjp.rest_url + INSTRUMENTS) == 200
    assert mockex.okcoinjp.place(**SELL)["status"] == "open"


async def test_an_async_test_sees_at_once_what_the_operator_did(mockex: package.RunningWorld) -> None:
    order = mockex.okcoinjp.place(**SELL)
    url = f"{mockex.okcoinjp.rest_url}{INSTRUMENTS}/BTC-JPY/book"
    async with aiohttp.ClientSession() as session:
        async with session.get(url) as response:
            assert (await response.json())["asks"] == [["5000000", "0.01", "1"]]
        mockex.okcoinjp.cancel(order["order_id"])
        async with session.get(url) as response:
            assert (await response.json())["asks"] == []


class TestIsolation:
    """Two rounds that each leave a mess behind."""

    addresses: ClassVar[set[str]] = set()

    @pytest.mark.parametrize("turn", [1, 2])
    def test_every_test_gets_a_fresh_world_behind_the_same_address(self, mockex: package.RunningWorld, turn: int) -> None:
        venue = mockex.okcoinjp
        assert venue.orders(status="all") == []
        assert venue.faults() == []
        assert venue.balances("bob")["spot"]["BTC"].total == 1
        assert list(venue.keys) == ["alice", "bob", "carol", "viewer"]
        assert status_of(venue.rest_url + INSTRUMENTS) == 200
        assert abs(mockex.clock.now - datetime.now(UTC)) < timedelta(seconds=60)
        venue.place(**SELL)
        venue.withdraw("bob", "BTC", "0.5")
        venue.create_account("dave")
        venue.fail_next(code="30030", times=10)
        venue.close_route(INSTRUMENTS)
        mockex.clock.advance(seconds=3600)
        self.addresses.add(venue.rest_url)
        assert len(self.addresses) == 1


@pytest.mark.mockex(seed=4, limits=True)
class TestMarkers:
    @pytest.mark.mockex(seed=5, profiles={"okcoinjp": "observed"}, start=START)
    def test_markers_add_up_and_the_closest_wins(self, mockex: package.RunningWorld) -> None:
        state = mockex.state()
        assert (state["seed"], state["market"]) == (5, "quiet")
        assert state["venues"]["okcoinjp"]["limits_enabled"]
        assert state["venues"]["okcoinjp"]["profile"] == "observed"
        assert "carol" in mockex.okcoinjp.keys
        assert mockex.clock.now == START

    def test_a_method_without_a_marker_has_its_classs(self, mockex: package.RunningWorld) -> None:
        assert mockex.state()["seed"] == 4


def test_a_function_has_its_modules(mockex: package.RunningWorld) -> None:
    state = mockex.state()
    assert (state["seed"], state["venues"]["okcoinjp"]["limits_enabled"]) == (3, False)


@pytest.mark.mockex(limits=True)
def test_the_clock_drives_rate_limits(mockex: package.RunningWorld) -> None:
    url = mockex.okcoinjp.rest_url + INSTRUMENTS
    assert [status_of(url) for _ in range(21)] == [200] * 20 + [429]  # 20 per 2 seconds (okj§4)
    mockex.clock.advance(seconds=2)
    assert status_of(url) == 200


def test_the_clock_drives_payments(mockex: package.RunningWorld) -> None:
    venue = mockex.okcoinjp
    venue.start_deposit("carol", "BTC", "7")
    mockex.clock.advance(seconds=1)
    assert venue.payments("carol")[0]["status"] == "processing"
    assert venue.balances("carol")["funding"]["BTC"].total == 0
    mockex.clock.advance(seconds=1)
    assert venue.payments("carol")[0]["status"] == "done"
    assert venue.balances("carol")["funding"]["BTC"].total == 7


class TestClockModes:
    @pytest.mark.mockex(clock="real")
    def test_time_passes_where_it_is_asked_to(self, mockex: package.RunningWorld) -> None:
        before = mockex.clock.now_ns()
        assert mockex.clock.now_ns() > before

    def test_time_stands_still_again_in_the_next_test(self, mockex: package.RunningWorld) -> None:
        assert mockex.clock.frozen
        assert mockex.clock.now_ns() == mockex.clock.now_ns()


async def test_sockets_of_an_old_world_are_closed(mockex: package.RunningWorld) -> None:
    async with aiohttp.ClientSession() as session:
        socket = await session.ws_connect(mockex.okcoinjp.ws_url)
        mockex.reset()
        message = await socket.receive(timeout=20)
        assert (message.type, message.data) == (aiohttp.WSMsgType.CLOSE, aiohttp.WSCloseCode.SERVICE_RESTART)
        assert mockex.state()["venues"]["okcoinjp"]["connections"] == 0


@pytest.mark.mockex(venues=None, market="live", balances={})
def test_a_live_market_has_books_to_trade_with(mockex: package.RunningWorld) -> None:
    assert "okcoinjp" in mockex.venues
    book = mockex.okcoinjp.book("BTC-JPY", depth=5)
    assert len(book["bids"]) == len(book["asks"]) == 5
    order = mockex.okcoinjp.place(account="alice", symbol="BTC-JPY", side="buy", qty="0.001")
    assert order["status"] == "filled"


def test_a_fresh_world_costs_a_test_less_than_a_tenth_of_a_second() -> None:
    options = WorldOptions(venues=["okcoinjp"])
    server = BackgroundServer(options)
    try:
        times_ns = []
        for _ in range(5):
            begun_ns = time.perf_counter_ns()
            server.fresh(options)
            times_ns.append(time.perf_counter_ns() - begun_ns)
    finally:
        server.stop()
    assert min(times_ns) < 100_000_000  # about 2 ms; the best of five, since others may be using the machine


def test_threads_may_share_a_world(mockex: package.RunningWorld) -> None:
    venue = mockex.okcoinjp

    def place(_: int) -> str:
        return venue.place(**{**SELL, "account": "alice"})["order_id"]

    with ThreadPoolExecutor(8) as pool:
        placed = list(pool.map(place, range(100)))
    assert len(set(placed)) == 100
    assert {order["order_id"] for order in venue.orders("alice")} == set(placed)


@pytest.mark.mockex(tls=True)
def test_a_test_may_ask_for_tls(mockex: package.RunningWorld) -> None:
    venue, trust = mockex.okcoinjp, ssl.create_default_context(cafile=mockex.tls_ca)
    with urllib.request.urlopen(venue.tls_rest_url + INSTRUMENTS, context=trust, timeout=20) as response:
        assert response.status == 200
    assert status_of(venue.rest_url + INSTRUMENTS) == 200


def test_a_test_that_does_not_ask_for_tls_has_none(mockex: package.RunningWorld) -> None:
    venue = mockex.okcoinjp
    for ask in (lambda: venue.tls_rest_url, lambda: venue.tls_ws_url, lambda: venue.tls_ws_urls, lambda: mockex.tls_ca):
        with pytest.raises(ValueError, match="nothing here listens with TLS; ask for a world with tls=True"):
            ask()


def test_a_fresh_world_of_a_running_server_cannot_begin_to_listen_with_tls() -> None:
    server = BackgroundServer(WorldOptions(venues=["okcoinjp"]))
    try:
        before = server.server.world
        with pytest.raises(ValueError, match="decided when it starts; another choice needs another server"):
            server.fresh(WorldOptions(venues=["okcoinjp"], tls=True))
        assert server.server.world is before
    finally:
        server.stop()


def test_an_action_inside_may_use_the_handles(mockex: package.RunningWorld) -> None:
    status = mockex.inside(lambda world: mockex.okcoinjp.place(**SELL)["status"])
    assert status == "open"
    with pytest.raises(ZeroDivisionError):
        mockex.inside(lambda world: 1 // 0)
