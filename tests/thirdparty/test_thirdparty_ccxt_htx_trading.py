"""ccxt 4.5.90 trades on HTX: orders, fills, fees, balances and the ledger, all by their values."""

from __future__ import annotations

from typing import Any

import pytest
from thirdparty_rig import ClientError, Conversation, Simulator, Talk

pytestmark = pytest.mark.thirdparty

VENUE = "htx"
SYMBOL = "BTC/USDT"


@pytest.fixture(scope="module")
def ccxt(lasting_talk: Talk) -> Conversation:
    return lasting_talk("ccxt_htx", "htx_session.py", kind="async")


def balance(ccxt: Conversation, code: str) -> dict[str, float]:
    found: dict[str, float] = ccxt.call("fetch_balance")[code]
    return found


def order_row(order: dict[str, Any]) -> tuple[object, ...]:
    return tuple(order[name] for name in ("status", "type", "side", "price", "amount", "filled", "remaining"))


def at_venue(venue: Simulator, order_id: str) -> dict[str, Any]:
    found: dict[str, Any] = venue.venue("GET", f"/orders/{order_id}")
    return found


@pytest.mark.parametrize("kind", ["sync", "async"])
@pytest.mark.parametrize("hosts", ["replaced", "named"])
def test_every_way_of_signing_is_accepted(venue: Simulator, talk: Talk, kind: str, hosts: str) -> None:
    """With replaced addresses ccxt signs api.huobi.pro, with a named host that one with its port (htx§8.1). A read has its
    parameters signed, an order has them in its body."""
    ccxt = talk("ccxt_htx", "htx_session.py", kind=kind, hosts=hosts)

    assert balance(ccxt, "USDT") == {"free": 100000.0, "used": 0.0, "total": 100000.0}
    placed = ccxt.call("create_order", SYMBOL, "limit", "buy", 0.001, 60000)
    assert [order["id"] for order in ccxt.call("fetch_open_orders", SYMBOL)] == [placed["id"]]
    assert at_venue(venue, placed["id"])["account"] == "trader"


def test_over_tls_it_signs_the_host_that_it_calls(venue: Simulator, talk: Talk) -> None:
    ccxt = talk("ccxt_htx", "htx_session.py", kind="async", hosts="named", rest=venue.tls_rest, ca=venue.tls_ca)

    assert balance(ccxt, "BTC")["total"] == 2.0


@pytest.mark.parametrize(("changed", "words"), [("secret", "Verification failure"), ("key", "Incorrect Access key")])
def test_wrong_keys_are_refused_as_such(talk: Talk, changed: str, words: str) -> None:
    ccxt = talk("ccxt_htx", "htx_session.py", kind="sync", **{changed: "00000000-00000000-00000000-00000"})

    with pytest.raises(ClientError, match=words) as failure:
        ccxt.call("fetch_balance")
    assert failure.value.types[0] == "AuthenticationError"


def test_fetch_accounts_and_fetch_balance_read_the_spot_account(venue: Simulator, ccxt: Conversation) -> None:
    accounts = ccxt.call("fetch_accounts")

    assert [account["type"] for account in accounts].count("spot") == 1
    assert balance(ccxt, "BTC") == {"free": 2.0, "used": 0.0, "total": 2.0}
    assert balance(ccxt, "ETH")["total"] == 0.0


def test_a_resting_order_is_open_and_holds_its_worth(venue: Simulator, ccxt: Conversation) -> None:
    placed = ccxt.call("create_order", SYMBOL, "limit", "buy", 0.1, 60000)

    assert order_row(ccxt.call("fetch_order", placed["id"], SYMBOL)) == (
        "open", "limit", "buy", 60000.0, 0.1, 0.0, 0.1,
    )  # fmt: skip
    assert balance(ccxt, "USDT") == {"free": 94000.0, "used": 6000.0, "total": 100000.0}
    assert [order["id"] for order in ccxt.call("fetch_open_orders", SYMBOL)] == [placed["id"]]
    assert ccxt.call("fetch_open_orders", "ETH/USDT") == []


