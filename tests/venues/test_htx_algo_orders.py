"""Conditional orders over REST: what is taken, and what is refused with which code (htx§3.4, htx§7)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from fixture_shapes import deviations
from htx_algo_rig import MARKET_BUY, MARKET_SELL, PATH, fields, fixture_of, held, live, place, placed, row, terms
from htx_support import Bench, by_id, make_listing
from mockex.fixtures import load

from mockex.core.commands import FreezeAccount
from mockex.core.markets import MarketPhase
from mockex.core.units import Wallet

V2_CODES = {str(row["code"]): row for row in load("htx", "errors")["v2"]}


@pytest.fixture
def bench() -> Bench:
    """The last price of btcusdt is 100, and its book is empty."""
    bench = Bench(make_listing())
    bench.trade("100")
    return bench


# --- placing


@pytest.mark.parametrize("example", **by_id(fixture_of("algo_place")["requests"]))
def test_the_documents_order_is_taken_and_answered_by_its_own_id(example: dict[str, Any]) -> None:
    bench = Bench(make_listing("TRX", price_precision=4, amount_precision=2))
    account = bench.desk.state.identities.account_number("alice")
    reply = bench.write(PATH, example["body"] | {"symbol": "trxusdt", "accountId": account})

    assert deviations(reply.body, fields("algo_place")) == []
    assert reply.body["data"] == {"clientOrderId": example["body"]["clientOrderId"]}


@pytest.mark.parametrize(
    "changes", [{}, MARKET_BUY, MARKET_SELL, {"orderSide": "sell"}, {"orderSize": "100000000000"}], ids=str
)
def test_nothing_is_held_before_the_trigger(bench: Bench, changes: dict[str, object]) -> None:
    placed(bench, **changes)
    assert held(bench) == 0
    assert live(bench) == []
    assert bench.read("/v1/order/openOrders").body["data"] == []


@pytest.mark.parametrize("account", [int, str])
def test_the_account_may_be_text_or_a_number(bench: Bench, account: type) -> None:
    placed(bench, accountId=account(bench.desk.state.identities.account_number("alice")))


@pytest.mark.parametrize(
    "name", ["accountId", "symbol", "orderSide", "orderType", "clientOrderId", "stopPrice", "orderPrice", "orderSize"]
)
@pytest.mark.parametrize("value", [None, ""])
def test_a_mandatory_field_is_missed_by_name(bench: Bench, name: str, value: str | None) -> None:
    assert place(bench, **{name: value}).error == (200, "2003", f'missing mandatory field "{name}"')


@pytest.mark.parametrize(("name", "changes"), [("orderValue", MARKET_BUY), ("orderSize", MARKET_SELL)])
def test_a_market_order_misses_its_own_amount(bench: Bench, name: str, changes: dict[str, object]) -> None:
    assert place(bench, **{**changes, name: None}).error == (200, "2003", f'missing mandatory field "{name}"')


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"symbol": "nothing"}, "symbol"),
        ({"symbol": "BTCUSDT"}, "symbol"),
        ({"orderSide": "hold"}, "orderSide"),
        ({"orderType": "stop-limit"}, "orderType"),
        ({"clientOrderId": "a b"}, "clientOrderId"),
        ({"clientOrderId": "x" * 65}, "clientOrderId"),
        ({"timeInForce": "day"}, "timeInForce"),
        ({**MARKET_BUY, "timeInForce": "gtc"}, "timeInForce"),
        ({**MARKET_SELL, "timeInForce": "fok"}, "timeInForce"),
        ({"trailingRate": "0.0009"}, "trailingRate"),
        ({"trailingRate": "0.051"}, "trailingRate"),
        ({"trailingRate": "0.0100001"}, "trailingRate"),
        ({"trailingRate": "x"}, "trailingRate"),
        ({"stopPrice": "x"}, "stopPrice"),
        ({"stopPrice": "100"}, "stopPrice"),
        ({"orderSize": [1]}, "orderSize"),
        ({"symbol": {}}, "symbol"),
    ],
    ids=str,
)
def test_a_value_that_is_not_taken_is_told_by_its_field(bench: Bench, changes: dict[str, object], field: str) -> None:
    assert place(bench, **changes).error == (200, "2002", f'invalid field value in "{field}"')


def limited_bench() -> Bench:
    bench = Bench(
        make_listing(
            min_notional=Decimal(5), max_qty=Decimal(1000), min_market_sell=Decimal("0.01"), max_market_sell=Decimal(100),
            min_budget=Decimal(5), max_budget=Decimal(1_000_000),
        )
    )  # fmt: skip
    bench.rest("sell", "100", "1")
    bench.rest("buy", "100", "1")
    return bench


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"orderSize": "1.00001"}, "3002"),
        ({**MARKET_SELL, "orderSize": "0.00001"}, "3002"),
        ({**MARKET_BUY, "orderValue": "50.00001"}, "3002"),
        ({"stopPrice": "105.001"}, "3003"),
        ({"orderPrice": "104.001"}, "3003"),
        ({"orderSize": "0"}, "3004"),
        ({"orderSize": "-1"}, "3004"),
        ({"orderSize": "1000.0001"}, "3005"),
        ({"orderPrice": "115.51"}, "3006"),
        ({"orderSide": "sell", "orderPrice": "94.49"}, "3007"),
        ({"orderPrice": "0"}, "3007"),
        ({"orderPrice": "-1"}, "3007"),
        ({"stopPrice": "0"}, "3007"),
        ({"orderPrice": "4.99", "stopPrice": "5"}, "3008"),
        ({**MARKET_SELL, "orderSize": "0.0099"}, "3009"),
        ({**MARKET_SELL, "orderSize": "0"}, "3009"),
        ({**MARKET_BUY, "orderValue": "4.9999"}, "3009"),
        ({**MARKET_BUY, "orderValue": "0"}, "3009"),
        ({**MARKET_SELL, "orderSize": "100.0001"}, "3010"),
        ({**MARKET_BUY, "orderValue": "1000000.0001"}, "3010"),
    ],
    ids=str,
)
def test_a_term_beyond_the_symbols_limits_has_a_code_of_its_own(changes: dict[str, object], code: str) -> None:
    bench = limited_bench()
    status, told, message = place(bench, **changes).error
    assert (status, told) == (200, code)
    assert not V2_CODES[code]["messages"] or message in V2_CODES[code]["messages"]


def test_a_limit_price_is_measured_from_the_stop_price(bench: Bench) -> None:
    placed(bench, orderPrice="115.5")
    placed(bench, stopPrice="200", orderPrice="220", clientOrderId="b")
    placed(bench, orderSide="sell", orderPrice="94.5", clientOrderId="c")


def test_market_orders_are_not_taken_while_only_limit_orders_are(bench: Bench) -> None:
    bench.set_phase(MarketPhase.CALL_AUCTION)
    assert place(bench, **MARKET_BUY).error[1] == "3100"
    placed(bench)


@pytest.mark.parametrize("how", ["halted", "orders_off"])
def test_a_symbol_that_does_not_trade_takes_none(bench: Bench, how: str) -> None:
    if how == "halted":
        bench.set_phase(MarketPhase.HALTED)
    else:
        bench.desk.flags.add("orders_off")
    assert place(bench).error == (200, "2003", "trading is disabled")


def test_while_the_venue_is_down_none_is_placed_or_cancelled(bench: Bench) -> None:
    placed(bench)
    bench.desk.in_maintenance = True
    assert place(bench, clientOrderId="b").error[1] == "500"
    assert bench.write(f"{PATH}/cancellation", {"clientOrderIds": ["a001"]}).error[1] == "500"
    assert row(bench)["orderStatus"] == "created"


def test_accounts_that_are_not_the_callers_are_forbidden(bench: Bench) -> None:
    numbers = bench.desk.state.identities
    for account in (numbers.account_number("bob"), numbers.account_number("alice", Wallet.FUNDING), 1, "x", True, []):
        assert place(bench, accountId=account).error == (200, "1002", "forbidden")


def test_a_frozen_account_places_none(bench: Bench) -> None:
    bench.desk.execute(FreezeAccount(account_id="alice", frozen=True))
    assert place(bench).error == (200, "1002", "forbidden")


def test_a_client_id_means_one_waiting_order_of_a_customer(bench: Bench) -> None:
    placed(bench)
    assert place(bench).error == (200, "2002", 'invalid field value in "clientOrderId"')
    placed(bench, "bob")


@pytest.mark.parametrize("path", ["", "/cancellation"])
@pytest.mark.parametrize("body", [[], 7, "text", None])
def test_a_body_that_is_no_object_is_refused(bench: Bench, path: str, body: object) -> None:
    assert bench.write(PATH + path, body).error == (200, "2002", 'invalid field value in "body"')


def test_a_key_that_only_reads_places_and_cancels_none_and_reads_all(bench: Bench) -> None:
    assert bench.write(PATH, terms(bench), who="viewer").error == (200, "1002", "forbidden")
    assert bench.write(f"{PATH}/cancellation", {"clientOrderIds": ["a"]}, who="viewer").error == (200, "1002", "forbidden")
    placed(bench)
    assert row(bench, who="viewer")["clientOrderId"] == "a001"


# --- limits


@pytest.mark.parametrize(
    ("method", "path"), [("POST", ""), ("POST", "/cancellation"), ("GET", "/opening"), ("GET", "/specific")]
)
def test_each_path_takes_20_calls_in_two_seconds(method: str, path: str) -> None:
    bench = Bench(limits=True)
    answers = [
        (bench.write(PATH + path, {}) if method == "POST" else bench.read(PATH + path)).status for _ in range(21)
    ]  # fmt: skip
    assert answers == [200] * 20 + [429]
