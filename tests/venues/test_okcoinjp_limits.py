"""How many calls each endpoint takes, from whom, and what the next one is told (okj§4)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from mockex.fixtures import load
from okcoinjp_support import MS, ORDERS, SECOND, SPOT, SpotBench, by_id

from mockex.wire.messages import WireRequest

LIMITS = load("okcoinjp", "rate_limits")
# The limit of a transfer belongs to its currency and has an error of its own: the funding tests have it.
ENDPOINTS = [row for row in LIMITS["endpoints"] if row["id"] != "rate_limits.transfer"]
PATH_PARAMETERS = {"{instrument_id}": "BTC-JPY", "{currency}": "BTC", "{order_id|client_oid}": "none1"}

Row = dict[str, Any]


class Caller:
    """Calls one endpoint again and again, in the cheapest way that counts: what is asked for need not exist."""

    def __init__(self, bench: SpotBench, endpoint: str) -> None:
        fixture = load("okcoinjp", endpoint)
        self.bench = bench
        self.method = fixture["method"]
        self.public = fixture["auth"] == "public"
        self.path = fixture["path"]
        for name, value in PATH_PARAMETERS.items():
            self.path = self.path.replace(name, value)

    def call(self, *, who: str | None = "alice", pair: str = "BTC-JPY", ip: str = "127.0.0.1") -> tuple[int, str]:
        """HTTP status and error code, "" without one."""
        body = json.dumps({"instrument_id": pair}).encode() if self.method == "POST" else b""
        headers = {} if who is None else self.bench.sign(self.method, self.path, body, who=who)
        response = self.bench.simulation.handle(WireRequest(self.method, self.path, "", headers, body, ip))
        answer = json.loads(response.body)
        return response.status, str(answer.get("error_code", "")) if isinstance(answer, dict) else ""

    def is_limited(self, **who: Any) -> bool:
        return self.call(**who)[0] == 429


@pytest.mark.parametrize("row", **by_id(ENDPOINTS))
def test_an_endpoint_takes_its_calls_and_refuses_the_next_until_the_window_has_passed(row: Row) -> None:
    bench = SpotBench(limits=True)
    caller = Caller(bench, row["endpoint"])
    requests, window_ns = int(row["requests"]), int(row["window_s"]) * SECOND

    assert not any(caller.is_limited() for _ in range(requests))
    assert caller.call() == (row["http_status"], str(row["code"]))

    bench.clock.advance(window_ns - 1)
    assert caller.is_limited()
    bench.clock.advance(1)
    assert not caller.is_limited()


@pytest.mark.parametrize("row", **by_id(ENDPOINTS))
def test_a_limit_is_the_users_own(row: Row) -> None:
    bench = SpotBench(limits=True)
    caller = Caller(bench, row["endpoint"])
    for _ in range(int(row["requests"]) + 1):
        caller.call()

    assert caller.is_limited()
    assert not caller.is_limited(who="bob")


@pytest.mark.parametrize("row", **by_id(ENDPOINTS))
def test_no_endpoint_has_a_limit_when_limits_are_off(row: Row) -> None:
    caller = Caller(SpotBench(limits=False), row["endpoint"])

    assert not any(caller.is_limited() for _ in range(int(row["requests"]) + 1))


PUBLIC = [row for row in ENDPOINTS if load("okcoinjp", row["endpoint"])["auth"] == "public"]


@pytest.mark.parametrize("row", **by_id(PUBLIC))
def test_a_public_endpoint_counts_per_address_without_a_key(row: Row) -> None:
    caller = Caller(SpotBench(limits=True), row["endpoint"])
    for _ in range(int(row["requests"])):
        assert not caller.is_limited(who=None)

    assert caller.is_limited(who=None)
    assert not caller.is_limited(who=None, ip="203.0.113.7")


def test_a_known_key_counts_per_user_also_on_public_endpoints() -> None:
    """okj§13 row 18: the FAQ says that public data counts per address."""
    caller = Caller(SpotBench(limits=True), "rest/ticker")
    for _ in range(20):
        caller.call(who="alice")

    assert caller.is_limited(who="alice", ip="203.0.113.7")
    assert not caller.is_limited(who="bob")
    assert not caller.is_limited(who=None)


def test_an_unknown_key_on_a_public_endpoint_counts_per_address() -> None:
    bench = SpotBench(limits=True)
    path = f"{SPOT}/instruments"
    for _ in range(20):
        assert bench.send("GET", path, headers={"ok-access-key": "nobody's"}).status == 200

    assert bench.send("GET", path, headers={}).error == (429, "30026")


def test_all_keys_of_an_account_share_its_limits() -> None:
    bench = SpotBench(limits=True)
    bench.simulation.add_key("second", "alice")
    caller = Caller(bench, "rest/fills")
    for index in range(10):
        caller.call(who=("alice", "second")[index % 2])

    assert caller.is_limited(who="alice")
    assert caller.is_limited(who="second")


@pytest.mark.parametrize("endpoint", ["rest/place_order", "rest/cancel_order"])
def test_placing_and_cancelling_count_separately_per_pair(endpoint: str) -> None:
    caller = Caller(SpotBench(limits=True), endpoint)
    for _ in range(100):
        assert not caller.is_limited(pair="BTC-JPY")

    assert caller.is_limited(pair="btc-jpy")
    assert not caller.is_limited(pair="ETH-JPY")


def test_a_pairs_limit_is_looked_at_before_the_other_parameters() -> None:
    """Rate limits come before parameters (okj§3): orders that name a pair and nothing else use up its limit."""
    bench = SpotBench(limits=True)
    caller = Caller(bench, "rest/place_order")
    for _ in range(100):
        assert caller.call() == (400, "30023")

    assert bench.try_order("buy", "1", "100").error == (429, "30026")


def test_batches_count_as_one_call_for_all_their_pairs() -> None:
    bench = SpotBench(limits=True)
    items = [
        {"instrument_id": pair, "side": "buy", "size": "1", "price": "1"} for pair in ("BTC-JPY", "ETH-JPY") for _ in range(10)
    ]
    for _ in range(6):
        assert bench.post(f"{SPOT}/batch_orders", items).status == 200

    assert bench.try_order("buy", "1", "100").status == 200


def test_endpoints_count_apart_even_with_equal_limits() -> None:
    bench = SpotBench(limits=True)
    book, ticker = Caller(bench, "rest/book"), Caller(bench, "rest/ticker")
    for _ in range(21):
        book.call()

    assert book.is_limited()
    assert not ticker.is_limited()


def test_the_window_slides() -> None:
    bench = SpotBench(limits=True)
    caller = Caller(bench, "rest/fills")  # 10 in 2 s
    for _ in range(5):
        caller.call()
    bench.clock.advance(1_500 * MS)
    for _ in range(5):
        caller.call()
    assert caller.is_limited()

    bench.clock.advance(500 * MS)  # the first five leave the window
    assert not any(caller.is_limited() for _ in range(5))
    assert caller.is_limited()


def test_a_refused_call_uses_up_nothing_and_nobody_is_banned() -> None:
    bench = SpotBench(limits=True)
    caller = Caller(bench, "rest/fills")
    for _ in range(500):
        caller.call()
    bench.clock.advance(2 * SECOND)

    assert not any(caller.is_limited() for _ in range(10))


def test_a_limited_order_is_not_placed() -> None:
    bench = SpotBench(limits=True)
    for _ in range(100):
        bench.order("buy", "1", "1")

    assert bench.try_order("buy", "1", "1").error == (429, "30026")
    assert len(bench.rows("/orders_pending")) == 100


OUTSIDE = LIMITS["outside_the_document"]


@pytest.mark.parametrize("row", **by_id(OUTSIDE["endpoints"]))
def test_an_endpoint_of_newer_sdks_is_not_offered_at_any_speed(row: Row) -> None:
    bench = SpotBench(limits=True)
    path = row["path"].replace("{instrument_id}", "BTC-JPY")
    for _ in range(int(row.get("requests", 6))):
        reply = bench.call(row["method"], path, body=b"{}" if row["method"] == "POST" else b"")
        assert reply.error == (OUTSIDE["answer"]["http_status"], str(OUTSIDE["answer"]["code"]))

    assert bench.call(row["method"], path, body=b"{}" if row["method"] == "POST" else b"").status == 429


def test_no_number_of_orders_is_too_many() -> None:
    """okj§4: no limit on the total number of orders; only the speed counts."""
    bench = SpotBench(limits=True)
    for _ in range(3):
        for _ in range(100):
            body = json.dumps({"instrument_id": "BTC-JPY", "side": "buy", "size": "1", "price": "1"}).encode()
            request = WireRequest("POST", ORDERS, "", bench.sign("POST", ORDERS, body), body, "127.0.0.1")
            assert bench.simulation.handle(request).status == 200
        bench.clock.advance(2 * SECOND)

    assert len(bench.rows("/orders_pending")) == 100
    assert len(bench.desk.exchange.orders.live(bench.desk.account("alice"), "BTC-JPY")) == 300
