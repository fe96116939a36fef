"""ccxt 4.1.20 trades: orders, fills, fees and balances, all by their values."""

from __future__ import annotations

from typing import Any

import pytest
from thirdparty_rig import ClientError, Conversation, Simulator, Talk

pytestmark = pytest.mark.thirdparty

SYMBOL = "BTC/JPY"


@pytest.fixture
def ccxt(talk: Talk) -> Conversation:
    return talk("ccxt", "rest.py")


def balance(ccxt: Conversation, code: str) -> dict[str, float]:
    found: dict[str, float] = ccxt.call("fetch_balance")[code]
    return found


def order_row(order: dict[str, Any]) -> tuple[object, ...]:
    return tuple(order[name] for name in ("status", "type", "side", "price", "amount", "filled", "remaining", "average"))


def test_fetch_balance_reads_the_trading_account(ccxt: Conversation) -> None:
    balances = ccxt.call("fetch_balance")

    assert balances["total"] == {"BTC": 2.0, "JPY": 1000000.0}
    assert balances["JPY"] == {"free": 1000000.0, "used": 0.0, "total": 1000000.0}


def test_fetch_balance_of_type_account_reads_the_funding_account(ccxt: Conversation) -> None:
    total = ccxt.call("fetch_balance", {"type": "account"})["total"]

    assert (total["BTC"], total["JPY"], total["LTC"]) == (5.0, 500000.0, 40.0)


def test_a_resting_order_is_open_and_holds_its_worth(ccxt: Conversation) -> None:
    placed = ccxt.call("create_order", SYMBOL, "limit", "buy", 0.1, 5826000)

    assert order_row(ccxt.call("fetch_order", placed["id"], SYMBOL)) == (
        "open", "limit", "buy", 5826000.0, 0.1, 0.0, 0.1, None,
    )  # fmt: skip
    assert balance(ccxt, "JPY") == {"free": 417400.0, "used": 582600.0, "total": 1000000.0}
    assert [order["id"] for order in ccxt.call("fetch_open_orders", SYMBOL)] == [placed["id"]]


def test_a_limit_buy_trades_at_the_makers_price_and_pays_its_fee_in_coins(venue: Simulator, ccxt: Conversation) -> None:
    venue.place("maker", "BTC-JPY", "sell", "1", "7000000")

    placed = ccxt.call("create_order", SYMBOL, "limit", "buy", 0.01, 7100000)

    order = ccxt.call("fetch_order", placed["id"], SYMBOL)
    assert order_row(order) == ("closed", "limit", "buy", 7100000.0, 0.01, 0.01, 0.0, 7000000.0)
    assert order["cost"] == 70000.0
    (trade,) = ccxt.call("fetch_my_trades", SYMBOL)
    assert (trade["order"], trade["side"], trade["price"], trade["amount"], trade["cost"], trade["takerOrMaker"]) == (
        placed["id"], "buy", 7000000.0, 0.01, 70000.0, "taker",
    )  # fmt: skip
    assert trade["fee"] == {"cost": 0.000015, "currency": "BTC"}  # 0.15 % of 0.01
    assert balance(ccxt, "BTC")["total"] == 2.009985
    assert balance(ccxt, "JPY") == {"free": 930000.0, "used": 0.0, "total": 930000.0}


def test_a_limit_sell_pays_its_fee_in_yen(venue: Simulator, ccxt: Conversation) -> None:
    venue.place("maker", "BTC-JPY", "buy", "1", "7000000")

    placed = ccxt.call("create_order", SYMBOL, "limit", "sell", 0.5, 6900000)

    (trade,) = ccxt.call("fetch_order_trades", placed["id"], SYMBOL)
    assert (trade["side"], trade["price"], trade["amount"], trade["cost"]) == ("sell", 7000000.0, 0.5, 3500000.0)
    assert trade["fee"] == {"cost": 5250.0, "currency": "JPY"}
    assert balance(ccxt, "JPY")["total"] == 4494750.0
    assert balance(ccxt, "BTC")["total"] == 1.5


def test_a_resting_order_that_is_hit_pays_the_makers_fee(venue: Simulator, ccxt: Conversation) -> None:
    ccxt.call("create_order", SYMBOL, "limit", "sell", 0.5, 7000000)
    venue.place("maker", "BTC-JPY", "buy", "0.2", "7000000")

    (trade,) = ccxt.call("fetch_my_trades", SYMBOL)

    assert (trade["takerOrMaker"], trade["side"], trade["amount"]) == ("maker", "sell", 0.2)
    assert trade["fee"] == {"cost": 1400.0, "currency": "JPY"}  # 0.1 % of 1,400,000