def test_a_limit_buy_trades_at_the_makers_price_and_pays_its_fee_in_coins(venue: Simulator, ccxt: Conversation) -> None:
    venue.place("maker", "btcusdt", "sell", "1", "65000")

    placed = ccxt.call("create_order", SYMBOL, "limit", "buy", 0.01, 65100)

    order = ccxt.call("fetch_order", placed["id"], SYMBOL)
    assert order_row(order) == ("closed", "limit", "buy", 65100.0, 0.01, 0.01, 0.0)
    assert (order["cost"], order["average"]) == (650.0, 65000.0)
    assert (float(order["fee"]["cost"]), order["fee"]["currency"]) == (0.00002, "BTC")
    (trade,) = ccxt.call("fetch_my_trades", SYMBOL)
    assert (trade["order"], trade["side"], trade["price"], trade["amount"], trade["cost"], trade["takerOrMaker"]) == (
        placed["id"], "buy", 65000.0, 0.01, 650.0, "taker",
    )  # fmt: skip
    assert trade["fee"] == {"cost": 0.00002, "currency": "BTC"}  # 0.2 % of 0.01
    assert trade["id"] == at_venue(venue, placed["id"])["fills"][0]["trade_id"]
    assert balance(ccxt, "BTC")["total"] == 2.00998
    assert balance(ccxt, "USDT") == {"free": 99350.0, "used": 0.0, "total": 99350.0}


def test_a_limit_sell_pays_its_fee_in_money(venue: Simulator, ccxt: Conversation) -> None:
    venue.place("maker", "btcusdt", "buy", "1", "65000")

    placed = ccxt.call("create_order", SYMBOL, "limit", "sell", 0.5, 64000)

    (trade,) = ccxt.call("fetch_order_trades", placed["id"], SYMBOL)
    assert (trade["side"], trade["price"], trade["amount"], trade["cost"]) == ("sell", 65000.0, 0.5, 32500.0)
    assert trade["fee"] == {"cost": 65.0, "currency": "USDT"}
    assert balance(ccxt, "USDT")["total"] == 132435.0


def test_a_resting_order_that_is_hit_is_the_makers(venue: Simulator, ccxt: Conversation) -> None:
    ccxt.call("create_order", SYMBOL, "limit", "sell", 0.5, 65000)
    venue.place("maker", "btcusdt", "buy", "0.2", "65000")

    (trade,) = ccxt.call("fetch_my_trades", SYMBOL)
    assert (trade["takerOrMaker"], trade["side"], trade["amount"]) == ("maker", "sell", 0.2)
    (order,) = ccxt.call("fetch_open_orders", SYMBOL)
    assert order_row(order) == ("open", "limit", "sell", 65000.0, 0.5, 0.2, 0.3)


def test_a_market_buy_spends_a_sum(venue: Simulator, ccxt: Conversation) -> None:
    venue.place("maker", "btcusdt", "sell", "1", "65000")

    by_cost = ccxt.call("create_market_buy_order_with_cost", SYMBOL, 130)
    by_price = ccxt.call("create_order", SYMBOL, "market", "buy", 0.002, 65000)

    for placed in (by_cost, by_price):
        order = ccxt.call("fetch_order", placed["id"], SYMBOL)
        assert (order["status"], order["type"], order["filled"], order["cost"]) == ("closed", "market", 0.002, 130.0)
    assert balance(ccxt, "USDT")["total"] == 99740.0


def test_a_market_sell_takes_the_best_bids(venue: Simulator, ccxt: Conversation) -> None:
    venue.place("maker", "btcusdt", "buy", "0.25", "64990")
    venue.place("maker", "btcusdt", "buy", "0.25", "65000")

    placed = ccxt.call("create_order", SYMBOL, "market", "sell", 0.4)

    trades = ccxt.call("fetch_order_trades", placed["id"], SYMBOL)
    assert sorted((trade["price"], trade["amount"]) for trade in trades) == [(64990.0, 0.15), (65000.0, 0.25)]
    assert ccxt.call("fetch_order", placed["id"], SYMBOL)["status"] == "closed"


def test_a_post_only_order_that_would_take_is_cancelled_without_a_fill(venue: Simulator, ccxt: Conversation) -> None:
    venue.place("maker", "btcusdt", "sell", "1", "65000")

    placed = ccxt.call("create_order", SYMBOL, "limit", "buy", 0.01, 65000, {"postOnly": True})

    order = ccxt.call("fetch_order", placed["id"], SYMBOL)
    assert (order["status"], order["filled"]) == ("canceled", 0.0)
    assert ccxt.call("fetch_my_trades", SYMBOL) == []
    assert balance(ccxt, "USDT")["used"] == 0.0


def test_a_post_only_order_that_would_not_take_rests(venue: Simulator, ccxt: Conversation) -> None:
    venue.place("maker", "btcusdt", "sell", "1", "65000")

    placed = ccxt.call("create_order", SYMBOL, "limit", "buy", 0.01, 64999.99, {"postOnly": True})

    assert ccxt.call("fetch_order", placed["id"], SYMBOL)["status"] == "open"
    assert ccxt.call("fetch_order_book", SYMBOL)["bids"] == [[64999.99, 0.01]]


