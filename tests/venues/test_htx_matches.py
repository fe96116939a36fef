"""Fills of HTX, which it calls match results, and the rates of its fees (htx§3.4, htx§4.5)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from fixture_shapes import deviations
from htx_support import DAY, HOUR, MINUTE, Bench
from mockex.fixtures import load

from mockex.core.fees import FeeRounding, FeeSchedule
from mockex.core.units import Wallet
from mockex.venues.htx.policy import POLICY
from mockex.wire.decimals import plain

FILLS = "/v1/order/matchresults"
RATES = "/v2/reference/transact-fee-rate"
HOUR_MS, DAY_MS = 3_600_000, 86_400_000


def of_order(bench: Bench, order_id: int, who: str = "alice") -> Any:
    return bench.read(f"/v1/order/orders/{order_id}/matchresults", who=who).body


def rows(bench: Bench, who: str = "alice", **params: str) -> list[dict[str, Any]]:
    body = bench.read(FILLS, {name.replace("_", "-"): value for name, value in params.items()}, who=who).body
    assert body["status"] == "ok", body
    found: list[dict[str, Any]] = body["data"]
    return found


def buy(bench: Bench, price: str = "100", symbol: str = "btcusdt") -> int:
    """A fill of alice's, as a taker. Its id."""
    bench.rest("sell", price, "1", symbol=symbol)
    return fill_ids(bench, bench.place_id("buy-limit", "1", price, symbol=symbol))[0]


def fill_ids(bench: Bench, order_id: int) -> list[int]:
    return [row["id"] for row in of_order(bench, order_id)["data"]]


# --- rows


def test_a_fill_has_the_shape_and_the_values_of_the_example() -> None:
    fixture = load("htx", "rest/fills")
    example = fixture["responses"][1]["body"]["data"][0]
    bench = Bench()
    order_id = bench.place_id(example["type"], example["filled-amount"], example["price"], source=example["source"])
    bench.rest("sell", example["price"], example["filled-amount"])

    for body, table in ((of_order(bench, order_id), load("htx", "rest/order_fills")), (bench.read(FILLS).body, fixture)):
        assert deviations(body, table["fields"]) == []
        (row,) = body["data"]
        own = ("id", "match-id", "trade-id", "order-id", "created-at")
        assert {name: row[name] for name in row if name not in own} == {
            name: example[name] for name in example if name not in own
        }
        assert (row["order-id"], row["created-at"]) == (order_id, bench.now_ms)
        # As long as the recorded ones.
        assert [len(str(row[name])) for name in own[:3]] == [len(str(example[name])) for name in own[:3]]


@pytest.mark.parametrize(("side", "currency", "fee"), [("buy", "btc", "0.002"), ("sell", "usdt", "0.2")])
@pytest.mark.parametrize("role", ["maker", "taker"])
def test_fees_and_roles_are_those_of_the_side(side: str, currency: str, fee: str, role: str) -> None:
    bench = Bench()
    other = "sell" if side == "buy" else "buy"
    if role == "taker":
        bench.rest(other, "100", "1")
    order_id = bench.place_id(f"{side}-limit", "1", "100")
    if role == "maker":
        bench.rest(other, "100", "1")

    (row,) = of_order(bench, order_id)["data"]

    assert (row["role"], row["fee-currency"], row["filled-fees"], row["filled-points"]) == (role, currency, fee, "0.0")


@pytest.mark.parametrize(("side", "currency", "fee"), [("buy", "usdt", "-0.01"), ("sell", "btc", "-0.0001")])
def test_a_rebate_is_paid_in_the_other_currency_and_is_no_fee_of_the_order(side: str, currency: str, fee: str) -> None:
    bench = Bench()
    bench.desk.account("alice").fees = replace(POLICY.fees, maker_rate=-100_000)
    order_id = bench.place_id(f"{side}-limit", "1", "100")
    bench.rest("sell" if side == "buy" else "buy", "100", "1")

    (row,) = of_order(bench, order_id)["data"]

    assert (row["role"], row["fee-currency"], row["filled-fees"]) == ("maker", currency, fee)
    assert bench.read(f"/v1/order/orders/{order_id}").body["data"]["field-fees"] == "0.0"
    balance = bench.desk.account("alice").wallets[Wallet.SPOT][currency.upper()]
    assert plain(balance.total, 18) == ("99999999900.01" if currency == "usdt" else "999999.0001")