def test_an_order_over_two_levels_pairs_up_into_two_trades(venue: Simulator, ccxt: Conversation) -> None:
    venue.place("maker", "BTC-JPY", "sell", "0.01", "7000000")
    venue.place("maker", "BTC-JPY", "sell", "0.02", "7000100")

    placed = ccxt.call("create_order", SYMBOL, "limit", "buy", 0.03, 7000100)

    trades = ccxt.call("fetch_order_trades", placed["id"], SYMBOL)
    assert sorted((trade["price"], trade["amount"]) for trade in trades) == [(7000000.0, 0.01), (7000100.0, 0.02)]
    order = ccxt.call("fetch_order", placed["id"], SYMBOL)
    assert order["cost"] == 210002.0
    assert order["average"] == pytest.approx(210002 / 0.03)


def test_a_partly_filled_order_stays_open_with_what_remains(venue: Simulator, ccxt: Conversation) -> None:
    venue.place("maker", "BTC-JPY", "sell", "0.004", "7000000")

    ccxt.call("create_order", SYMBOL, "limit", "buy", 0.01, 7000000)

    (order,) = ccxt.call("fetch_open_orders", SYMBOL)
    assert order_row(order) == ("open", "limit", "buy", 7000000.0, 0.01, 0.004, 0.006, 7000000.0)
    assert balance(ccxt, "JPY") == {"free": 930000.0, "used": 42000.0, "total": 972000.0}


def test_a_market_buy_spends_amount_times_price(venue: Simulator, ccxt: Conversation) -> None:
    venue.place("maker", "BTC-JPY", "sell", "1", "7200000")

    placed = ccxt.call("create_order", SYMBOL, "market", "buy", 0.01, 7200000)

    order = ccxt.call("fetch_order", placed["id"], SYMBOL)
    assert (order["status"], order["filled"], order["cost"], order["average"]) == ("closed", 0.01, 72000.0, 7200000.0)
    assert balance(ccxt, "JPY") == {"free": 928000.0, "used": 0.0, "total": 928000.0}


def test_a_market_buy_by_cost_releases_what_it_cannot_spend(venue: Simulator, talk: Talk) -> None:
    """The worked example of the venue's specification, ten times the price: 5000 at 722220 buys 0.00692309."""
    ccxt = talk("ccxt", "rest.py", options={"createMarketBuyOrderRequiresPrice": False})
    venue.place("maker", "BTC-JPY", "sell", "1", "722220")

    placed = ccxt.call("create_order", SYMBOL, "market", "buy", 5000)

    order = ccxt.call("fetch_order", placed["id"], SYMBOL)
    assert (order["status"], order["filled"], order["cost"]) == ("closed", 0.00692309, 4999.9940598)
    assert balance(ccxt, "JPY") == {"free": 995000.0059402, "used": 0.0, "total": 995000.0059402}


def test_a_market_sell_takes_the_best_bids(venue: Simulator, ccxt: Conversation) -> None:
    """The matching example of the venue's document: bids 1 at 10100, then 1 and 1.5 at 9900."""
    venue.place("maker", "ETH-JPY", "buy", "1", "9900")
    venue.place("maker", "ETH-JPY", "buy", "2", "10100")
    venue.place("maker", "ETH-JPY", "buy", "1.5", "9900")
    venue.venue("POST", "/accounts/trader/deposit", {"asset": "ETH", "amount": "4.5", "wallet": "spot"})

    placed = ccxt.call("create_order", "ETH/JPY", "market", "sell", 4.5)

    order = ccxt.call("fetch_order", placed["id"], "ETH/JPY")
    assert (order["status"], order["filled"], order["cost"]) == ("closed", 4.5, 44950.0)
    assert [trade["price"] for trade in ccxt.call("fetch_my_trades", "ETH/JPY")].count(9900.0) == 2


def test_a_post_only_order_that_would_take_is_cancelled_without_a_fill(venue: Simulator, ccxt: Conversation) -> None:
    venue.place("maker", "BTC-JPY", "sell", "1", "7000000")

    placed = ccxt.call("create_order", SYMBOL, "limit", "buy", 0.01, 7000000, {"order_type": "1"})

    order = ccxt.call("fetch_order", placed["id"], SYMBOL)
    assert (order["status"], order["filled"]) == ("canceled", 0.0)
    assert ccxt.call("fetch_my_trades", SYMBOL) == []
    assert balance(ccxt, "JPY")["used"] == 0.0


