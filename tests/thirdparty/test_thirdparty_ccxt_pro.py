"""ccxt.pro 4.1.20 watches: it inflates every frame, keeps a book of partials and updates, and logs in for private channels."""

from __future__ import annotations

from typing import Any

import pytest
from thirdparty_rig import ClientError, Conversation, Pending, Simulator, Talk

pytestmark = pytest.mark.thirdparty

SYMBOL = "BTC/JPY"


@pytest.fixture
def pro(talk: Talk) -> Conversation:
    return talk("ccxt", "pro.py", options={"watchOrderBook": {"depth": "depth"}})


def watch(pro: Conversation, call: str, *args: object) -> Pending:
    """Waits for a push. ccxt must have asked for it before the test makes it happen: the calls in between prove that."""
    pending = pro.begin(call, *args)
    pro.call("fetch_time")
    return pending


def log_in(pro: Conversation) -> None:
    """ccxt 4.1.20 awaits `spawn`, which returns nothing: the first call raises TypeError, although the login goes out."""
    pro.call("load_markets")
    with pytest.raises(ClientError) as failure:
        pro.call("authenticate")
    assert failure.value.types[0] == "TypeError"


def levels(book: dict[str, Any]) -> tuple[object, object]:
    return book["bids"], book["asks"]


@pytest.mark.parametrize("channel", ["depth", "depth_l2_tbt"])
def test_watch_order_book_starts_whole_and_follows_changes(venue: Simulator, talk: Talk, channel: str) -> None:
    pro = talk("ccxt", "pro.py", options={"watchOrderBook": {"depth": channel}})
    venue.place("maker", "BTC-JPY", "sell", "1", "7000000")
    venue.place("maker", "BTC-JPY", "sell", "2", "7000100.5")
    venue.place("maker", "BTC-JPY", "buy", "0.5", "6999000")
    assert levels(pro.call("watch_order_book", SYMBOL)) == ([[6999000.0, 0.5]], [[7000000.0, 1.0], [7000100.5, 2.0]])

    changed = watch(pro, "watch_order_book", SYMBOL)
    venue.place("alice", "BTC-JPY", "buy", "1", "7000000")

    assert levels(changed.result()) == ([[6999000.0, 0.5]], [[7000100.5, 2.0]])


def test_watch_ticker_and_watch_trades_follow_a_trade(venue: Simulator, pro: Conversation) -> None:
    venue.place("maker", "BTC-JPY", "sell", "1", "7000000")
    venue.place("alice", "BTC-JPY", "buy", "0.25", "7000000")
    assert pro.call("watch_ticker", SYMBOL)["last"] == 7000000.0
    assert [trade["amount"] for trade in pro.call("watch_trades", SYMBOL)] == [0.25]

    ticker, trades = watch(pro, "watch_ticker", SYMBOL), watch(pro, "watch_trades", SYMBOL)
    venue.place("alice", "BTC-JPY", "buy", "0.125", "7000000")

    assert [(trade["amount"], trade["side"]) for trade in trades.result()] == [(0.125, "buy")]
    assert ticker.result()["baseVolume"] == 0.375


def test_watch_ohlcv_has_the_candle_of_the_day(venue: Simulator, pro: Conversation) -> None:
    venue.place("maker", "BTC-JPY", "sell", "1", "7000000")
    venue.place("alice", "BTC-JPY", "buy", "0.25", "7000000")

    (candle,) = pro.call("watch_ohlcv", SYMBOL, "1d")

    assert candle[1:] == [7000000.0, 7000000.0, 7000000.0, 7000000.0, 0.25]


def test_watch_balance_follows_an_order(pro: Conversation) -> None:
    log_in(pro)
    params = {"currency": "JPY", "symbol": SYMBOL}
    assert pro.call("watch_balance", params)["JPY"] == {"free": 1000000.0, "used": 0.0, "total": 1000000.0}

    changed = watch(pro, "watch_balance", params)
    pro.call("create_order", SYMBOL, "limit", "buy", 0.1, 5826000)

    assert changed.result()["JPY"] == {"free": 417400.0, "used": 582600.0, "total": 1000000.0}


def test_watch_orders_follows_an_order_from_open_to_filled(venue: Simulator, pro: Conversation) -> None:
    log_in(pro)
    opened = watch(pro, "watch_orders", SYMBOL)
    pro.call("watch_order_book", SYMBOL)  # the socket answers in order, so the orders are subscribed to by now
    placed = pro.call("create_order", SYMBOL, "limit", "sell", 0.5, 7000000)
    assert [(order["id"], order["status"]) for order in opened.result()] == [(placed["id"], "open")]

    filled = watch(pro, "watch_orders", SYMBOL)
    venue.place("maker", "BTC-JPY", "buy", "0.5", "7000000")

    (order,) = filled.result()
    assert (order["id"], order["status"], order["filled"], order["cost"]) == (placed["id"], "closed", 0.5, 3500000.0)
    assert (order["info"]["last_fill_px"], order["info"]["last_fill_qty"]) == ("7000000", "0.5")
