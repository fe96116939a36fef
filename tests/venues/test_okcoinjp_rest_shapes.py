"""Every spot endpoint answers with the fields and JSON types of the document's example, and with no field nobody knows of."""

from __future__ import annotations

from typing import Any

import pytest
from fixture_shapes import deviations
from mockex.fixtures import load
from okcoinjp_support import ORDERS, SECOND, SPOT, Reply, SpotBench


def fields_of(name: str) -> Any:
    return load("okcoinjp", f"rest/{name}")["fields"]


def example_of(name: str) -> Any:
    return load("okcoinjp", f"rest/{name}")["responses"][0]["body"]


@pytest.fixture
def bench() -> SpotBench:
    """A market in which something of everything has happened, long enough ago for no minute to be shared."""
    bench = SpotBench()
    bench.order("sell", "1", "7000000", who="bob", client_oid="resting1")
    bench.order("buy", "0.4", "7000000", client_oid="taker1")
    bench.clock.advance(60 * SECOND)
    bench.order("buy", "0.5", "6900000", client_oid="resting2")
    return bench


READS = [
    ("instruments", "/instruments", ""),
    ("book", "/instruments/BTC-JPY/book", "size=5"),
    ("book", "/instruments/BTC-JPY/book", "size=5&depth=0.5"),
    ("tickers", "/instruments/ticker", ""),
    ("ticker", "/instruments/BTC-JPY/ticker", ""),
    ("trades", "/instruments/BTC-JPY/trades", "limit=100"),
    ("candles", "/instruments/BTC-JPY/candles", "granularity=86400"),
    ("accounts", "/accounts", ""),
    ("account", "/accounts/BTC", ""),
    ("accounts_ledger", "/accounts/btc/ledger", ""),
    ("trade_fee", "/trade_fee", ""),
    ("orders", "/orders", "instrument_id=BTC-JPY&state=2"),
    ("orders_pending", "/orders_pending", ""),
    ("order", "/orders/taker1", "instrument_id=BTC-JPY"),
    ("fills", "/fills", "instrument_id=BTC-JPY"),
]


@pytest.mark.parametrize(("name", "path", "query"), READS, ids=[f"{path}?{query}" for _, path, query in READS])
def test_a_query_answers_in_the_documented_shape(bench: SpotBench, name: str, path: str, query: str) -> None:
    reply = bench.get(f"{SPOT}{path}", query)

    assert reply.status == 200
    assert reply.body, "an empty reply shows no shape"
    assert deviations(reply.body, fields_of(name)) == []


@pytest.mark.parametrize("name", ["accounts", "orders", "order", "orders_pending", "ticker", "fills", "accounts_ledger"])
def test_a_query_answers_with_the_very_keys_of_the_example(bench: SpotBench, name: str) -> None:
    path, query = next((path, query) for each, path, query in READS if each == name)

    def keys(body: Any) -> set[str]:
        return set(body[0] if isinstance(body, list) else body)

    answered, printed = keys(bench.get(f"{SPOT}{path}", query).body), keys(example_of(name))

    # Undocumented fields that live siblings send beside (okj§9.1).
    assert answered - printed <= {"frozen", "holds", "id", "product_id", "ask", "bid", "created_at"}
    assert printed <= answered


def test_every_field_that_the_specification_names_for_an_order_is_sent(bench: SpotBench) -> None:
    named = (
        "order_id,client_oid,instrument_id,product_id,side,type,order_type,price,size,notional,funds,filled_size,"
        "filled_notional,price_avg,state,status,timestamp,created_at"
    )

    assert set(bench.detail("taker1")) == set(named.split(","))


def accepted(reply: Reply) -> Any:
    assert reply.status == 200, reply
    return reply.body


def test_a_placed_order_is_answered_in_the_documented_shape(bench: SpotBench) -> None:
    body = accepted(bench.try_order("sell", "0.1", "8000000", client_oid="oktspot79"))

    assert deviations(body, fields_of("place_order")) == []
    assert list(body) == list(example_of("place_order"))
    assert body == {**example_of("place_order"), "order_id": body["order_id"]}


def test_a_refused_order_is_answered_like_the_captured_one(bench: SpotBench) -> None:
    captured = load("okcoinjp", "rest/place_order")["responses"][1]

    reply = bench.try_order("sell", "2000000", "8000000")

    assert (reply.status, reply.body) == (captured["status_documented"], captured["body"])


def test_a_cancel_is_answered_in_the_documented_shape(bench: SpotBench) -> None:
    body = accepted(bench.cancel("resting2"))

    assert deviations(body, fields_of("cancel_order")) == []
    assert set(body) == set(example_of("cancel_order"))
    assert (body["result"], body["error_code"], body["client_oid"]) == (True, "0", "resting2")