def test_a_post_only_order_that_would_not_take_rests(venue: Simulator, ccxt: Conversation) -> None:
    venue.place("maker", "BTC-JPY", "sell", "1", "7000000")

    placed = ccxt.call("create_order", SYMBOL, "limit", "buy", 0.01, 6999999.9, {"order_type": "1"})

    assert ccxt.call("fetch_order", placed["id"], SYMBOL)["status"] == "open"
    assert ccxt.call("fetch_order_book", SYMBOL)["bids"] == [[6999999.9, 0.01]]


@pytest.mark.parametrize(("order_type", "filled"), [("2", 0.0), ("3", 0.004)], ids=["fill or kill", "immediate or cancel"])
def test_what_cannot_trade_at_once_does_not_rest(venue: Simulator, ccxt: Conversation, order_type: str, filled: float) -> None:
    venue.place("maker", "BTC-JPY", "sell", "0.004", "7000000")

    placed = ccxt.call("create_order", SYMBOL, "limit", "buy", 0.01, 7000000, {"order_type": order_type})

    order = ccxt.call("fetch_order", placed["id"], SYMBOL)
    assert (order["status"], order["filled"]) == ("canceled", filled)
    assert ccxt.call("fetch_open_orders", SYMBOL) == []


def test_cancelling_by_id_releases_the_hold(ccxt: Conversation) -> None:
    placed = ccxt.call("create_order", SYMBOL, "limit", "buy", 0.1, 5000000)

    ccxt.call("cancel_order", placed["id"], SYMBOL)

    assert ccxt.call("fetch_order", placed["id"], SYMBOL)["status"] == "canceled"
    assert ccxt.call("fetch_open_orders", SYMBOL) == []
    assert [order["id"] for order in ccxt.call("fetch_closed_orders", SYMBOL)] == [placed["id"]]
    assert balance(ccxt, "JPY") == {"free": 1000000.0, "used": 0.0, "total": 1000000.0}


def test_cancelling_by_client_id_finds_the_order(ccxt: Conversation) -> None:
    placed = ccxt.call("create_order", SYMBOL, "limit", "buy", 0.001, 4638.51, {"client_oid": "oktspot79"})

    cancelled = ccxt.call("cancel_order", None, SYMBOL, {"client_oid": "oktspot79"})

    assert cancelled["id"] == placed["id"]
    order = ccxt.call("fetch_order", placed["id"], SYMBOL)
    assert (order["clientOrderId"], order["status"], order["price"]) == ("oktspot79", "canceled", 4638.5)


def test_fetch_closed_orders_has_filled_and_cancelled_ones_newest_first(venue: Simulator, ccxt: Conversation) -> None:
    venue.place("maker", "BTC-JPY", "sell", "1", "7000000")
    filled = ccxt.call("create_order", SYMBOL, "limit", "buy", 0.01, 7000000)
    cancelled = ccxt.call("create_order", SYMBOL, "limit", "buy", 0.01, 6000000)
    ccxt.call("cancel_order", cancelled["id"], SYMBOL)
    ccxt.call("create_order", SYMBOL, "limit", "buy", 0.01, 6000001)

    closed = ccxt.call("fetch_closed_orders", SYMBOL)

    assert {order["id"]: order["status"] for order in closed} == {filled["id"]: "closed", cancelled["id"]: "canceled"}


def test_an_order_beyond_the_balance_is_refused_and_changes_nothing(ccxt: Conversation) -> None:
    with pytest.raises(ClientError) as failure:
        ccxt.call("create_order", SYMBOL, "limit", "buy", 1, 7000000)

    assert failure.value.types[0] == "InsufficientFunds"
    assert "33017" in failure.value.message
    assert ccxt.call("fetch_open_orders", SYMBOL) == []
    assert balance(ccxt, "JPY") == {"free": 1000000.0, "used": 0.0, "total": 1000000.0}


def test_an_order_below_the_minimum_is_refused(ccxt: Conversation) -> None:
    with pytest.raises(ClientError) as failure:
        ccxt.call("create_order", SYMBOL, "limit", "buy", 0.0009, 7000000)

    assert failure.value.types[0] == "InvalidOrder"
    assert "33024" in failure.value.message


def test_cancelling_an_order_that_was_filled_is_refused(venue: Simulator, ccxt: Conversation) -> None:
    venue.place("maker", "BTC-JPY", "sell", "1", "7000000")
    placed = ccxt.call("create_order", SYMBOL, "limit", "buy", 0.01, 7000000)

    with pytest.raises(ClientError) as failure:
        ccxt.call("cancel_order", placed["id"], SYMBOL)

    assert "33026" in failure.value.message
    assert failure.value.types[0] == "ExchangeError"  # ccxt has no class of its own for this code
