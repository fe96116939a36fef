"""The list of open orders of HTX: its own shape, its filters and its pieces (htx§3.4)."""

from __future__ import annotations

from typing import Any

import pytest
from fixture_shapes import deviations
from htx_support import Bench
from mockex.fixtures import load

OPEN = "/v1/order/openOrders"
FIXTURE = load("htx", "rest/open_orders")


def rows(bench: Bench, who: str = "alice", **params: str) -> list[dict[str, Any]]:
    body = bench.read(OPEN, {name.replace("_", "-"): value for name, value in params.items()}, who=who).body
    assert body["status"] == "ok", body
    found: list[dict[str, Any]] = body["data"]
    return found


def full_bench() -> tuple[Bench, dict[str, int]]:
    """alice's open orders, oldest first; the second is filled in part. Others are closed, or bob's."""
    bench = Bench()
    bench.trade("100", "1")
    ids = {"partial": bench.place_id("buy-limit", "3", "101")}
    bench.rest("sell", "101", "1")
    ids |= {
        "buy": bench.place_id("buy-limit", "1", "95", client_order_id="b", source="api"),
        "maker": bench.place_id("buy-limit-maker", "1", "95"),
        "sell": bench.place_id("sell-limit", "1", "105"),
        "stop": bench.place_id("sell-stop-limit", "1", "90", stop_price="90", operator="lte", client_order_id="a1"),
        "eth": bench.place_id("buy-limit", "1", "3000", symbol="ethusdt"),
    }
    bench.place_id("buy-ioc", "1", "95")
    bench.place_id("buy-limit", "1", "94", who="bob")
    return bench, ids


def test_rows_are_newest_first_and_have_the_shape_of_the_examples() -> None:
    bench, ids = full_bench()

    reply = bench.read(OPEN)

    assert deviations(reply.body, FIXTURE["fields"]) == []
    assert [row["id"] for row in reply.body["data"]] == list(ids.values())[::-1]


def test_values_are_those_of_the_orders_and_named_filled() -> None:
    bench, ids = full_bench()
    found = {row["id"]: row for row in rows(bench)}
    example = FIXTURE["responses"][1]["body"]["data"][0]

    stop = found[ids["stop"]]
    assert stop == example | {
        "id": ids["stop"],
        "type": "sell-stop-limit",
        "account-id": 100_009,
        "amount": "1.000000000000000000",
        "price": "90.000000000000000000",
        "stop-price": "90.000000000000000000",
        "operator": "lte",
        "created-at": bench.now_ms,
    }
    partial = found[ids["partial"]]
    assert {name: partial[name] for name in partial if name.startswith("filled") or name == "state"} == {
        "filled-amount": "1.000000000000000000",
        "filled-cash-amount": "101.000000000000000000",
        "filled-fees": "0.002000000000000000",
        "state": "partial-filled",
    }
    assert [found[ids["buy"]][name] for name in ("state", "client-order-id", "source", "filled-amount")] == [
        "submitted", "b", "api", "0.0",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("params", "names"),
    [
        ({"account_id": "100009", "symbol": "btcusdt"}, ["stop", "sell", "maker", "buy", "partial"]),
        ({"symbol": "ethusdt"}, ["eth"]),
        ({"symbol": "trxusdt"}, []),
        ({"side": "sell"}, ["stop", "sell"]),
        ({"types": "buy-limit-maker"}, ["maker"]),
        ({"types": "buy-limit, sell-stop-limit", "symbol": "btcusdt"}, ["stop", "buy", "partial"]),
        ({"types": "buy-market"}, []),
        ({"size": "2"}, ["eth", "stop"]),
        ({"size": "1", "side": "buy"}, ["eth"]),
        ({"direct": "next"}, ["eth", "stop", "sell", "maker", "buy", "partial"]),
        ({"symbol": "", "side": "", "types": "", "size": "", "from": ""}, ["eth", "stop", "sell", "maker", "buy", "partial"]),
        ({"nothing": "1"}, ["eth", "stop", "sell", "maker", "buy", "partial"]),
    ],
    ids=str,
)
def test_a_filter_keeps_what_it_says(params: dict[str, str], names: list[str]) -> None:
    bench, ids = full_bench()

    assert [row["id"] for row in rows(bench, **params)] == [ids[name] for name in names]


@pytest.mark.parametrize(
    ("start", "direct", "size", "names"),
    [
        ("sell", "next", "2", ["maker", "buy"]),
        ("sell", "prev", "1", ["stop"]),
        ("sell", "prev", "500", ["eth", "stop"]),
        ("sell", None, "500", ["maker", "buy", "partial"]),
        ("partial", "next", "500", []),
        ("eth", "prev", "500", []),
    ],
)
def test_a_piece_goes_on_from_an_id_without_it(start: str, direct: str | None, size: str, names: list[str]) -> None:
    bench, ids = full_bench()
    params = {"from": str(ids[start]), "size": size, **({} if direct is None else {"direct": direct})}

    assert [row["id"] for row in rows(bench, **params)] == [ids[name] for name in names]


def test_pieces_have_100_orders_by_default_and_500_at_most() -> None:
    bench = Bench()
    for _ in range(101):
        bench.place_id("buy-limit", "1", "100")

    assert len(rows(bench)) == 100
    assert len(rows(bench, size="500")) == 101


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"account_id": "1"}, "account-account-id-inexistent"),
        ({"account_id": "x", "symbol": "x"}, "account-account-id-inexistent"),
        ({"symbol": "x", "types": "x"}, "base-symbol-error"),
        ({"symbol": "btcusdt,ethusdt"}, "base-argument-unsupported"),
        ({"types": "limit"}, "order-type-invalid"),
        ({"side": "BUY"}, "base-argument-unsupported"),
        ({"direct": "up"}, "base-argument-unsupported"),
        ({"from": "x"}, "validation-format-error"),
        ({"from": "-1"}, "base-argument-unsupported"),
        ({"size": "0"}, "base-argument-unsupported"),
        ({"size": "501"}, "base-argument-unsupported"),
        ({"size": "1.5"}, "validation-format-error"),
    ],
    ids=str,
)
def test_a_parameter_out_of_its_range_is_refused(params: dict[str, str], code: str) -> None:
    named = {name.replace("_", "-"): value for name, value in params.items()}
    assert Bench().read(OPEN, named).error[1] == code


def test_a_key_that_may_only_read_sees_them() -> None:
    bench, ids = full_bench()

    assert len(rows(bench, who="viewer")) == len(ids)