@pytest.mark.parametrize(("time_in_force", "filled"), [("FOK", 0.0), ("IOC", 0.004)])
def test_what_cannot_trade_at_once_does_not_rest(
    venue: Simulator, ccxt: Conversation, time_in_force: str, filled: float
) -> None:
    venue.place("maker", "btcusdt", "sell", "0.004", "65000")

    placed = ccxt.call("create_order", SYMBOL, "limit", "buy", 0.01, 65000, {"timeInForce": time_in_force})

    order = ccxt.call("fetch_order", placed["id"], SYMBOL)
    assert (order["status"], order["filled"]) == ("canceled", filled)
    assert ccxt.call("fetch_open_orders", SYMBOL) == []


def test_a_stop_order_waits_for_its_price(venue: Simulator, ccxt: Conversation) -> None:
    venue.place("maker", "btcusdt", "sell", "0.01", "65000")
    venue.place("alice", "btcusdt", "buy", "0.01", "65000")

    placed = ccxt.call("create_order", SYMBOL, "limit", "buy", 0.01, 66500, {"triggerPrice": 66000})

    order = ccxt.call("fetch_order", placed["id"], SYMBOL)
    assert (order["status"], order["triggerPrice"], order["price"]) == ("open", 66000.0, 66500.0)
    venue.place("maker", "btcusdt", "sell", "0.02", "66000")
    venue.place("alice", "btcusdt", "buy", "0.01", "66000")
    order = ccxt.call("fetch_order", placed["id"], SYMBOL)
    assert (order["status"], order["filled"], order["average"]) == ("closed", 0.01, 66000.0)


def test_orders_placed_together_are_told_apart(venue: Simulator, ccxt: Conversation) -> None:
    def order(amount: float, price: float) -> dict[str, object]:
        return {"symbol": SYMBOL, "type": "limit", "side": "buy", "amount": amount, "price": price}

    first, poor, last = ccxt.call("create_orders", [order(0.01, 60000), order(900, 60000), order(0.02, 61000)])

    assert poor["status"] == "rejected"
    assert poor["info"]["err-code"] == "account-frozen-balance-insufficient-error"
    found = {each["id"]: each["amount"] for each in ccxt.call("fetch_open_orders", SYMBOL)}
    assert found == {first["id"]: 0.01, last["id"]: 0.02}


def test_cancelling_by_id_releases_the_hold(venue: Simulator, ccxt: Conversation) -> None:
    placed = ccxt.call("create_order", SYMBOL, "limit", "buy", 0.1, 60000)

    ccxt.call("cancel_order", placed["id"], SYMBOL)

    assert ccxt.call("fetch_order", placed["id"], SYMBOL)["status"] == "canceled"
    assert ccxt.call("fetch_open_orders", SYMBOL) == []
    assert [order["id"] for order in ccxt.call("fetch_canceled_orders", SYMBOL)] == [placed["id"]]
    assert balance(ccxt, "USDT") == {"free": 100000.0, "used": 0.0, "total": 100000.0}


def test_an_order_is_found_and_cancelled_by_the_clients_own_id(venue: Simulator, ccxt: Conversation) -> None:
    placed = ccxt.call("create_order", SYMBOL, "limit", "buy", 0.001, 60000, {"clientOrderId": "mine-1"})

    found = ccxt.call("fetch_order", None, SYMBOL, {"clientOrderId": "mine-1"})
    assert (found["id"], found["clientOrderId"]) == (placed["id"], "mine-1")
    ccxt.call("cancel_order", None, SYMBOL, {"clientOrderId": "mine-1"})
    assert at_venue(venue, placed["id"])["status"] == "cancelled"


def test_many_orders_are_cancelled_at_once(venue: Simulator, ccxt: Conversation) -> None:
    ids = [ccxt.call("create_order", SYMBOL, "limit", "buy", 0.001, 60000 + step)["id"] for step in range(3)]

    cancelled = ccxt.call("cancel_orders", [*ids[:2], "1"], SYMBOL)

    assert [(order["id"], order["status"]) for order in cancelled] == [
        (ids[0], "canceled"), (ids[1], "canceled"), ("1", "failed"),
    ]  # fmt: skip
    assert [order["id"] for order in ccxt.call("fetch_open_orders", SYMBOL)] == [ids[2]]