def test_a_refused_cancel_is_answered_like_the_captured_one(bench: SpotBench) -> None:
    captured = load("okcoinjp", "rest/cancel_order")["responses"][1]

    reply = bench.cancel("12345")

    assert (reply.status, reply.body) == (captured["status_documented"], captured["body"])


def test_the_documents_batch_of_orders_is_answered_in_the_documented_shape(bench: SpotBench) -> None:
    """Its request spells one key with a trailing blank; unknown fields are ignored (okj§2)."""
    request = load("okcoinjp", "rest/batch_orders")["requests"][0]

    body = accepted(bench.post(f"{SPOT}/batch_orders", request["body"]))

    assert deviations(body, fields_of("batch_orders")) == []
    assert list(body) == list(example_of("batch_orders"))
    assert [row["client_oid"] for row in body["btc_jpy"]] == [item["client_oid"] for item in request["body"]]
    assert all(row["result"] for row in body["btc_jpy"])


def test_the_documents_batch_of_cancels_is_answered_in_the_documented_shape(bench: SpotBench) -> None:
    fixture = load("okcoinjp", "rest/cancel_batch_orders")
    for item in fixture["requests"][0]["body"]:
        for client_oid in item["client_oids"]:
            symbol = item["instrument_id"]
            bench.order("sell", "1", "9000000", instrument_id=symbol, client_oid=client_oid)

    body = accepted(bench.post(f"{SPOT}/cancel_batch_orders", fixture["requests"][0]["body"]))

    assert deviations(body, fields_of("cancel_batch_orders")) == []
    printed = example_of("cancel_batch_orders")
    assert list(body) == list(printed)
    for key, rows in body.items():
        assert [row["client_oid"] for row in rows] == [row["client_oid"] for row in printed[key]]
        assert all((row["result"], row["error_code"], row["error_message"]) == (True, "0", "") for row in rows)


def test_the_documents_order_is_placed_with_its_price_truncated(bench: SpotBench) -> None:
    """4638.51 at a tick of 0.1; an IOC far below the market, so it ends at once (okj§9.2)."""
    request = load("okcoinjp", "rest/place_order")["requests"][0]

    body = accepted(bench.post(ORDERS, request["body"]))

    order = bench.detail(body["order_id"])
    assert (order["client_oid"], order["price"], order["order_type"], order["state"]) == ("oktspot79", "4638.5", "3", "-1")


def test_instrument_rows_print_the_documented_grids() -> None:
    rows = {row["instrument_id"]: row for row in SpotBench().rows("/instruments")}

    for printed in example_of("instruments"):
        assert rows[printed["instrument_id"]] == printed


def test_instruments_have_a_category_only_in_the_observed_profile() -> None:
    documented, observed = SpotBench(), SpotBench(profile="observed")

    assert all("category" not in row for row in documented.rows("/instruments"))
    assert {row["category"] for row in observed.rows("/instruments")} == {"1"}


def test_order_and_account_times_end_in_whole_seconds_and_market_times_do_not() -> None:
    """okj§2. The bench starts at .678 of a second."""
    bench = SpotBench()
    bench.order("sell", "1", "7000000", who="bob")
    bench.order("buy", "1", "7000000")

    order = bench.rows("/orders", "instrument_id=BTC-JPY&state=2")[0]
    fill = bench.rows("/fills", "instrument_id=BTC-JPY")[0]
    entry = bench.rows("/accounts/BTC/ledger")[0]
    assert {row[name] for row in (order, fill, entry) for name in ("timestamp", "created_at")} == {"2024-02-15T03:04:05.000Z"}

    ticker = bench.get(f"{SPOT}/instruments/BTC-JPY/ticker").body
    trade = bench.rows("/instruments/BTC-JPY/trades")[0]
    book = bench.get(f"{SPOT}/instruments/BTC-JPY/book").body
    fee = bench.get(f"{SPOT}/trade_fee").body
    assert {row["timestamp"] for row in (ticker, trade, book, fee)} == {"2024-02-15T03:04:05.678Z"}
    assert trade["time"] == trade["timestamp"]


@pytest.mark.parametrize("spelling", ["BTC-JPY", "btc-jpy", "Btc-jPy"])
def test_pairs_are_read_in_any_case_and_written_in_upper_case(bench: SpotBench, spelling: str) -> None:
    assert bench.detail("taker1", symbol=spelling)["instrument_id"] == "BTC-JPY"
    assert bench.get(f"{SPOT}/instruments/{spelling}/ticker").body["instrument_id"] == "BTC-JPY"
    assert bench.rows("/fills", f"instrument_id={spelling}")[0]["instrument_id"] == "BTC-JPY"


@pytest.mark.parametrize("spelling", ["BTC", "btc", "bTc"])
def test_currencies_are_read_in_any_case_and_written_in_upper_case(bench: SpotBench, spelling: str) -> None:
    assert bench.balance(spelling)["currency"] == "BTC"
    assert bench.rows(f"/accounts/{spelling}/ledger")[0]["currency"] == "BTC"
