"""The two limits of an address, what each request costs, and the header that tells (ktx§4)."""

from __future__ import annotations

from typing import Any

import pytest
from ktx_support import MS, SECOND, Bench, Reply
from mockex.fixtures import load

from mockex.wire.messages import WireRequest

LIMITS = load("ktx", "rate_limits")
PAIR = "market=spot&symbol=BTC_USDT"


@pytest.mark.parametrize(
    ("path", "query", "points"),
    [
        ("order_book", PAIR, 1),
        ("order_book", f"{PAIR}&level=200", 1),
        ("order_book", f"{PAIR}&level=500", 2),
        ("order_book", f"{PAIR}&level=1000", 4),
        ("products", "market=spot", 5),
        ("products", PAIR, 1),
        ("ticker", "market=spot", 5),
        ("ticker", PAIR, 1),
        ("trades", PAIR, 1),
        ("candles", f"{PAIR}&time_frame=1m", 1),
        ("candles", f"{PAIR}&time_frame=1m&before=1", 11),
        ("trades", "market=spot", 1),
    ],
)
def test_a_request_costs_what_it_reads(path: str, query: str, points: int) -> None:
    reply = Bench(limits=True).get(f"/v1/{path}", query)

    assert reply.usage == f"{points}:{points}:{10_000 - points}"


@pytest.mark.parametrize("row", LIMITS["database_costs"], ids=lambda row: str(row["rows_requested"]))
def test_a_read_of_the_database_costs_more_for_more_rows(row: dict[str, Any]) -> None:
    reply = Bench(limits=True).get("/v1/trades", f"{PAIR}&before=1&limit={row['rows_requested']}")

    assert reply.usage.split(":")[0] == str(row["points"])


def spend(bench: Bench, points: int) -> Reply:
    """A request of that cost. What it says beside the header does not matter: points are counted before a key is asked for."""
    match points:
        case 4:
            return bench.get("/v1/order_book", f"{PAIR}&level=1000")
        case 5:
            return bench.get("/v1/ticker", "market=spot")
        case 10:
            return bench.send("DELETE", "/api/v1/orders")
        case 11:
            return bench.get("/v1/trades", f"{PAIR}&before=1")
        case _:
            return bench.get("/v1/trades", PAIR)


@pytest.mark.parametrize("vector", LIMITS["usage"], ids=lambda vector: str(vector["id"]))
def test_the_header_is_that_of_the_worked_examples(vector: dict[str, Any]) -> None:
    bench = Bench(limits=True, max_points=vector["limit"])
    start_ms = bench.now_ms
    for step in vector["steps"]:
        bench.wait((start_ms + step["at_ms"] - bench.now_ms) * MS)
        reply = spend(bench, step["cost"])
        assert reply.usage == step["header"]
        assert (reply.failed and reply.state == -20006) is (step["error"] is not None)


def test_the_published_header_is_that_of_24_requests_of_10_points() -> None:
    bench = Bench(limits=True)

    assert [spend(bench, 10).usage for _ in range(24)][-1] == LIMITS["example"]["header"]


def test_points_add_up_and_come_back_after_ten_seconds() -> None:
    bench = Bench(limits=True)

    assert bench.get("/v1/products", "market=spot").usage == "5:5:9995"
    bench.wait(4 * SECOND)
    assert bench.get("/v1/trades", PAIR).usage == "1:6:9994"
    bench.wait(6 * SECOND)
    assert bench.get("/v1/trades", PAIR).usage == "1:2:9998"


def test_a_request_that_would_pass_the_points_is_refused_and_costs_nothing() -> None:
    bench = Bench(limits=True)
    for _ in range(499):
        bench.get("/v1/trades", f"{PAIR}&before=1&limit=1000")
    for _ in range(3):
        bench.get("/v1/products", "market=spot")

    refused = bench.get("/v1/trades", f"{PAIR}&before=1&limit=1000")
    assert (refused.state, refused.usage) == (-20006, "0:9995:5")
    assert bench.get("/v1/products", "market=spot").usage == "5:10000:0"


def test_the_ten_thousand_and_first_request_is_refused_whatever_it_is() -> None:
    bench = Bench(limits=True, max_points=1_000_000)
    for _ in range(10_000):
        bench.simulation.handle(WireRequest("GET", "/api/v1/trades", PAIR, {}, b"", "127.0.0.1"))

    assert bench.get("/v1/trades", PAIR).state == -20007
    assert bench.get("/v1/nothing").state == -20007
    assert bench.send("GET", "/api/v1/trades", PAIR, peer_ip="203.0.113.9").data == []


def test_both_limits_may_be_smaller() -> None:
    bench = Bench(limits=True, max_requests=2, max_points=1)

    assert bench.get("/v1/trades", PAIR).usage == "1:1:0"
    refused = bench.get("/v1/trades", PAIR)
    assert (refused.state, refused.usage) == (-20006, "0:1:0")
    assert bench.get("/v1/trades", PAIR).state == -20007


def test_without_limits_the_header_tells_of_the_request_alone() -> None:
    bench = Bench()
    bench.get("/v1/trades", PAIR)

    assert bench.get("/v1/products", "market=spot").usage == "5:5:9995"


def test_every_limit_of_the_document_is_there() -> None:
    assert {row["error"]: (row["limit"], row["window_ms"]) for row in LIMITS["limits"]} == {
        -20007: (10_000, 10_000),
        -20006: (10_000, 10_000),
    }
