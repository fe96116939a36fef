"""Placing orders at HTX: what each type becomes, what is refused, with which words and in which order (htx§3.4, htx§4)."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from fixture_shapes import deviations
from htx_support import HOUR, Bench, by_id, make_listing
from mockex.fixtures import load

from mockex.core.commands import FreezeAccount
from mockex.core.markets import MarketPhase
from mockex.core.units import Wallet

PLACE = "/v1/order/orders/place"
MATCHING = {vector["id"].partition(".")[2]: vector for vector in load("htx", "matching")["vectors"]}
TYPES = load("htx", "states")["order_types"]


def detail(bench: Bench, order_id: int, who: str = "alice") -> dict[str, Any]:
    body: dict[str, Any] = bench.read(f"/v1/order/orders/{order_id}", who=who).body
    assert body["status"] == "ok", body
    row: dict[str, Any] = body["data"]
    return row


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
    assert detail(bench, int(reply.body["data"]))["id"] == int(reply.body["data"])


@pytest.mark.parametrize("example", **by_id(load("htx", "rest/place_order")["requests"]))
def test_the_bodies_of_other_clients_are_taken(example: dict[str, Any]) -> None:
    bench = Bench()
    number = bench.desk.state.identities.account_number("alice")
    body = example["body"] | {"account-id": type(example["body"]["account-id"])(number)}

    order = detail(bench, int(bench.write(PLACE, body).body["data"]))

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

    order = detail(bench, int(bench.write(PLACE, body).body["data"]))

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

    order = detail(bench, order_id)
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

    order = detail(bench, bench.place_id("buy-market", "150.5", "7"))

    assert (order["amount"], order["price"], order["state"]) == ("150.500000000000000000", "0.0", "filled")
    assert order["field-cash-amount"] == "150.500000000000000000"
    assert order["field-amount"] == "1.500000000000000000"


def test_the_dust_of_a_market_buy_is_that_of_the_vectors_order() -> None:
    vector, fee = MATCHING["market-buy-dust"], MATCHING["fee-of-dust"]
    bench = Bench(make_listing("TRX", "USDT", price_precision=3, amount_precision=4))
    bench.rest("sell", vector["price"], "1000", symbol="trxusdt")

    order = detail(bench, bench.place_id("buy-market", vector["value"], symbol="trxusdt"))

    assert order["field-amount"] == vector["filled_amount"]
    assert order["field-cash-amount"] == vector["filled_cash"]
    assert order["field-fees"] == fee["fee"]
    assert order["state"] == vector["state"]
    assert held(bench, "USDT") == 0


def test_what_a_market_order_cannot_fill_is_cancelled() -> None:
    bench = Bench()
    bench.rest("sell", "100", "1")
    bench.rest("buy", "90", "1")

    bought = detail(bench, bench.place_id("buy-market", "150"))
    sold = detail(bench, bench.place_id("sell-market", "3"))
    nothing = detail(bench, bench.place_id("sell-market", "3"))

    assert (bought["state"], bought["field-cash-amount"]) == ("partial-canceled", "100.000000000000000000")
    assert (sold["state"], sold["field-amount"]) == ("partial-canceled", "1.000000000000000000")
    assert (nothing["state"], nothing["field-amount"]) == ("canceled", "0.0")
    assert (held(bench, "USDT"), held(bench, "BTC")) == (0, 0)


def test_a_market_order_walks_no_further_than_a_tenth_from_the_best_price() -> None:
    bench = Bench()
    for price in ("100", "110", "110.01"):
        bench.rest("sell", price, "1")

    order = detail(bench, bench.place_id("buy-market", "1000"))

    assert (order["state"], order["field-amount"]) == ("partial-canceled", "2.000000000000000000")


def test_an_ioc_order_keeps_what_it_got_at_once() -> None:
    bench = Bench()
    bench.rest("sell", "100", "1")

    order = detail(bench, bench.place_id("buy-ioc", "3", "100"))

    assert (order["state"], order["field-amount"]) == ("partial-canceled", "1.000000000000000000")
    assert held(bench, "USDT") == 0


def test_a_fok_order_is_filled_whole_or_not_at_all() -> None:
    bench = Bench()
    bench.rest("sell", "100", "1")

    assert detail(bench, bench.place_id("buy-limit-fok", "2", "100"))["state"] == "canceled"
    assert detail(bench, bench.place_id("buy-limit-fok", "1", "100"))["state"] == "filled"


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

    order = detail(bench, bench.place_id(f"{side}-limit", vector["amount"], vector["price"]))

    assert Decimal(order["field-fees"]) == Decimal(vector["fee"])
    received = Decimal(vector["amount"]) * (1 if side == "buy" else Decimal(vector["price"]))
    assert total(bench, asset) - before == received - Decimal(vector["fee"])


# --- stop orders


def test_a_stop_order_waits_with_its_funds_held_and_then_is_a_limit_order() -> None:
    bench = Bench()
    bench.trade("20000", "1")
    order_id = bench.place_id("buy-stop-limit", "0.1", "20200", stop_price="20100", operator="gte")

    waiting = detail(bench, order_id)
    assert (waiting["state"], waiting["stop-price"], waiting["operator"]) == ("created", "20100.000000000000000000", "gte")
    assert held(bench, "USDT") == 2020

    bench.rest("sell", "20099.99", "1")
    bench.rest("buy", "20099.99", "1", who="alice")
    assert detail(bench, order_id)["state"] == "created"
    bench.rest("sell", "20100", "1")
    bench.rest("buy", "20100", "1", who="alice")

    triggered = detail(bench, order_id)
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


# --- refusals


@pytest.mark.parametrize("missing", ["account-id", "symbol", "type", "amount", "price"])
@pytest.mark.parametrize("blank", [None, "", "absent"])
def test_a_missing_field_is_named(missing: str, blank: str | None) -> None:
    bench = Bench()
    body: dict[str, Any] = {
        "account-id": "100009", "symbol": "btcusdt", "type": "buy-limit", "amount": "1", "price": "100",
    }  # fmt: skip
    if blank == "absent":
        del body[missing]
    else:
        body[missing] = blank

    assert bench.write(PLACE, body).error == (200, "validation-constraints-required", f"Field is missing: {missing}.")


# btcusdt: prices of 2 decimals, amounts of 6 from 0.0001 to 1000, 5 USDT at least; market sells to 100, buys to 1000000 USDT.
REFUSALS = [
    ("buy-limit", "1", "100.001", "order-orderprice-precision-error", "order price precision error, scale: `2`"),
    ("buy-limit", "1.0000001", "100", "order-orderamount-precision-error", "order amount precision error, scale: `6`"),
    ("buy-market", "5.0000001", None, "order-orderamount-precision-error", "order amount precision error, scale: `6`"),
    ("sell-market", "1.0000001", None, "order-orderamount-precision-error", "order amount precision error, scale: `6`"),
    ("buy-limit", "1", "0", "order-invalid-price", "invalid price"),
    ("buy-limit", "1", "-100", "order-invalid-price", "invalid price"),
    ("buy-limit", "0", "100", "order-limitorder-amount-min-error", "limit order amount error, min: `0.0001`"),
    ("buy-limit", "-1", "100", "order-limitorder-amount-min-error", "limit order amount error, min: `0.0001`"),
    ("buy-limit", "0.000099", "100000", "order-limitorder-amount-min-error", "limit order amount error, min: `0.0001`"),
    ("sell-limit", "1000.000001", "100", "order-limitorder-amount-max-error", "limit order amount error, max: `1000`"),
    ("buy-limit", "0.049999", "100", "order-value-min-error", "Order total cannot be lower than: 5 USDT"),
    ("sell-market", "0", None, "order-marketorder-amount-min-error", "market order amount error, min: `0.0001`"),
    ("sell-market", "0.000099", None, "order-marketorder-amount-min-error", "market order amount error, min: `0.0001`"),
    ("sell-market", "100.000001", None, "order-marketorder-amount-sell-max-error", "market order amount error, max: `100`"),
    ("buy-market", "0", None, "order-marketorder-amount-min-error", "market order amount error, min: `5`"),
    ("buy-market", "4.999999", None, "order-value-min-error", "Order total cannot be lower than: 5 USDT"),
    ("buy-market", "1000000.000001", None, "order-marketorder-amount-buy-max-error",
     "market order amount error, max: `1000000`"),
    ("buy-limit", "x", "100", "validation-format-error", "Format Error: amount."),
    ("buy-limit", "NaN", "100", "validation-format-error", "Format Error: amount."),
    ("buy-limit", "1", "1,5", "validation-format-error", "Format Error: price."),
]  # fmt: skip


@pytest.mark.parametrize(("order_type", "amount", "price", "code", "text"), REFUSALS)
def test_a_size_or_price_that_does_not_fit_is_told_with_the_limit(
    order_type: str, amount: str, price: str | None, code: str, text: str
) -> None:
    bench = Bench()
    bench.rest("sell", "100", "1")
    bench.rest("buy", "99", "1")

    assert bench.order(order_type, amount, price).error == (200, code, text)


def test_limit_buys_and_sells_may_have_maxima_of_their_own_which_are_published() -> None:
    listing = make_listing(max_qty=Decimal(9), max_limit_buy=Decimal("7.5"), max_limit_sell=Decimal(8))
    bench = Bench(listing)
    (row,) = [row for row in bench.get("/v1/common/symbols").body["data"] if row["symbol"] == "btcusdt"]

    for side, most in (("buy", "7.5"), ("sell", "8")):
        assert row[f"limit-order-max-{side}-amt"] == Decimal(most)
        assert bench.order(f"{side}-limit", most, "100").body["status"] == "ok"
        error = bench.order(f"{side}-limit", str(Decimal(most) + 1), "100").error
        assert error == (200, "order-limitorder-amount-max-error", f"limit order amount error, max: `{most}`")
        bench.write("/v1/order/orders/batchCancelOpenOrders", {})


def test_the_least_value_is_that_of_the_vector() -> None:
    vector, bench = MATCHING["least-value"], Bench()

    assert bench.order("buy-limit", vector["allowed"], vector["price"]).body["status"] == "ok"
    assert bench.order("buy-limit", vector["refused"], vector["price"]).error[1] == vector["error"]


@pytest.mark.parametrize("side", ["buy", "sell"])
def test_a_limit_price_stays_within_the_band_around_the_last_price(side: str) -> None:
    vector, bench = MATCHING[f"band-{side}"], Bench()
    assert bench.order(f"{side}-limit", "0.01", vector["refused"]).body["status"] == "ok", "nothing has traded yet"
    bench = Bench()
    bench.trade(vector["last"], "1")

    assert bench.order(f"{side}-limit", "0.01", vector["allowed"]).body["status"] == "ok"
    limit = f"limit order price error, {'max' if side == 'buy' else 'min'}: `{vector['allowed']}`"
    assert bench.order(f"{side}-limit", "0.01", vector["refused"]).error == (200, vector["error"], limit)


@pytest.mark.parametrize(
    ("order_type", "amount", "price"), [("buy-limit", "1", "100"), ("sell-limit", "1", "100"), ("buy-market", "100", None)]
)
def test_what_is_left_is_told_when_it_is_not_enough(order_type: str, amount: str, price: str | None) -> None:
    bench = Bench(accounts={"alice": {"USDT": "99.5", "BTC": "0.0027"}, "bob": {"BTC": "10"}})
    bench.rest("sell", "101", "1", who="bob")

    reply = bench.order(order_type, amount, price)

    left = "0.0027" if order_type.startswith("sell") else "99.5"
    assert reply.error == (
        200, "account-frozen-balance-insufficient-error", f"trade account balance is not enough, left: `{left}`",
    )  # fmt: skip


def test_the_account_must_be_the_callers_spot_account() -> None:
    bench = Bench()
    identities = bench.desk.state.identities
    for number in (identities.account_number("bob"), identities.account_number("alice", Wallet.FUNDING), 1, "x", 1.5, -1):
        body = {"account-id": number, "symbol": "btcusdt", "type": "buy-limit", "amount": "1", "price": "100"}

        assert bench.write(PLACE, body).error[1] == "account-account-id-inexistent"


@pytest.mark.parametrize("symbol", ["adausdt", "BTCUSDT", "btc-usdt", "x" * 1000])
def test_a_symbol_must_be_listed_in_lower_case(symbol: str) -> None:
    assert Bench().order("buy-limit", "1", "100", symbol=symbol).error == (200, "base-symbol-error", "The symbol is invalid")


@pytest.mark.parametrize("source", load("htx", "states")["sources"]["values"])
def test_a_listed_source_is_shown(source: str) -> None:
    bench = Bench()

    assert detail(bench, bench.place_id("buy-limit", "1", "100", source=source))["source"] == source


def test_without_a_source_it_is_the_default_and_another_one_is_invalid() -> None:
    bench = Bench()

    assert detail(bench, bench.place_id("buy-limit", "1", "100"))["source"] == load("htx", "states")["sources"]["default"]
    assert bench.order("buy-limit", "1", "100", source="fax").error[1] == "order-source-invalid"


@pytest.mark.parametrize("body", [b"", b"  ", b"{", b"[]", b"null", b'"x"', b"1", b"\xff"])
def test_a_body_must_be_a_json_object(body: bytes) -> None:
    bench = Bench()

    reply = bench.send("POST", PLACE, bench.signed_query("POST", PLACE), body=body)

    assert reply.error[:2] == (200, "bad-request")


# Each with one mistake more than the one before: the mistake that comes first is told.
@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"account-id": "7", "symbol": "x", "type": "x", "amount": "0.0000001", "price": "0.001"},
         "account-account-id-inexistent"),
        ({"symbol": "x", "type": "x", "amount": "0.0000001", "price": "0.001"}, "base-symbol-error"),
        ({"type": "x", "amount": "0.0000001", "price": "0.001"}, "order-type-invalid"),
        ({"amount": "0.0000001", "price": "0.001"}, "order-orderprice-precision-error"),
        ({"amount": "0.0000001", "price": "99999999999999"}, "order-orderamount-precision-error"),
        ({"amount": "0.00001", "price": "99999999999999"}, "order-limitorder-amount-min-error"),
        ({"amount": "1", "price": "99999999999999"}, "order-limitorder-price-max-error"),
        ({"amount": "1000", "price": "110"}, "invalid-client-order-id"),
        ({"amount": "1000", "price": "110", "client-order-id": "free"}, "account-frozen-balance-insufficient-error"),
    ],
)  # fmt: skip
def test_of_several_mistakes_the_first_of_the_documented_order_is_told(body: dict[str, str], code: str) -> None:
    bench = Bench(accounts={"alice": {"USDT": "1000"}, "bob": {"USDT": "10000", "BTC": "10"}})
    bench.rest("sell", "100", "1")
    bench.rest("buy", "100", "1")
    bench.place_id("buy-limit", "1", "99", client_order_id="taken")
    good = {"account-id": "100009", "symbol": "btcusdt", "type": "buy-limit", "client-order-id": "taken"}

    assert bench.write(PLACE, good | body).error[1] == code


# --- client ids


@pytest.mark.parametrize("name", ["a" * 64, "A-z_0", "1"])
def test_a_client_id_of_the_documented_letters_is_kept(name: str) -> None:
    bench = Bench()

    assert detail(bench, bench.place_id("buy-limit", "1", "100", client_order_id=name))["client-order-id"] == name


@pytest.mark.parametrize("name", ["a" * 65, "a b", "ä", "a.b", "a\n"])
def test_another_client_id_is_invalid(name: str) -> None:
    assert Bench().order("buy-limit", "1", "100", client_order_id=name).error[1] == "invalid-client-order-id"


def test_an_open_orders_client_id_is_taken_and_a_closed_ones_is_free() -> None:
    bench = Bench()
    first = bench.place_id("buy-limit", "1", "100", client_order_id="a1")

    assert bench.order("buy-limit", "1", "100", client_order_id="a1").error[1] == "invalid-client-order-id"
    assert bench.order("sell-limit", "1", "100", client_order_id="a1", who="bob").body["status"] == "ok"
    assert detail(bench, first)["state"] == "filled"
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
    assert detail(bench, maker)["state"] == "submitted"

    assert detail(bench, bench.place_id("buy-limit", "1", "100", self_match_prevent="0"))["state"] == "filled"
    assert detail(bench, maker)["state"] == "filled"


@pytest.mark.parametrize("value", [2, "yes", -1, True, [1]])
def test_self_match_prevent_is_0_or_1(value: object) -> None:
    reply = Bench().order("buy-limit", "1", "100", self_match_prevent=value)

    assert reply.error[1] in ("base-argument-unsupported", "validation-format-error")


# --- conditions of the venue and of the account


def test_a_halted_market_takes_no_orders() -> None:
    bench = Bench()
    bench.set_phase(MarketPhase.HALTED)

    assert bench.order("buy-limit", "1", "100").error == (
        200, "base-symbol-trade-disabled", "Trading is disabled for this symbol",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("phase", "order_type", "code"),
    [
        (MarketPhase.CALL_AUCTION, "sell-market", "market-orders-not-support-during-limit-price-trading"),
        (MarketPhase.PRICE_DISCOVERY, "sell-limit", "forbidden-trade-for-open-protect"),
    ],
)
def test_phases_of_an_opening_take_one_kind_of_orders(phase: MarketPhase, order_type: str, code: str) -> None:
    bench = Bench()
    bench.set_phase(phase)

    assert bench.order(order_type, "1", "100").error[1] == code


@pytest.mark.parametrize(
    ("order_type", "price", "code"),
    [("buy-limit", "110.01", "order-price-greater-than-limit"), ("sell-limit", "89.99", "order-price-less-than-limit")],
)
def test_while_a_market_opens_a_price_outside_the_band_has_words_of_its_own(order_type: str, price: str, code: str) -> None:
    bench = Bench()
    bench.trade("100", "1")
    bench.set_phase(MarketPhase.CALL_AUCTION)

    assert bench.order(order_type, "1", price).error[1] == code
    assert bench.order(order_type, "1", "100").body["status"] == "ok"


def test_an_operator_can_close_orders_and_the_whole_venue() -> None:
    bench = Bench()
    bench.desk.flags.add("orders_off")
    assert bench.order("buy-limit", "1", "100").error[1] == "order-disabled"

    bench.desk.flags.clear()
    bench.desk.in_maintenance = True
    assert bench.order("buy-limit", "1", "100").error[1] == "system-maintenance"


def test_a_frozen_account_places_nothing() -> None:
    bench = Bench()
    bench.desk.execute(FreezeAccount(account_id="alice", frozen=True))

    assert bench.order("buy-limit", "1", "100").error[1] == "operation-forbidden-for-lock-account-state"


def test_open_orders_are_capped_only_when_told_so() -> None:
    bench = Bench(open_order_cap="10")
    for _ in range(10):
        bench.place_id("buy-limit", "1", "100")

    assert bench.order("buy-limit", "1", "100").error[1] == "order-amount-over-limit"
    assert bench.order("buy-ioc", "1", "100").body["status"] == "ok", "which cannot stay open"
    assert bench.order("buy-limit", "1", "1000", symbol="ethusdt").body["status"] == "ok"


def test_a_key_that_may_only_read_places_nothing() -> None:
    reply = Bench().write(PLACE, {}, who="viewer")

    assert reply.error == (200, "api-signature-not-valid", "Signature not valid: API key has no permission [API Key没有权限]")


def test_orders_are_counted_per_user_in_windows_of_two_seconds() -> None:
    bench = Bench(limits=True)
    bench.clock.advance_to(bench.clock.now_ns() // (2 * 10**9) * 2 * 10**9 + 2 * 10**9)
    replies = [bench.order("buy-limit", "1", "100") for _ in range(101)]

    assert [reply.status for reply in replies] == [200] * 100 + [429]
    assert replies[0].headers["X-HB-RateLimit-Requests-Remain"] == "99"
    assert replies[-1].headers["X-HB-RateLimit-Requests-Expire"] == str(bench.now_ms + 2_000)
    assert bench.order("buy-limit", "1", "100", who="bob").status == 200
    bench.clock.advance(2 * 10**9)
    assert bench.order("buy-limit", "1", "100").status == 200


def test_an_order_of_another_kind_of_client_shows_the_default_source() -> None:
    bench = Bench()
    order_id = bench.rest("buy", "100", "1", who="alice")
    bench.clock.advance(HOUR)

    assert detail(bench, order_id)["source"] == "spot-api"
    assert json.dumps(detail(bench, order_id))
