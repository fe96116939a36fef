"""The two limits of an address, what each request costs, and the header that tells (ktx§4)."""

from __future__ import annotations

from typing import Any

import pytest
from ktx_support import SECOND, Bench
from mockex.fixtures import load

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
    bench = Bench(limits=True)
    for _ in range(10_000):
        bench.simulation.desk.admit(_request_limit(bench), "127.0.0.1")

    assert bench.get("/v1/trades", PAIR).state == -20007
    assert bench.get("/v1/nothing").state == -20007
    assert bench.send("GET", "/api/v1/trades", PAIR, peer_ip="203.0.113.9").data == []


def _request_limit(bench: Bench) -> Any:
    """The rule as the first stage counts it."""
    from mockex.venues.ktx.limits import REQUEST_LIMIT

    return REQUEST_LIMIT


def test_without_limits_the_header_tells_of_the_request_alone() -> None:
    bench = Bench()
    bench.get("/v1/trades", PAIR)

    assert bench.get("/v1/products", "market=spot").usage == "5:5:9995"


def test_every_limit_of_the_document_is_there() -> None:
    assert {row["error"]: (row["limit"], row["window_ms"]) for row in LIMITS["limits"]} == {
        -20007: (10_000, 10_000),
        -20006: (10_000, 10_000),
    }
