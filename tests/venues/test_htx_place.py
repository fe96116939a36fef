"""Placing orders at HTX: what each type becomes, its answer, its client id and its trades (htx§3.4)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from fixture_shapes import deviations
from htx_support import Bench, by_id, make_listing
from mockex.fixtures import load

from mockex.core.units import Wallet

PLACE = "/v1/order/orders/place"
MATCHING = {vector["id"].partition(".")[2]: vector for vector in load("htx", "matching")["vectors"]}
TYPES = load("htx", "states")["order_types"]


def held(bench: Bench, asset: str, who: str = "alice") -> Decimal:
    balance = bench.desk.account(who).balance(Wallet.SPOT, asset)
    return Decimal(balance.held).scaleb(-18)


def total(bench: Bench, asset: str, who: str = "alice") -> Decimal:
    return Decimal(bench.desk.account(who).balance(Wallet.SPOT, asset).total).scaleb(-18)


# --- the answer


def test_an_answer_is_the_id_as_text_in_the_shape_of_the_example() -> None:
    bench = Bench()
    reply = bench.order("buy-limit", "0.01", "20500")

    assert deviations(reply.body, load("htx", "rest/place_order")["fields"]) == []
    assert reply.body["data"].isdigit()
    assert bench.detail(int(reply.body["data"]))["id"] == int(reply.body["data"])


@pytest.mark.parametrize("example", **by_id(load("htx", "rest/place_order")["requests"]))
def test_the_bodies_of_other_clients_are_taken(example: dict[str, Any]) -> None:
    bench = Bench()
    number = bench.desk.state.identities.account_number("alice")
    body = example["body"] | {"account-id": type(example["body"]["account-id"])(number)}

    order = bench.detail(int(bench.write(PLACE, body).body["data"]))

    shown = {name: order[name] for name in ("symbol", "type", "client-order-id", "account-id")}
    assert shown == {
        "symbol": "btcusdt", "type": "buy-limit", "client-order-id": body["client-order-id"], "account-id": number,
    }  # fmt: skip
    assert (Decimal(order["amount"]), Decimal(order["price"])) == (Decimal("0.01"), 20500)


@pytest.mark.parametrize(("amount", "price"), [("0.01", "20500"), (0.01, 20500), ("0.0100000", "20500.000"), ("1e-2", 2.05e4)])
def test_numbers_may_be_json_numbers_and_may_end_in_zeros(amount: object, price: object) -> None:
    bench = Bench()
    account = bench.desk.state.identities.account_number("alice")
    body = {"account-id": account, "symbol": "btcusdt", "type": "sell-limit", "amount": amount, "price": price}

    order = bench.detail(int(bench.write(PLACE, body).body["data"]))

    assert (order["amount"], order["price"]) == ("0.010000000000000000", "20500.000000000000000000")


# --- types


@pytest.mark.parametrize("side", TYPES["sides"])
@pytest.mark.parametrize("kind", TYPES["kinds"], ids=lambda kind: kind["kind"])
def test_every_type_of_the_document_is_taken_and_shown_as_it_was_placed(side: str, kind: dict[str, Any]) -> None:
    bench = Bench()
    bench.trade("20000", "1")
    bench.rest("sell", "20100", "1")
    bench.rest("buy", "19900", "1")
    stops = {"stop_price": "20200" if side == "buy" else "19800", "operator": "gte" if side == "buy" else "lte"}
    price = "20000" if kind["price"] else None

    order_id = bench.place_id(f"{side}-{kind['kind']}", "10" if kind["kind"] == "market" and side == "buy" else "0.01", price,
                              **(stops if "also" in kind else {}))  # fmt: skip

    order = bench.detail(order_id)
    assert order["type"] == f"{side}-{kind['kind']}"
    assert order["price"] == ("20000.000000000000000000" if kind["price"] else "0.0")
    states = {"market": "filled", "limit": "submitted", "ioc": "canceled", "limit-maker": "submitted", "limit-fok": "canceled"}
    assert order["state"] == states.get(kind["kind"], "created")
    assert ("stop-price" in order, "operator" in order) == ("also" in kind,) * 2


@pytest.mark.parametrize("word", ["buy", "limit", "buy-stop", "BUY-LIMIT", "buy-stop-market", "hold-limit", "buy-limit "])
def test_any_other_type_is_invalid(word: str) -> None:
    assert Bench().order(word, "1", "100").error[1] == "order-type-invalid"


def test_a_market_buy_spends_its_money_and_shows_no_price() -> None:
    bench = Bench()
    bench.rest("sell", "100", "1")
    bench.rest("sell", "101", "1")

    order = bench.detail(bench.place_id("buy-market", "150.5", "7"))

    assert (order["amount"], order["price"], order["state"]) == ("150.500000000000000000", "0.0", "filled")
    assert order["field-cash-amount"] == "150.500000000000000000"
    assert order["field-amount"] == "1.500000000000000000"


def test_the_dust_of_a_market_buy_is_that_of_the_vectors_order() -> None:
    vector, fee = MATCHING["market-buy-dust"], MATCHING["fee-of-dust"]
    bench = Bench(make_listing("TRX", "USDT", price_precision=3, amount_precision=4))
    bench.rest("sell", vector["price"], "1000", symbol="trxusdt")

    order = bench.detail(bench.place_id("buy-market", vector["value"], symbol="trxusdt"))

    assert order["field-amount"] == vector["filled_amount"]
    assert order["field-cash-amount"] == vector["filled_cash"]
    assert order["field-fees"] == fee["fee"]
    assert order["state"] == vector["state"]
    assert held(bench, "USDT") == 0


def test_what_a_market_order_cannot_fill_is_cancelled() -> None:
    bench = Bench()
    bench.rest("sell", "100", "1")
    bench.rest("buy", "90", "1")

    bought = bench.detail(bench.place_id("buy-market", "150"))
    sold = bench.detail(bench.place_id("sell-market", "3"))
    nothing = bench.detail(bench.place_id("sell-market", "3"))

    assert (bought["state"], bought["field-cash-amount"]) == ("partial-canceled", "100.000000000000000000")
    assert (sold["state"], sold["field-amount"]) == ("partial-canceled", "1.000000000000000000")
    assert (nothing["state"], nothing["field-amount"]) == ("canceled", "0.0")
    assert (held(bench, "USDT"), held(bench, "BTC")) == (0, 0)


def test_a_market_order_walks_no_further_than_a_tenth_from_the_best_price() -> None:
    bench = Bench()
    for price in ("100", "110", "110.01"):
        bench.rest("sell", price, "1")

    order = bench.detail(bench.place_id("buy-market", "1000"))

    assert (order["state"], order["field-amount"]) == ("partial-canceled", "2.000000000000000000")


def test_an_ioc_order_keeps_what_it_got_at_once() -> None:
    bench = Bench()
    bench.rest("sell", "100", "1")

    order = bench.detail(bench.place_id("buy-ioc", "3", "100"))

    assert (order["state"], order["field-amount"]) == ("partial-canceled", "1.000000000000000000")
    assert held(bench, "USDT") == 0


def test_a_fok_order_is_filled_whole_or_not_at_all() -> None:
    bench = Bench()
    bench.rest("sell", "100", "1")

    assert bench.detail(bench.place_id("buy-limit-fok", "2", "100"))["state"] == "canceled"
    assert bench.detail(bench.place_id("buy-limit-fok", "1", "100"))["state"] == "filled"


def test_a_limit_maker_order_that_would_take_gets_an_id_and_is_cancelled() -> None:
    bench = Bench()
    bench.rest("sell", "100", "1")

    order_id = bench.place_id("buy-limit-maker", "1", "100")

    listed = bench.read("/v1/order/orders", {"symbol": "btcusdt", "states": "canceled"}).body["data"]
    assert [(row["id"], row["canceled-source-desc"], row["field-amount"]) for row in listed] == [
        (order_id, "limit_maker", "0.0")
    ]


@pytest.mark.parametrize(
    ("order", "price", "amount", "asset"),
    [("buy-limit", "20000.5", "0.5", "USDT"), ("sell-limit", "20000", "0.5", "BTC")],
)
def test_a_resting_order_holds_price_times_amount_or_the_amount(order: str, price: str, amount: str, asset: str) -> None:
    bench = Bench()

    bench.place_id(order, amount, price)

    assert held(bench, asset) == (Decimal("10000.25") if asset == "USDT" else Decimal("0.5"))


@pytest.mark.parametrize("side", ["buy", "sell"])
def test_fees_are_taken_from_what_is_received(side: str) -> None:
    vector = MATCHING[f"fee-of-{side}"]
    bench = Bench()
    bench.rest("sell" if side == "buy" else "buy", vector["price"], vector["amount"])
    asset = "BTC" if side == "buy" else "USDT"
    before = total(bench, asset)

    order = bench.detail(bench.place_id(f"{side}-limit", vector["amount"], vector["price"]))

    assert Decimal(order["field-fees"]) == Decimal(vector["fee"])
    received = Decimal(vector["amount"]) * (1 if side == "buy" else Decimal(vector["price"]))
    assert total(bench, asset) - before == received - Decimal(vector["fee"])


# --- stop orders


def test_a_stop_order_waits_with_its_funds_held_and_then_is_a_limit_order() -> None:
    bench = Bench()
    bench.trade("20000", "1")
    order_id = bench.place_id("buy-stop-limit", "0.1", "20200", stop_price="20100", operator="gte")

    waiting = bench.detail(order_id)
    assert (waiting["state"], waiting["stop-price"], waiting["operator"]) == ("created", "20100.000000000000000000", "gte")
    assert held(bench, "USDT") == 2020

    bench.rest("sell", "20099.99", "1")
    bench.rest("buy", "20099.99", "1", who="alice")
    assert bench.detail(order_id)["state"] == "created"
    bench.rest("sell", "20100", "1")
    bench.rest("buy", "20100", "1", who="alice")

    triggered = bench.detail(order_id)
    assert (triggered["state"], triggered["type"]) == ("submitted", "buy-stop-limit")


def test_a_stop_order_whose_trigger_is_met_already_is_refused() -> None:
    bench = Bench()
    bench.trade("20000", "1")

    reply = bench.order("buy-stop-limit", "0.1", "20000", stop_price="20000", operator="gte")

    assert reply.error == (
        200, "order-stop-order-hit-trigger", "Orders that are triggered immediately are not supported.",
    )  # fmt: skip
    assert bench.order("buy-stop-limit", "0.1", "20000", stop_price="20000.01", operator="gte").body["status"] == "ok"
    assert bench.order("sell-stop-limit", "0.1", "19000", stop_price="20000", operator="lte").error[1] == reply.error[1]


@pytest.mark.parametrize("missing", ["stop_price", "operator"])
def test_a_stop_order_needs_its_price_and_its_operator(missing: str) -> None:
    fields = {"stop_price": "20100", "operator": "gte"}
    del fields[missing]

    reply = Bench().order("buy-stop-limit", "0.1", "20200", **fields)

    assert reply.error == (200, "parameter-required", f"parameter is required: {missing.replace('_', '-')}")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"stop_price": "20100", "operator": "gt"}, "base-argument-unsupported"),
        ({"stop_price": "20100.001", "operator": "gte"}, "order-orderprice-precision-error"),
        ({"stop_price": "0", "operator": "gte"}, "order-invalid-price"),
        ({"stop_price": "-1", "operator": "gte"}, "order-invalid-price"),
        ({"stop_price": "x", "operator": "gte"}, "validation-format-error"),
    ],
)
def test_a_stop_price_is_a_price_and_an_operator_one_of_two(fields: dict[str, str], code: str) -> None:
    assert Bench().order("buy-stop-limit", "0.1", "20200", **fields).error[1] == code


# --- client ids


@pytest.mark.parametrize("name", ["a" * 64, "A-z_0", "1"])
def test_a_client_id_of_the_documented_letters_is_kept(name: str) -> None:
    bench = Bench()

    assert bench.detail(bench.place_id("buy-limit", "1", "100", client_order_id=name))["client-order-id"] == name


@pytest.mark.parametrize("name", ["a" * 65, "a b", "ä", "a.b", "a\n"])
def test_another_client_id_is_invalid(name: str) -> None:
    assert Bench().order("buy-limit", "1", "100", client_order_id=name).error[1] == "invalid-client-order-id"


def test_an_open_orders_client_id_is_taken_and_a_closed_ones_is_free() -> None:
    bench = Bench()
    first = bench.place_id("buy-limit", "1", "100", client_order_id="a1")

    assert bench.order("buy-limit", "1", "100", client_order_id="a1").error[1] == "invalid-client-order-id"
    assert bench.order("sell-limit", "1", "100", client_order_id="a1", who="bob").body["status"] == "ok"
    assert bench.detail(first)["state"] == "filled"
    assert bench.order("buy-limit", "1", "100", client_order_id="a1").body["status"] == "ok"


def test_with_the_switch_a_name_means_the_newest_of_its_orders() -> None:
    bench = Bench(reused_client_ids=True)
    bench.place_id("buy-limit", "1", "100", client_order_id="a1")
    newest = bench.place_id("buy-limit", "2", "100", client_order_id="a1")

    assert bench.read("/v1/order/orders/getClientOrder", {"clientOrderId": "a1"}).body["data"]["id"] == newest


# --- trading with oneself


def test_an_account_may_trade_with_itself_unless_the_order_says_no() -> None:
    bench = Bench()
    maker = bench.place_id("sell-limit", "1", "100")

    stopped = bench.place_id("buy-limit", "1", "100", self_match_prevent=1)
    listed = bench.read("/v1/order/orders", {"symbol": "btcusdt", "states": "canceled"}).body["data"]
    assert [(row["id"], row["canceled-source-desc"]) for row in listed] == [(stopped, "self_match_prevent")]
    assert bench.detail(maker)["state"] == "submitted"

    assert bench.detail(bench.place_id("buy-limit", "1", "100", self_match_prevent="0"))["state"] == "filled"
    assert bench.detail(maker)["state"] == "filled"


@pytest.mark.parametrize("value", [2, "yes", -1, True, [1]])
def test_self_match_prevent_is_0_or_1(value: object) -> None:
    reply = Bench().order("buy-limit", "1", "100", self_match_prevent=value)

    assert reply.error[1] in ("base-argument-unsupported", "validation-format-error")
