"""The dead man's switch: open orders go unless the customer speaks up in time (htx§3.4)."""

from __future__ import annotations

from typing import Any

import pytest
from fixture_shapes import deviations
from htx_account_client import AccountSocket
from htx_support import SECOND, START_MS, Bench, Reply, by_id, make_listing
from mockex.fixtures import load

from mockex.core.markets import MarketPhase
from mockex.operator import faults

PATH = "/v2/algo-orders/cancel-all-after"
FIXTURE = load("htx", "rest/cancel_all_after")


@pytest.fixture
def bench() -> Bench:
    return Bench()


def switch(bench: Bench, timeout: object, who: str = "alice") -> Reply:
    return bench.write(PATH, {"timeout": timeout}, who=who)


def armed(bench: Bench, timeout: int, who: str = "alice") -> None:
    assert switch(bench, timeout, who).body["code"] == 200


def open_ids(bench: Bench, who: str = "alice") -> list[int]:
    exchange = bench.desk.exchange
    return [order_id for symbol in exchange.markets for order_id in exchange.orders.live(bench.desk.account(who), symbol)]


# --- answers


@pytest.mark.parametrize("example", **by_id(FIXTURE["requests"]))
def test_the_request_of_a_client_is_answered_in_the_shape_of_the_example(bench: Bench, example: dict[str, Any]) -> None:
    reply = bench.write(PATH, example["body"])
    assert deviations(reply.body, FIXTURE["fields"]) == []
    assert reply.body == {
        "code": 200, "message": "success", "data": {"currentTime": START_MS, "triggerTime": START_MS + 10_000},
    }  # fmt: skip
    assert reply.headers["X-HB-RateLimit-Requests-Remain"]


def test_lifting_it_answers_with_no_time(bench: Bench) -> None:
    assert switch(bench, 0).body["data"] == {"currentTime": START_MS, "triggerTime": 0}


@pytest.mark.parametrize("timeout", [5, "5", 60, 86_400])
def test_five_seconds_or_more_may_be_asked_for(bench: Bench, timeout: int | str) -> None:
    assert switch(bench, timeout).body["data"]["triggerTime"] == START_MS + 1_000 * int(timeout)


@pytest.mark.parametrize("timeout", [1, 4, -1, "-5", 5.5, "x", True, [5], {"a": 1}, 10**30, 2**31])
def test_other_timeouts_are_refused_and_change_nothing(bench: Bench, timeout: object) -> None:
    bench.rest("buy", "90", who="alice")
    armed(bench, 10)

    assert switch(bench, timeout).error == (200, "2002", 'invalid field value in "timeout"')

    bench.clock.advance(10 * SECOND)
    assert open_ids(bench) == [], "it goes off as it was set before"


@pytest.mark.parametrize("body", [{}, {"timeout": None}, {"timeout": ""}, {"Timeout": 5}])
def test_without_a_timeout_it_is_missed(bench: Bench, body: object) -> None:
    assert bench.write(PATH, body).error == (200, "2003", "missing mandatory field")


@pytest.mark.parametrize("body", [[], 5, "x", None])
def test_a_body_that_is_no_object_is_refused(bench: Bench, body: object) -> None:
    assert bench.write(PATH, body).error == (200, "2002", 'invalid field value in "body"')


def test_a_key_that_may_not_trade_has_no_switch(bench: Bench) -> None:
    assert switch(bench, 10, who="viewer").error == (200, "1002", "forbidden")


def test_while_the_venue_is_down_it_takes_no_calls(bench: Bench) -> None:
    bench.desk.in_maintenance = True
    assert switch(bench, 10).error == (200, "500", "system error")


# --- going off


def test_all_open_orders_go_when_the_time_is_over_and_not_before(bench: Bench) -> None:
    for symbol, price in (("btcusdt", "90"), ("ethusdt", "90"), ("btcusdt", "91")):
        bench.rest("buy", price, who="alice", symbol=symbol)
    others = bench.rest("buy", "90", who="bob")
    armed(bench, 5)
    bench.clock.advance(5 * SECOND - 1)
    assert len(open_ids(bench)) == 3

    bench.clock.advance(1)

    assert open_ids(bench) == []
    assert open_ids(bench, "bob") == [others]


