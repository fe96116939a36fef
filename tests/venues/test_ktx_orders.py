"""Placing spot orders: what comes of them, what is refused and in which order of checks, and what they say of themselves."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from ktx_support import MS, SECOND, Bench, Reply, by_id
from mockex.fixtures import load

from mockex.core.commands import SetPhase
from mockex.core.markets import MarketPhase

MATCHING = load("ktx", "matching")
PLACED = load("ktx", "rest/place_order")
NUMBERS = load("ktx", "numbers")

ORDER: dict[str, object] = {"market": "spot", "symbol": "BTC_USDT", "type": "limit", "quantity": "1", "price": "100"}
HOUR = 3_600 * SECOND


def place(bench: Bench, *, who: str = "alice", without: str = "", **fields: object) -> Reply:
    """An order that is ORDER but for some fields."""
    body = {name: value for name, value in {**ORDER, **fields}.items() if name != without}
    return bench.order("POST", "/v1/order", body, who=who)


def money(bench: Bench, asset: str, who: str = "alice") -> tuple[Decimal, Decimal]:
    """(balance, holds)"""
    (row,) = bench.read("/v1/accounts", f"asset={asset}", who=who).data
    return row["balance"], row["holds"]


def fill_book(bench: Bench, book: dict[str, list[list[str]]]) -> None:
    for side, name in (("sell", "a"), ("buy", "b")):
        for price, quantity in book[name]:
            bench.rest(side, price, quantity)


def newest(bench: Bench) -> dict[str, Any]:
    """The order of alice that ended last, or else the one that came last."""
    rows = [
        row for status in ("unsettled", "settled") for row in bench.read("/v1/orders", f"status={status}&symbol=BTC_USDT").data
    ]
    return dict(rows[-1])


# --- what comes of an order


@pytest.mark.parametrize("vector", **by_id(MATCHING["orders"]))
def test_an_order_meets_the_book_of_the_specification(vector: dict[str, Any]) -> None:
    bench = Bench()
    fill_book(bench, vector.get("book", MATCHING["book"]))
    before = {asset: money(bench, asset)[0] for asset in vector["change"]}

    reply = bench.order("POST", "/v1/order", vector["order"])

    assert (reply.state if reply.failed else None) == vector.get("error")
    order = newest(bench)
    assert reply.failed or reply.data == order
    assert order["status"] == vector["status"]
    assert [order["executedQty"], order["executedCost"]] == [vector["executedQty"], vector["executedCost"]]
    assert [[fill["price"], fill["quantity"]] for fill in order["fills"]] == vector["fills"]
    assert all(fill["taker"] for fill in order["fills"])
    assert order["fees"] == (
        [{"amount": vector["fee"], "asset": vector["feeAsset"], "value": vector["fee"]}] if vector["fills"] else []
    )
    assert {asset: money(bench, asset)[0] - was for asset, was in before.items()} == {
        asset: Decimal(change) for asset, change in vector["change"].items()
    }
    assert money(bench, vector["holds_asset"])[1] == Decimal(vector["holds_after"])


@pytest.mark.parametrize("vector", **by_id(MATCHING["holds"]))
def test_an_order_holds_what_the_specification_says(vector: dict[str, Any]) -> None:
    bench = Bench()
    sign = "-" if vector["side"] == "sell" else ""
    place(bench, quantity=sign + vector["quantity"], price=vector["price"])

    assert money(bench, vector["asset"])[1] == Decimal(vector["amount"])


def test_a_full_fill_costs_its_price_and_its_fee() -> None:
    vector = MATCHING["full_fill"]
    bench = Bench()
    before = {asset: money(bench, asset)[0] for asset in vector["change"]}
    bench.order("POST", "/v1/order", {"market": "spot", **vector["order"]})
    assert money(bench, "USDT")[1] == Decimal(vector["held"])

    bench.rest("sell", vector["order"]["price"], vector["order"]["quantity"])

    order = newest(bench)
    assert (order["executedCost"], order["fees"][0]["amount"]) == (vector["executedCost"], vector["fee"])
    assert {asset: money(bench, asset)[0] - was for asset, was in before.items()} == {
        asset: Decimal(change) for asset, change in vector["change"].items()
    }
    assert money(bench, "USDT")[1] == Decimal(vector["holds_after"])


def test_fills_give_back_what_was_held_for_them_share_by_share() -> None:
    bench = Bench()
    place(bench, quantity="4")
    held = []
    for _ in range(4):
        held.append(money(bench, "USDT")[1])
        bench.rest("sell", "100", "1")

    assert held == [Decimal(text) for text in ("400.4", "300.3", "200.2", "100.1")]
    assert money(bench, "USDT")[1] == 0


def test_a_sale_pays_its_fee_in_quote_and_nothing_of_its_base() -> None:
    bench = Bench()
    btc, usdt = money(bench, "BTC")[0], money(bench, "USDT")[0]
    bench.rest("buy", "100")
    place(bench, quantity="-1")

    assert (money(bench, "BTC")[0] - btc, money(bench, "USDT")[0] - usdt) == (-1, Decimal("99.9"))


def test_the_order_that_is_told_is_the_published_one() -> None:
    """But for the number of the product in its id: the sample's has 74, the catalogue's 1."""
    (published,) = [response["body"] for response in PLACED["responses"] if response["provenance"] == "published"]
    bench = Bench()
    placed = place(bench, quantity="0.01", price="10300").data
    bench.wait((int(published["updateTime"]) - int(published["createTime"])) * MS)
    bench.rest("sell", "10300", "0.01")

    told = bench.read("/v1/order", f"id={placed['orderId']}").data
    assert told == {**published, "orderId": "4611687117939015681"}
    assert {name: type(value) for name, value in told.items()} == {name: type(value) for name, value in published.items()}


def test_of_many_fills_the_last_twenty_are_told_and_all_are_counted() -> None:
    window = MATCHING["fill_window"]
    bench = Bench()
    order_id = place(bench, quantity=str(window["fills"])).data["orderId"]
    for _ in range(window["fills"]):
        bench.rest("sell", "100", "1")

    order = bench.read("/v1/order", f"id={order_id}").data
    assert (len(order["fills"]), order["fillCount"]) == (window["kept"], window["fillCount"])
    assert [fill["tradeId"] for fill in order["fills"]] == list(range(2, 22))
    assert order["fees"] == [{"amount": "2.1", "asset": "USDT", "value": "2.1"}]


def test_a_market_order_does_not_look_at_a_price_and_tells_none() -> None:
    bench = Bench()
    bench.rest("sell", "100")
    order = place(bench, type="market", price="a price").data

    assert (order["price"], order["status"], order["type"]) == ("0", "filled", "market")


def test_own_orders_trade_with_each_other() -> None:
    bench = Bench()
    place(bench)
    order = place(bench, quantity="-1").data

    assert (order["status"], order["stf"]) == ("filled", "disabled")


@pytest.mark.parametrize("request_", **by_id([each for each in PLACED["requests"] if each["body"]["market"] == "spot"]))
def test_a_published_order_is_understood(request_: dict[str, Any]) -> None:
    bench = Bench()
    raw = request_.get("text", json.dumps(request_["body"])).encode()
    order = bench.order("POST", "/v1/order", raw).data

    body = request_["body"]
    assert order["side"] == ("sell" if body["quantity"].startswith("-") else "buy")
    assert order["quantity"] == order["visibleQty"] == body["quantity"].lstrip("-")
    assert order["clientOrderId"] == body.get("client_order_id", "")
    assert order["postOnly"] is body.get("post_only", False)
    assert order["timeInForce"] == body.get("time_in_force", "gtc")


# --- quantities and sides


@pytest.mark.parametrize(
    ("quantity", "side", "told"),
    [
        ("1", None, "buy"),
        ("-1", None, "sell"),
        ("1", "buy", "buy"),
        ("1", "sell", "sell"),
        ("-1", "sell", "sell"),
        (1, None, "buy"),
        (-1, None, "sell"),
    ],
)
def test_the_sign_of_the_quantity_or_the_side_says_which_way(quantity: object, side: str | None, told: str) -> None:
    order = place(Bench(), quantity=quantity, **({} if side is None else {"side": side})).data

    assert (order["side"], order["quantity"]) == (told, "1")


def test_numbers_come_as_text_or_as_numbers() -> None:
    bench = Bench()
    raw = b'{"market":"spot","symbol":"BTC_USDT","type":"limit","quantity":0.0001,"price":90000.5}'
    order = bench.order("POST", "/v1/order", raw).data

    assert (order["quantity"], order["price"]) == ("0.0001", "90000.5")


def test_no_decimal_is_shown_with_zeros_behind_it() -> None:
    order = place(Bench(), quantity="1.5000", price="100.10").data

    assert (order["quantity"], order["price"]) == ("1.5", "100.1")


# --- what is refused


@pytest.mark.parametrize("vector", **by_id(MATCHING["validation"]))
def test_an_order_that_is_not_valid_is_refused_with_its_code(vector: dict[str, Any]) -> None:
    """`funds` meets an account with 1000 USDT, so all do."""
    bench = Bench()
    bench.open("carol", USDT="1000")

    assert bench.order("POST", "/v1/order", {"market": "spot", **vector["order"]}, who="carol").state == vector["error"]
    assert bench.read("/v1/orders", "status=settled&symbol=BTC_USDT", who="carol").data == []


@pytest.mark.parametrize("name", ["market", "symbol", "type", "quantity", "price"])
def test_a_parameter_that_is_missing_empty_or_null_is_told(name: str) -> None:
    bench = Bench()

    missing = place(bench, without=name)
    assert (missing.state, missing.body["msg"]) == (-21001, f"missing_parameter: {name}")
    assert place(bench, **{name: None}).state == -21001
    assert place(bench, **{name: ""}).state == -21002


@pytest.mark.parametrize(
    "fields",
    [
        {"market": "futures"},
        {"type": "stop"},
        {"quantity": "NaN"},
        {"quantity": "1e999999"},
        {"quantity": True},
        {"quantity": ["1"]},
        {"quantity": "0.0"},
        {"price": "dear"},
        {"price": {}},
        {"side": "long"},
        {"time_in_force": "fok"},
        {"post_only": "true"},
        {"post_only": 1},
        {"client_order_id": "abc"},
        {"client_order_id": "1.5"},
        {"client_order_id": True},
        {"post_only": True, "time_in_force": "ioc"},
        {"post_only": True, "type": "market"},
    ],
    ids=json.dumps,
)
def test_a_value_that_is_none_is_an_invalid_parameter(fields: dict[str, object]) -> None:
    assert place(Bench(), **fields).state == -21003


@pytest.mark.parametrize(
    "fields",
    [
        {"price": "-1"},
        {"price": "-0.00001"},
        {"quantity": "0.0001", "price": "0.0001"},
        {"quantity": "10000000", "price": "1000.0001"},
    ],
    ids=json.dumps,
)
def test_an_order_that_the_product_does_not_take_is_an_invalid_order(fields: dict[str, object]) -> None:
    assert place(Bench(), **fields).state == -22002


def test_the_greatest_value_is_still_taken() -> None:
    bench = Bench()

    assert place(bench, quantity="-1000", price="10000000").data["status"] == "accepted"
    assert place(bench, quantity="-1000", price="10000000.0001").state == -22002


@pytest.mark.parametrize(("symbol", "market"), [("NOPE_USDT", "spot"), ("BTC_USDT_SWAP", "spot"), ("btc_usdt", "spot")])
def test_a_product_that_the_market_does_not_have_is_told(symbol: str, market: str) -> None:
    assert place(Bench(), symbol=symbol, market=market).state == -22003


@pytest.mark.parametrize(
    ("fields", "without", "code"),
    [
        ({"symbol": ""}, "quantity", -21001),
        ({"symbol": "", "quantity": "0"}, "", -21002),
        ({"symbol": "NOPE_USDT", "quantity": "0"}, "", -21003),
        ({"symbol": "NOPE_USDT", "quantity": "0.00001"}, "", -22003),
        ({"quantity": "0.00001", "client_order_id": "7"}, "", -22002),
        ({"quantity": "9000000", "price": "1000", "client_order_id": "7"}, "", -30002),
    ],
)
def test_what_is_wrong_is_told_in_the_order_of_the_specification(fields: dict[str, object], without: str, code: int) -> None:
    bench = Bench()
    bench.open("carol", USDT="1000")
    place(bench, who="carol", client_order_id="7")

    assert place(bench, who="carol", without=without, **fields).state == code


def test_what_is_refused_can_be_placed_once_there_is_money_for_it() -> None:
    bench = Bench()
    bench.open("carol", USDT="100.0999")

    assert place(bench, who="carol", client_order_id="1").state == -30005
    assert place(bench, who="carol", client_order_id="1", price="99.9999").data["status"] == "accepted"


def test_a_market_buy_needs_money_for_all_that_it_would_take() -> None:
    bench = Bench()
    fill_book(bench, MATCHING["book"])
    bench.open("carol", USDT="302.3019")

    assert place(bench, who="carol", type="market", quantity="3").state == -30005
    assert place(bench, who="carol", type="market", quantity="2").data["status"] == "filled"


def test_whoever_may_only_look_places_nothing() -> None:
    assert place(Bench(), who="viewer").state == -20008


def test_a_frozen_product_takes_no_orders() -> None:
    bench = Bench()
    bench.desk.execute(SetPhase(symbol="BTC_USDT", phase=MarketPhase.HALTED))

    assert place(bench).state == -22002


def test_during_maintenance_nothing_is_placed_or_cancelled() -> None:
    bench = Bench()
    order_id = place(bench).data["orderId"]
    bench.desk.in_maintenance = True

    replies = [
        place(bench),
        bench.order("DELETE", "/v1/order", {"id": order_id}),
        bench.order("POST", "/v1/orders/delete", {"symbol": "BTC_USDT"}),
    ]
    assert [(reply.status, reply.state) for reply in replies] == [(200, -10001)] * 3
    assert bench.read("/v1/order", f"id={order_id}").data["status"] == "accepted"


# --- rejected ones


def test_an_order_that_may_not_take_is_refused_and_kept_as_rejected() -> None:
    bench = Bench()
    bench.rest("sell", "100")

    assert place(bench, post_only=True, client_order_id="9").state == -22002
    (kept,) = bench.read("/v1/orders", "status=settled&symbol=BTC_USDT").data
    assert (kept["status"], kept["clientOrderId"], kept["postOnly"]) == ("rejected", "9", True)
    assert bench.read("/v1/order", "id=c:9").data == kept
    assert bench.order("DELETE", "/v1/order", {"id": kept["orderId"]}).state == -30001
    assert money(bench, "USDT")[1] == 0


def test_a_rejected_order_keeps_its_own_id_for_a_day() -> None:
    bench = Bench()
    bench.rest("sell", "100")
    place(bench, post_only=True, client_order_id="9")

    assert place(bench, price="99", client_order_id="9").state == -30002


def test_a_market_order_is_worth_what_it_would_trade_for() -> None:
    bench = Bench()
    for side, price, qty in (("sell", "1000000", "9000"), ("sell", "1000000.0001", "2000"), ("buy", "0.0001", "5")):
        bench.rest(side, price, qty, who="alice")

    assert place(bench, who="bob", type="market", quantity="10000").state == -22002  # 0.1 above the maximum
    assert place(bench, who="bob", type="market", quantity="-0.9999").state == -22002
    assert place(bench, who="bob", type="market", quantity="-1").data["executedCost"] == "0.0001"
    assert place(bench, who="bob", type="market", quantity="9000").data["executedCost"] == "9000000000"
    assert place(bench, who="bob", type="market", quantity="-4.0001").data["status"] == "partially-cancelled"


def test_a_market_order_without_a_book_is_told_as_rejected() -> None:
    bench = Bench()
    order = place(bench, type="market").data

    assert (order["status"], order["executedQty"], order["fills"], order["fees"]) == ("rejected", "0", [], [])


# --- own ids, and how many orders


@pytest.mark.parametrize("vector", **by_id(NUMBERS["client_order_ids"]))
def test_an_own_id_is_a_number_of_64_bits(vector: dict[str, Any]) -> None:
    reply = place(Bench(), client_order_id=vector["text"])

    if vector["ok"]:
        assert reply.data["clientOrderId"] == vector["text"]
    else:
        assert reply.state == -21003


def test_an_own_id_may_come_as_a_number_and_with_zeros_in_front() -> None:
    bench = Bench()

    assert place(bench, client_order_id=1_733_468_814_795).data["clientOrderId"] == "1733468814795"
    assert place(bench, client_order_id="007").data["clientOrderId"] == "7"
    assert place(bench, client_order_id="7").state == -30002


def test_an_own_id_is_taken_while_its_order_lives_and_for_a_day() -> None:
    bench = Bench()
    place(bench, client_order_id="1")
    done = place(bench, client_order_id="2", time_in_force="ioc").data
    assert done["status"] == "cancelled"

    bench.wait(24 * HOUR - 1)
    assert [place(bench, client_order_id=text).state for text in ("1", "2")] == [-30002, -30002]
    bench.wait(1)
    assert place(bench, client_order_id="1").state == -30002
    assert place(bench, client_order_id="2").data["status"] == "accepted"


def test_accounts_have_own_ids_of_their_own() -> None:
    bench = Bench()
    place(bench, client_order_id="1")

    assert place(bench, who="bob", client_order_id="1").data["clientOrderId"] == "1"


def test_the_five_hundred_and_first_open_order_is_refused_in_any_product() -> None:
    bench = Bench()
    for number in range(500):
        bench.rest("buy", "1", who="alice", symbol=("BTC_USDT", "ETH_USDT")[number % 2])

    assert place(bench).state == -30004
    assert place(bench, symbol="EOS_USDT").state == -30004
    assert place(bench, time_in_force="ioc").data["status"] == "cancelled"
    assert place(bench, who="bob").data["status"] == "accepted"
    bench.order("DELETE", "/v1/orders", {"symbol": "ETH_USDT"})
    assert place(bench).data["status"] == "accepted"


def test_an_order_costs_five_points() -> None:
    assert place(Bench()).usage == "5:5:9995"


def test_an_orders_id_tells_its_product_and_does_not_fit_a_double() -> None:
    bench = Bench()
    order_id = int(place(bench, symbol="ETH_USDT").data["orderId"])

    assert order_id == 2**62 + (2 << 40) + 1
    assert float(order_id) != order_id