def test_cancel_all_orders_leaves_other_pairs_alone(venue: Simulator, ccxt: Conversation) -> None:
    for step in range(3):
        ccxt.call("create_order", SYMBOL, "limit", "buy", 0.001, 60000 + step)
    other = ccxt.call("create_order", "ETH/USDT", "limit", "buy", 0.01, 3000)

    (summary,) = ccxt.call("cancel_all_orders", SYMBOL)

    assert summary["info"]["success-count"] == 3
    assert [order["id"] for order in ccxt.call("fetch_open_orders")] == [other["id"]]


def test_a_dead_mans_switch_cancels_when_its_time_is_up(venue: Simulator, ccxt: Conversation) -> None:
    venue.freeze()
    placed = ccxt.call("create_order", SYMBOL, "limit", "buy", 0.001, 60000)
    ccxt.call("cancel_all_orders_after", 10_000)

    venue.advance(9)
    assert ccxt.call("fetch_order", placed["id"], SYMBOL)["status"] == "open"
    venue.advance(1)
    assert ccxt.call("fetch_order", placed["id"], SYMBOL)["status"] == "canceled"


def test_orders_are_listed_by_how_they_ended(venue: Simulator, ccxt: Conversation) -> None:
    venue.place("maker", "btcusdt", "sell", "0.01", "65000")
    filled = ccxt.call("create_order", SYMBOL, "limit", "buy", 0.01, 65000)
    cancelled = ccxt.call("create_order", SYMBOL, "limit", "buy", 0.01, 60000)
    ccxt.call("cancel_order", cancelled["id"], SYMBOL)
    resting = ccxt.call("create_order", SYMBOL, "limit", "buy", 0.01, 61000)

    listed = {
        call: {order["id"] for order in ccxt.call(call, SYMBOL)}
        for call in ("fetch_closed_orders", "fetch_canceled_orders", "fetch_open_orders", "fetch_orders")
    }

    assert listed == {
        "fetch_closed_orders": {filled["id"]},
        "fetch_canceled_orders": {cancelled["id"]},
        "fetch_open_orders": {resting["id"]},
        "fetch_orders": {filled["id"], cancelled["id"], resting["id"]},
    }


def test_the_ledger_that_ccxt_reads_is_the_list_of_transfers(venue: Simulator, ccxt: Conversation) -> None:
    """Trades are in the venue's other list, `/v1/account/history`, which ccxt does not know."""
    venue.place("maker", "btcusdt", "sell", "1", "65000")
    ccxt.call("create_order", SYMBOL, "limit", "buy", 0.01, 65000)
    transfer = {"from": "spot", "to": "otc", "currency": "usdt", "amount": 10, "margin-account": "usdt"}
    ccxt.call("v2PrivatePostAccountTransfer", transfer)

    (entry,) = ccxt.call("fetch_ledger", "USDT")

    assert (entry["currency"], entry["amount"]) == ("USDT", -10.0)


def test_trading_fees_are_the_accounts(venue: Simulator, ccxt: Conversation) -> None:
    fee = ccxt.call("fetch_trading_fee", SYMBOL)

    assert (fee["maker"], fee["taker"]) == (0.002, 0.002)


@pytest.mark.parametrize(
    ("order", "class_and_code"),
    [
        (["limit", "buy", 900, 60000], ("InsufficientFunds", "account-frozen-balance-insufficient-error")),
        (["limit", "buy", 0.0002, 10000], ("InvalidOrder", "order-value-min-error")),
        (["limit", "buy", 1001, 60], ("InvalidOrder", "order-limitorder-amount-max-error")),
    ],
    ids=["no money", "worth too little", "too large"],
)
def test_an_order_that_is_refused_holds_nothing(
    venue: Simulator, ccxt: Conversation, order: list[Any], class_and_code: tuple[str, str]
) -> None:
    with pytest.raises(ClientError) as failure:
        ccxt.call("create_order", SYMBOL, *order)

    assert class_and_code[1] in failure.value.message
    assert failure.value.types[0] == class_and_code[0]
    assert balance(ccxt, "USDT")["used"] == 0.0


@pytest.mark.parametrize("call", ["fetch_order", "cancel_order"])
def test_an_order_that_does_not_exist_is_not_found(venue: Simulator, ccxt: Conversation, call: str) -> None:
    with pytest.raises(ClientError, match="base-record-invalid") as failure:
        ccxt.call(call, "1", SYMBOL)

    assert failure.value.types[0] == "OrderNotFound"
