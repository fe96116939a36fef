"""ccxt.pro 4.5.90 watches HTX on its three sockets: it inflates frames, answers pings, keeps a book of increments, logs in."""

from __future__ import annotations

from typing import Any

import pytest
from thirdparty_rig import ClientError, Conversation, Pending, Simulator, Talk

pytestmark = pytest.mark.thirdparty

VENUE = "htx"
SYMBOL = "BTC/USDT"


@pytest.fixture
def pro(talk: Talk) -> Conversation:
    return talk("ccxt_htx", "htx_session.py", kind="pro")


def watch(venue: Simulator, pro: Conversation, channel: str, call: str, *args: object) -> Pending:
    """Waits for a push, which the test may make happen once the venue knows of the subscription."""
    venue.record()
    pending = pro.begin(call, *args)
    venue.await_recorded("subscribed", channel=channel)
    return pending


def watch_on(pro: Conversation, call: str, *args: object) -> Pending:
    """The same of a channel that was subscribed to before. ccxt asks at once; the call in between proves that."""
    pending = pro.begin(call, *args)
    pro.call("fetch_time")
    return pending


def levels(book: dict[str, Any]) -> tuple[object, object]:
    return book["bids"], book["asks"]


def test_watch_order_book_keeps_the_book_of_increments(venue: Simulator, pro: Conversation) -> None:
    """It asks for the image after the subscription, and needs an increment before it: the venue sends empty ones."""
    venue.place("maker", "btcusdt", "sell", "1", "65000")
    venue.place("maker", "btcusdt", "sell", "2", "65100.5")
    venue.place("maker", "btcusdt", "buy", "0.5", "64900")
    expected: tuple[object, object] = ([[64900.0, 0.5]], [[65000.0, 1.0], [65100.5, 2.0]])
    assert levels(pro.call("watch_order_book", SYMBOL)) == expected

    venue.place("alice", "btcusdt", "buy", "1", "65000")

    expected = ([[64900.0, 0.5]], [[65100.5, 2.0]])
    while (seen := levels(pro.call("watch_order_book", SYMBOL))) != expected:
        assert seen == ([[64900.0, 0.5]], [[65000.0, 1.0], [65100.5, 2.0]]), "nothing but the two"


def test_watch_ticker_and_watch_trades_follow_a_trade(venue: Simulator, pro: Conversation) -> None:
    venue.place("maker", "btcusdt", "sell", "1", "65000")
    venue.place("alice", "btcusdt", "buy", "0.25", "65000")
    assert pro.call("watch_ticker", SYMBOL)["last"] == 65000.0
    assert [trade["amount"] for trade in pro.call("watch_trades", SYMBOL)] == [0.25]

    ticker, trades = watch_on(pro, "watch_ticker", SYMBOL), watch_on(pro, "watch_trades", SYMBOL)
    venue.place("alice", "btcusdt", "buy", "0.125", "65000")

    assert [(trade["amount"], trade["side"], trade["price"]) for trade in trades.result()] == [(0.125, "buy", 65000.0)]
    assert ticker.result()["baseVolume"] == 0.375


def test_watch_ticker_by_another_channel_has_the_best_prices(venue: Simulator, talk: Talk) -> None:
    pro = talk("ccxt_htx", "htx_session.py", kind="pro", options={"watchTicker": {"name": "market.{marketId}.ticker"}})
    venue.place("maker", "btcusdt", "sell", "1", "65000")
    venue.place("maker", "btcusdt", "buy", "0.5", "64900")

    ticker = pro.call("watch_ticker", SYMBOL)

    assert (ticker["bid"], ticker["bidVolume"], ticker["ask"], ticker["askVolume"]) == (64900.0, 0.5, 65000.0, 1.0)


def test_watch_ohlcv_has_the_candle_of_the_day(venue: Simulator, pro: Conversation) -> None:
    venue.place("maker", "btcusdt", "sell", "1", "65000")
    watching = watch(venue, pro, "market.btcusdt.kline.1day", "watch_ohlcv", SYMBOL, "1d")
    venue.place("alice", "btcusdt", "buy", "0.25", "65000")

    (candle,) = watching.result()

    assert candle[1:] == [65000.0, 65000.0, 65000.0, 65000.0, 0.25]
    assert candle[0] % 86_400_000 == 16 * 3_600_000


@pytest.mark.parametrize("hosts", ["replaced", "tls"])
def test_watch_orders_follows_an_order_from_open_to_filled(venue: Simulator, talk: Talk, hosts: str) -> None:
    """Over plain addresses ccxt signs the whole URL in place of the path, over TLS the path (htx§1.2)."""
    secure = {"hosts": "named", "rest": venue.tls_rest, "ca": venue.tls_ca} if hosts == "tls" else {}
    pro = talk("ccxt_htx", "htx_session.py", kind="pro", **secure)
    opened = watch(venue, pro, "orders#btcusdt", "watch_orders", SYMBOL)
    placed = pro.call("create_order", SYMBOL, "limit", "sell", 0.5, 65000)
    assert [(order["id"], order["status"], order["amount"]) for order in opened.result()] == [(placed["id"], "open", 0.5)]

    filled = watch_on(pro, "watch_orders", SYMBOL)
    venue.place("maker", "btcusdt", "buy", "0.5", "65000")

    (order,) = filled.result()
    assert (order["id"], order["status"], order["filled"], order["remaining"]) == (placed["id"], "closed", 0.5, 0.0)


def test_watch_my_trades_has_price_fee_and_role(venue: Simulator, pro: Conversation) -> None:
    watching = watch(venue, pro, "trade.clearing#btcusdt#0", "watch_my_trades", SYMBOL)
    venue.place("maker", "btcusdt", "sell", "1", "65000")
    placed = pro.call("create_order", SYMBOL, "limit", "buy", 0.01, 65000)

    (trade,) = watching.result()

    assert (trade["order"], trade["side"], trade["price"], trade["amount"]) == (placed["id"], "buy", 65000.0, 0.01)
    assert trade["takerOrMaker"] == "taker"
    assert (float(trade["fee"]["cost"]), trade["fee"]["currency"]) == (0.00002, "BTC")


def test_ccxts_balance_stays_empty(venue: Simulator, pro: Conversation) -> None:
    """It reads the push's one row as a list of them, finds nothing, and hands out what it had: nothing."""
    balance = pro.call("watch_balance")

    assert "BTC" not in balance


def test_a_wrong_secret_is_refused_at_the_login(talk: Talk) -> None:
    pro = talk("ccxt_htx", "htx_session.py", kind="pro", secret="00000000-00000000-00000000-00000")

    with pytest.raises(ClientError, match=r"auth\.fail") as failure:
        pro.call("watch_orders", SYMBOL)
    assert failure.value.types[0] == "AuthenticationError"
