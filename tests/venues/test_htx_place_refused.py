"""What HTX refuses an order for: with which words, in which order, under which conditions (htx§3.4, htx§4)."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from htx_support import HOUR, Bench, make_listing
from mockex.fixtures import load

from mockex.core.commands import FreezeAccount
from mockex.core.markets import MarketPhase
from mockex.core.units import Wallet

PLACE = "/v1/order/orders/place"
MATCHING = {vector["id"].partition(".")[2]: vector for vector in load("htx", "matching")["vectors"]}


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

    assert bench.detail(bench.place_id("buy-limit", "1", "100", source=source))["source"] == source


def test_without_a_source_it_is_the_default_and_another_one_is_invalid() -> None:
    bench = Bench()

    assert bench.detail(bench.place_id("buy-limit", "1", "100"))["source"] == load("htx", "states")["sources"]["default"]
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

    assert bench.detail(order_id)["source"] == "spot-api"
    assert json.dumps(bench.detail(order_id))