def test_fills_of_one_match_share_its_id_and_have_trade_ids_of_their_own() -> None:
    bench = Bench()
    for price in ("100", "101", "102"):
        bench.rest("sell", price, "1")
    order_id = bench.place_id("buy-market", "303")

    found = of_order(bench, order_id)["data"]

    assert [row["price"] for row in found] == ["102", "101", "100"], "newest first"
    assert len({row["match-id"] for row in found}) == 1
    assert len({row["trade-id"] for row in found}) == len({row["id"] for row in found}) == 3
    public = bench.get("/market/history/trade", "symbol=btcusdt").body["data"][0]["data"]
    assert [row["trade-id"] for row in found] == [trade["trade-id"] for trade in public]


def test_the_fills_of_an_order_add_up_to_it() -> None:
    bench = Bench()
    for price in ("100", "100.5", "101"):
        bench.rest("sell", price, "0.3333")
    order_id = bench.place_id("buy-limit", "0.9", "101")

    order, found = bench.read(f"/v1/order/orders/{order_id}").body["data"], of_order(bench, order_id)["data"]

    assert Decimal(order["field-amount"]) == sum(Decimal(row["filled-amount"]) for row in found)
    assert Decimal(order["field-fees"]) == sum(Decimal(row["filled-fees"]) for row in found)
    cash = sum(Decimal(row["filled-amount"]) * Decimal(row["price"]) for row in found)
    assert Decimal(order["field-cash-amount"]) == cash


def test_an_order_without_fills_has_none_and_an_unknown_one_is_an_error() -> None:
    bench = Bench()
    order_id = bench.place_id("buy-limit", "1", "100")

    assert of_order(bench, order_id) == {"status": "ok", "data": []}
    assert of_order(bench, order_id, who="bob")["err-code"] == "order-queryorder-invalid"
    assert bench.read("/v1/order/orders/1/matchresults").error[1] == "order-queryorder-invalid"
    assert bench.read("/v1/order/orders/x/matchresults").error[1:] == ("validation-format-error", "Format Error: order-id.")


# --- lists


def test_fills_of_all_symbols_are_listed_newest_first() -> None:
    bench = Bench()
    ids = [buy(bench), buy(bench, "3000", "ethusdt"), buy(bench), buy(bench, "3000", "ethusdt")]

    assert [row["id"] for row in rows(bench)] == ids[::-1]
    assert [row["id"] for row in rows(bench, symbol="ethusdt")] == [ids[3], ids[1]]
    assert rows(bench, symbol="trxusdt") == []
    assert [row["role"] for row in rows(bench, who="bob")] == ["maker"] * 4


def test_types_narrow_a_list() -> None:
    bench = Bench()
    first = buy(bench)
    bench.rest("sell", "100", "1")
    (second,) = fill_ids(bench, bench.place_id("buy-ioc", "1", "100"))

    assert [row["id"] for row in rows(bench, types="buy-ioc")] == [second]
    assert [row["id"] for row in rows(bench, types="buy-ioc,buy-limit")] == [second, first]
    assert rows(bench, types="sell-limit") == []


@pytest.mark.parametrize(
    ("start", "direct", "size", "expected"),
    [
        (2, "next", "1", [1]),
        (2, None, "500", [1, 0]),
        (2, "prev", "1", [3]),
        (2, "prev", "500", [4, 3]),
        (None, "next", "2", [4, 3]),
        (None, None, "100", [4, 3, 2, 1, 0]),
    ],
)
@pytest.mark.parametrize("symbol", [None, "btcusdt"])
def test_a_piece_goes_on_from_an_id_without_it(
    symbol: str | None, start: int | None, direct: str | None, size: str, expected: list[int]
) -> None:
    bench = Bench()
    ids = [buy(bench) for _ in range(5)]
    given = {"symbol": symbol, "from": None if start is None else str(ids[start]), "direct": direct, "size": size}

    found = rows(bench, **{name: value for name, value in given.items() if value is not None})

    assert [row["id"] for row in found] == [ids[index] for index in expected]


def test_pieces_have_100_fills_by_default() -> None:
    bench = Bench()
    for _ in range(101):
        buy(bench)

    assert (len(rows(bench)), len(rows(bench, size="500"))) == (100, 101)