def test_readers_are_told_what_it_was(bench: Bench) -> None:
    ids = [bench.rest("buy", price, who="alice") for price in ("92", "91", "90")]
    socket = AccountSocket.of(bench, "alice", "orders#*")
    armed(bench, 5)
    bench.clock.advance(5 * SECOND)

    pushes = socket.pushes()

    assert [push["orderId"] for push in pushes] == ids, "the oldest first"
    assert {(push["eventType"], push["orderStatus"], push["canceledSource"], push["lastActTime"]) for push in pushes} == {
        ("cancellation", "canceled", "timeout-canceled-order", START_MS + 5_000)
    }


def test_an_order_over_rest_says_why_it_ended(bench: Bench) -> None:
    bench.rest("buy", "90", who="alice")
    armed(bench, 5)
    bench.clock.advance(5 * SECOND)
    (row,) = bench.read("/v1/order/orders", {"symbol": "btcusdt", "states": "canceled"}).body["data"]
    assert row["canceled-source-desc"] == "timeout-canceled-order"


def test_another_call_sets_it_anew(bench: Bench) -> None:
    bench.rest("buy", "90", who="alice")
    armed(bench, 10)
    for _ in range(5):
        bench.clock.advance(9 * SECOND)
        armed(bench, 10)
    assert len(open_ids(bench)) == 1

    bench.clock.advance(10 * SECOND)
    assert open_ids(bench) == []


def test_zero_lifts_it(bench: Bench) -> None:
    bench.rest("buy", "90", who="alice")
    armed(bench, 10)
    armed(bench, 0)
    bench.clock.advance(60 * SECOND)
    assert len(open_ids(bench)) == 1
    armed(bench, 0)


def test_it_goes_off_once(bench: Bench) -> None:
    armed(bench, 5)
    bench.clock.advance(5 * SECOND)
    bench.rest("buy", "90", who="alice")
    bench.clock.advance(60 * SECOND)
    assert len(open_ids(bench)) == 1


def test_every_customer_has_one(bench: Bench) -> None:
    for who in ("alice", "bob"):
        bench.rest("buy", "90", who=who)
    armed(bench, 5)
    armed(bench, 8, who="bob")
    bench.clock.advance(5 * SECOND)
    assert (len(open_ids(bench)), len(open_ids(bench, "bob"))) == (0, 1)


def test_500_orders_go_at_most_the_oldest_of_all_symbols(bench: Bench) -> None:
    ids = [bench.rest("buy", "90", "0.1", who="alice", symbol=("btcusdt", "ethusdt")[index % 2]) for index in range(503)]
    armed(bench, 5)
    bench.clock.advance(5 * SECOND)
    assert sorted(open_ids(bench)) == ids[500:]


def test_a_stop_order_that_waits_goes_too_and_a_conditional_order_stays() -> None:
    bench = Bench(make_listing())
    bench.trade("100")
    bench.place_id("buy-stop-limit", "1", "110", stop_price="105", operator="gte")
    number = bench.desk.state.identities.account_number("alice")
    body = {"accountId": number, "symbol": "btcusdt", "orderSide": "buy", "orderType": "limit", "clientOrderId": "a",
            "stopPrice": "105", "orderPrice": "100", "orderSize": "1"}  # fmt: skip
    assert bench.write("/v2/algo-orders", body).body["code"] == 200
    armed(bench, 5)

    bench.clock.advance(5 * SECOND)

    assert open_ids(bench) == []
    assert bench.read("/v2/algo-orders/specific", {"clientOrderId": "a"}).body["data"]["orderStatus"] == "created"


def test_where_nothing_can_be_cancelled_orders_stay(bench: Bench) -> None:
    bench.rest("buy", "90", who="alice")
    kept = bench.rest("buy", "90", who="alice", symbol="ethusdt")
    bench.set_phase(MarketPhase.PRICE_DISCOVERY, "ethusdt")
    armed(bench, 5)
    bench.clock.advance(5 * SECOND)
    assert open_ids(bench) == [kept]


def test_times_are_those_of_the_venues_clock(bench: Bench) -> None:
    faults.plan(bench.simulation, [{"what": {"action": "clock_skew", "ms": 2_000}}])
    reply = bench.send("POST", PATH, bench.signed_query("POST", PATH), body=b'{"timeout":10}')
    assert reply.body["data"] == {"currentTime": START_MS + 2_000, "triggerTime": START_MS + 12_000}
