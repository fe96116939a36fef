"""Reading balances, orders and fills: which call says what, under which name, of which type."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

import pytest
from coinstore_support import (
    ACTIVE,
    ACTIVE_V2,
    BALANCES,
    INFO,
    INFO_V2,
    MATCHES,
    RICH,
    SECOND,
    START_S,
    Bench,
    make_listing,
)
from mockex.fixtures import load


def make_orders(bench: Bench) -> dict[str, int]:
    """One order of every state."""
    found = {"FILLED": bench.place_id("BUY", "100", "2", clOrdId="filled")}
    bench.rest("sell", "100", "2")
    found["PARTIAL_FILLED"] = bench.place_id("BUY", "99", "3", clOrdId="part")
    bench.rest("sell", "99", "1")
    found["CANCELED"] = bench.place_id("BUY", "90", "1", clOrdId="cancelled")
    bench.write("/api/trade/order/cancel", {"symbol": "BTCUSDT", "ordId": found["CANCELED"]})
    found["SUBMITTED"] = bench.place_id("SELL", "120", "0.5", symbol="ETHUSDT", ordType="POST_ONLY", clOrdId="post")
    return found


# --- balances


def test_every_currency_has_two_rows_also_at_zero_and_what_is_frozen_comes_first() -> None:
    bench = Bench(accounts={"alice": {"USDT": "13298"}})
    bench.place_id("BUY", "5.01", "0.01")

    rows = bench.write(BALANCES, {}).data

    assert rows[:2] == [
        {"uid": 315, "accountId": 1_134_971, "currency": "USDT", "balance": "0.0501", "type": 4, "typeName": "FROZEN"},
        {"uid": 315, "accountId": 1_134_971, "currency": "USDT", "balance": "13297.9499", "type": 1, "typeName": "AVAILABLE"},
    ]
    assert [row["currency"] for row in rows] == [code for code in RICH for _ in range(2)]
    assert {row["balance"] for row in rows[2:]} == {"0"}


def test_each_customer_has_numbers_of_its_own_and_filters_mean_nothing() -> None:
    bench = Bench()

    rows = {who: bench.write(BALANCES, {"symbolCodes": ["BTC"]}, who=who).data for who in ("alice", "bob")}

    assert [(row[0]["uid"], row[0]["accountId"]) for row in rows.values()] == [(315, 1_134_971), (316, 1_134_972)]
    assert len(rows["bob"]) == 2 * len(RICH)


# --- open orders


def test_the_older_list_of_open_orders_has_ids_as_text_and_prices_as_numbers() -> None:
    bench = Bench()
    orders = make_orders(bench)
    luffy = bench.place_id("BUY", "0.00000000091", "1000", symbol="LUFFYUSDT", timestamp=1_642_402_062_196)

    reply = bench.read(ACTIVE, "symbol=BTCUSDT&size=1")

    newest, post, part = reply.data
    assert [row["ordId"] for row in reply.data] == [
        str(each) for each in (luffy, orders["SUBMITTED"], orders["PARTIAL_FILLED"])
    ]
    assert '"ordPrice":9.1E-10' in reply.text
    assert (newest["timestamp"], newest["ordAmt"], newest["leavesQty"], newest["ordQty"]) == (
        1_642_402_062_196,
        "0",
        "1000",
        "1000",
    )
    assert (post["ordType"], post["side"], post["timeInForce"], post["ordPrice"]) == ("POST_ONLY", "SELL", "GTC", 120)
    assert (part["ordStatus"], part["cumQty"], part["cumAmt"], part["leavesQty"]) == ("PARTIAL_FILLED", "1", "99", "2")


def test_by_a_switch_nothing_is_left_of_open_orders_as_in_the_sample() -> None:
    bench = Bench(v1_leaves_zero=True)
    bench.place_id("BUY", "90", "1")

    assert bench.read(ACTIVE).data[0]["leavesQty"] == "0"
    assert bench.read(ACTIVE_V2).data[0]["leavesQty"] == "1"


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["post", "part"]), ("symbol=ethusdt", ["post"]), ("symbol=BTCUSDT", ["part"]), ("clOrdId=part", ["part"]),
        ("clOrdId=filled", []), ("ordId=1", []), ("symbol=BTCUSDT&clOrdId=post", []),
        ("symbol=&ordId=&clOrdId=", ["post", "part"]),
        ("ordId=" + "9" * 30, []),
    ],
)  # fmt: skip
def test_the_newer_list_is_picked_by_its_query(query: str, names: list[str]) -> None:
    bench = Bench()
    orders = make_orders(bench)

    assert [row["clOrdId"] for row in bench.read(ACTIVE_V2, query).data] == names
    assert [row["clOrdId"] for row in bench.read(ACTIVE_V2, f"ordId={orders['PARTIAL_FILLED']}").data] == ["part"]


def test_the_newer_list_takes_known_pairs_and_numbers() -> None:
    assert Bench().read(ACTIVE_V2, "symbol=foo").error == (3011, "symbol not found")
    assert Bench().read(ACTIVE_V2, "ordId=x").error == (400, "ordId-invalid")


# --- one order


def test_an_order_has_each_state_under_the_name_of_the_call() -> None:
    bench = Bench()
    orders = make_orders(bench)

    for state, order_id in orders.items():
        older, newer = bench.read(INFO, f"ordId={order_id}").data, bench.read(INFO_V2, f"ordId={order_id}").data
        assert (older["ordState"], newer["ordStatus"]) == (state, state)
        assert ("ordStatus" in older, "ordState" in newer) == (False, False)
        assert older["ordId"] == newer["ordId"] == order_id


def test_only_the_older_call_tells_amount_and_currency_of_the_fee_and_flags_where_there_are_any() -> None:
    bench = Bench()
    make_orders(bench)
    found = {name: bench.read(INFO, f"clOrdId={name}").data for name in ("filled", "post")}

    assert (found["filled"]["ordAmt"], found["filled"]["feeCurrency"]) == ("200", "BTC")
    assert (found["post"]["ordAmt"], found["post"]["feeCurrency"], found["post"]["flags"]) == ("60", "USDT", "POST_ONLY")
    assert "flags" not in found["filled"]
    assert not {"ordAmt", "feeCurrency", "flags"} & bench.info(found["post"]["ordId"]).keys()


@pytest.mark.parametrize("row", [row for row in load("coinstore", "matching")["published"] if "ordAmt" in row])
def test_an_orders_amount_is_price_times_quantity(row: dict[str, Any]) -> None:
    bench = Bench(make_listing("LUFFY", price_decimals=11, qty_decimals=0))
    order_id = bench.place_id("BUY", row["ordPrice"], row["ordQty"], symbol="LUFFYUSDT")

    assert bench.read(INFO, f"ordId={order_id}").data["ordAmt"] == row["ordAmt"]


def test_the_average_price_is_cut_off_eight_digits_behind_a_price() -> None:
    bench = Bench()
    bench.rest("sell", "100", "1")
    bench.rest("sell", "100.01", "2")
    order_id = bench.place_id("BUY", "101", "3")

    assert bench.info(order_id)["avgPrice"] == "100.0066666666"
    assert bench.info(bench.place_id("BUY", "90", "1"))["avgPrice"] == "0"


def test_a_market_buy_has_its_money_as_amount_and_no_quantity() -> None:
    bench = Bench()
    bench.rest("sell", "100", "10")

    order_id = bench.place_id("BUY", ordType="MARKET", ordAmt="150")

    older = bench.read(INFO, f"ordId={order_id}").data
    assert {name: older[name] for name in ("ordAmt", "ordQty", "cumQty", "cumAmt", "leavesQty", "ordPrice", "avgPrice")} == {
        "ordAmt": "150", "ordQty": "0", "cumQty": "1.5", "cumAmt": "150", "leavesQty": "0", "ordPrice": "0", "avgPrice": "100",
    }  # fmt: skip


def test_by_a_switch_the_newer_call_has_a_list_as_in_the_document() -> None:
    bench = Bench(orderinfo_v2_as_list=True)
    order_id = bench.place_id("BUY", "90", "1")

    (row,) = bench.read(INFO_V2, f"ordId={order_id}").data
    assert row["ordId"] == order_id


@pytest.mark.parametrize(("path", "error"), [(INFO, (3103, "order-not-found")), (INFO_V2, (4003, "order-not-exist"))])
def test_an_order_of_somebody_else_is_unknown(path: str, error: tuple[int, str]) -> None:
    bench = Bench()
    foreign = bench.rest("buy", "90")

    for query in (f"ordId={foreign}", "ordId=1", "clOrdId=x", "ordId=" + "9" * 24):
        assert bench.read(path, query).error == error
    assert bench.read(path).error == (400, "ordId-required")
    assert bench.read(path, "ordId=abc").error == (400, "ordId-invalid")


# --- fills


def test_a_fill_is_numbers_of_scale_eighteen_under_its_misspelt_names() -> None:
    bench = Bench(make_listing("TRX", price_decimals=5, qty_decimals=1))
    (published,) = [row for row in load("coinstore", "matching")["published"] if "execQty" in row]
    price = Decimal(published["execAmt"]) / Decimal(published["execQty"])
    bench.rest("sell", str(price), "50", symbol="TRXUSDT")
    order_id = bench.place_id("BUY", str(price), published["execQty"], symbol="trxusdt")

    text = bench.read(MATCHES, "symbol=trxusdt").text

    (row,) = json.loads(text, parse_float=str)["data"]
    assert (row["execQty"], row["execAmt"], row["fee"]) == (
        "40.900000000000000000",
        "8.887161000000000000",
        "0.081800000000000000",
    )
    assert (row["acturalFeeRate"], row["remainingQty"], row["selfDealingQty"]) == ("0.002000000000000000", "0E-18", "0E-18")
    assert (row["orderId"], row["orderState"], row["side"], row["role"], row["matchRole"]) == (order_id, 50, 1, 1, 1)
    assert (row["instrumentId"], row["baseCurrencyId"], row["quoteCurrencyId"], row["feeCurrencyId"]) == (2, 34, 30, 34)
    assert (row["matchTime"], row["seq"], row["accountId"]) == (START_S, None, 1_134_971)
    assert re.search(r'"remainingQty":0E-18\b', text)


def test_both_sides_of_a_trade_tell_their_own_story() -> None:
    bench = Bench()
    bench.rest("sell", "100", "3")
    bench.place_id("BUY", "100", "2")

    (taker,), (maker,) = (bench.read(MATCHES, "symbol=BTCUSDT", who=who).data for who in ("alice", "bob"))

    assert (taker["tradeId"], taker["matchId"]) == (maker["tradeId"], maker["matchId"])
    assert taker["id"] != maker["id"]
    assert (maker["side"], maker["role"], maker["orderState"], maker["remainingQty"]) == (-1, -1, 30, 1)
    assert (maker["fee"], maker["feeCurrencyId"]) == (Decimal("0.4"), 30)
    assert bench.read("/api/v1/market/trade/BTCUSDT").data[0]["tradeId"] == taker["tradeId"]


def test_fills_are_picked_and_come_in_pages_newest_first() -> None:
    bench = Bench()
    ids = []
    for number in range(25):
        bench.rest("sell" if number % 2 else "buy", "100", "1")
        ids.append(bench.place_id("BUY" if number % 2 else "SELL", "100", "1"))
        bench.clock.advance(SECOND)
    ids.reverse()

    def page(query: str) -> list[int]:
        return [row["orderId"] for row in bench.read(MATCHES, f"symbol=btcusdt{query}").data]

    assert page("") == ids[:20]
    assert page("&pageNum=2") == ids[20:]
    assert page("&pageNum=3") == page("&pageNum=1000000000") == []
    assert page("&pageSize=7&pageNum=2") == ids[7:14]
    assert page("&size=3") == ids[:3], "what older documents call it"
    assert page("&size=3&pageSize=2") == ids[:2]
    assert page("&side=1") == [each for number, each in enumerate(ids) if number % 2]
    assert page("&side=-1&pageSize=100") == [each for number, each in enumerate(ids) if not number % 2]
    assert page(f"&ordId={ids[4]}") == [ids[4]]
    assert page("&ordId=1") == []
    assert bench.read(MATCHES, "symbol=ETHUSDT").data == []


@pytest.mark.parametrize(
    ("query", "error"),
    [("", "symbol-required"), ("symbol=btcusdt&pageSize=101", "pageSize-invalid"),
     ("symbol=btcusdt&pageNum=0", "pageNum-invalid"),
     ("symbol=btcusdt&side=BUY", "side-invalid"), ("symbol=btcusdt&ordId=x", "ordId-invalid"),
     ("symbol=btcusdt&size=0", "size-invalid")],
)  # fmt: skip
def test_what_is_wrong_with_a_query_for_fills_is_told_by_its_field(query: str, error: str) -> None:
    assert Bench().read(MATCHES, query).error == (400, error)