def test_without_a_span_it_is_the_last_48_hours() -> None:
    bench = Bench()
    early = buy(bench)
    bench.clock.advance(47 * HOUR)
    late = buy(bench)

    assert [row["id"] for row in rows(bench)] == [late, early]
    bench.clock.advance(HOUR + MINUTE)
    assert [row["id"] for row in rows(bench)] == [late]
    assert [row["id"] for row in rows(bench, end_time=str(bench.now_ms - HOUR_MS))] == [late, early]
    assert [row["id"] for row in rows(bench, start_time=str(bench.now_ms - 49 * HOUR_MS))] == [late, early]
    assert [row["id"] for row in rows(bench, start_date="2024-02-15", end_date="2024-02-15")] == [early]


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"symbol": "x"}, "base-symbol-error"),
        ({"symbol": "btcusdt,ethusdt"}, "base-argument-unsupported"),
        ({"types": "x"}, "order-type-invalid"),
        ({"start-time": "x"}, "invalid-start-time"),
        ({"end-time": "x"}, "invalid-end-time"),
        ({"start-date": "x"}, "invalid-start-date"),
        ({"end-date": "x"}, "invalid-end-date"),
        ({"start-time": "1707966245678", "end-time": str(1_707_966_245_678 + 2 * DAY_MS + 1)}, "invalid-interval"),
        ({"start-time": str(1_707_966_245_678 - 120 * DAY_MS - 1)}, "base-date-limit-error"),
        ({"size": "501"}, "base-argument-unsupported"),
        ({"size": "0"}, "base-argument-unsupported"),
        ({"from": "x"}, "validation-format-error"),
        ({"direct": "x"}, "base-argument-unsupported"),
    ],
    ids=str,
)
def test_a_parameter_out_of_its_range_is_refused(params: dict[str, str], code: str) -> None:
    assert Bench().read(FILLS, params).error[1] == code


def test_fills_are_kept_for_120_days() -> None:
    bench = Bench()
    bench.rest("sell", "100", "1")
    order_id = bench.place_id("buy-limit", "1", "100")
    bench.clock.advance(120 * DAY - 10**6)
    start = str(bench.now_ms - 120 * DAY_MS + 1)
    assert len(rows(bench, start_time=start)) == len(fill_ids(bench, order_id)) == 1
    bench.clock.advance(10**6)

    assert fill_ids(bench, order_id) == []
    assert rows(bench, start_time=str(bench.now_ms - 120 * DAY_MS)) == []


# --- fee rates


def test_fee_rates_are_told_in_the_shape_of_the_example() -> None:
    fixture = load("htx", "rest/fee_rates")

    reply = Bench().read(RATES, {"symbols": "btcusdt,ethusdt,btcusdt"})

    assert deviations(reply.body, fixture["fields"]) == []
    example = fixture["responses"][0]["body"]["data"][0]
    assert reply.body["data"] == [example, example | {"symbol": "ethusdt"}]


def test_fee_rates_are_the_customers_own() -> None:
    bench = Bench()
    bench.desk.account("alice").fees = FeeSchedule(
        maker_rate=-100_000, taker_rate=362_500, rounding=FeeRounding.UP, decimals=18
    )

    (row,) = bench.read(RATES, {"symbols": "btcusdt"}).body["data"]

    assert (row["makerFeeRate"], row["takerFeeRate"]) == ("-0.0001", "0.0003625")
    assert (row["actualMakerRate"], row["actualTakerRate"]) == ("-0.0001", "0.0003625")
    assert bench.read(RATES, {"symbols": "btcusdt"}, who="bob").body["data"][0]["makerFeeRate"] == "0.002"


@pytest.mark.parametrize(
    ("params", "error"),
    [
        ({}, (200, "2003", 'missing mandatory field "symbols"')),
        ({"symbols": "x"}, (200, "2002", 'invalid field value in "symbols"')),
        ({"symbols": "btcusdt,"}, (200, "2002", 'invalid field value in "symbols"')),
    ],
)
def test_symbols_of_fee_rates_must_be_given_and_listed(params: dict[str, str], error: tuple[int, str, str]) -> None:
    assert Bench().read(RATES, params).error == error


# --- limits


@pytest.mark.parametrize(
    ("path", "calls"),
    [
        ("/v1/order/openOrders", 50),
        ("/v1/order/orders/1", 50),
        ("/v1/order/orders/getClientOrder", 50),
        ("/v1/order/orders", 50),
        ("/v1/order/history", 20),
        ("/v1/order/orders/1/matchresults", 50),
        (FILLS, 20),
        (RATES, 50),
    ],
)
def test_a_reading_has_the_limit_of_its_document(path: str, calls: int) -> None:
    bench = Bench(limits=True)

    replies = [bench.read(path) for _ in range(calls + 1)]

    assert [reply.status for reply in replies] == [200] * calls + [429]
    assert [int(reply.headers["X-HB-RateLimit-Requests-Remain"]) for reply in replies] == [*reversed(range(calls)), 0]
    assert replies[-1].error[1:] == (
        ("1006", "rate limit") if path == RATES else ("rate-too-many-requests", "exceeded rate limit")
    )  # fmt: skip
    assert bench.read(path, who="bob").status == 200
