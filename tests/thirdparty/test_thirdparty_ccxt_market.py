"""ccxt 4.1.20 reads the venue's public data: markets, book, tickers, trades, candles."""

from __future__ import annotations

import time

import pytest
from thirdparty_rig import ClientError, Conversation, Simulator, Talk

pytestmark = pytest.mark.thirdparty

SYMBOL = "BTC/JPY"


@pytest.fixture
def ccxt(talk: Talk) -> Conversation:
    return talk("ccxt", "rest.py")


def trade_twice(venue: Simulator) -> None:
    """Buys 0.02 and 0.03 at 7,000,000; leaves bids at 6,999,000 and 6,998,000 and an ask at 7,000,000."""
    venue.place("maker", "BTC-JPY", "sell", "1", "7000000")
    venue.place("maker", "BTC-JPY", "buy", "0.5", "6999000")
    venue.place("maker", "BTC-JPY", "buy", "0.25", "6998000")
    venue.place("alice", "BTC-JPY", "buy", "0.02", "7000000")
    venue.place("alice", "BTC-JPY", "buy", "0.03")


def test_load_markets_gives_the_documented_grid(ccxt: Conversation) -> None:
    market = ccxt.call("load_markets")[SYMBOL]

    assert (market["id"], market["base"], market["quote"], market["spot"]) == ("BTC-JPY", "BTC", "JPY", True)
    assert market["precision"] == {"amount": 1e-8, "price": 0.1}
    assert market["limits"]["amount"]["min"] == 0.001


def test_load_markets_with_keys_reads_the_currencies_too(ccxt: Conversation) -> None:
    ccxt.call("load_markets")
    bitcoin = ccxt.call("currency", "BTC")

    assert (bitcoin["id"], bitcoin["active"], bitcoin["deposit"], bitcoin["withdraw"]) == ("BTC", True, True, True)


def test_fetch_time_is_the_worlds_time(ccxt: Conversation) -> None:
    now_ms = time.time_ns() // 1_000_000

    assert now_ms - 5_000 <= ccxt.call("fetch_time") <= now_ms + 60_000


def test_fetch_order_book_shows_levels_best_first(venue: Simulator, ccxt: Conversation) -> None:
    venue.place("maker", "BTC-JPY", "sell", "1", "7000000")
    venue.place("maker", "BTC-JPY", "sell", "0.5", "7000000.1")
    venue.place("maker", "BTC-JPY", "buy", "0.25", "6999000")
    venue.place("maker", "BTC-JPY", "buy", "0.5", "6999000")
    venue.place("maker", "BTC-JPY", "buy", "0.125", "6998000")

    book = ccxt.call("fetch_order_book", SYMBOL)

    # ccxt keeps the third column of a level, the number of orders, out of its result.
    assert book["asks"] == [[7000000.0, 1.0], [7000000.1, 0.5]]
    assert book["bids"] == [[6999000.0, 0.75], [6998000.0, 0.125]]
    assert book["symbol"] == SYMBOL


def test_fetch_order_book_is_cut_to_the_limit(venue: Simulator, ccxt: Conversation) -> None:
    for step in range(7):
        venue.place("maker", "BTC-JPY", "sell", "1", str(7_000_000 + step))

    book = ccxt.call("fetch_order_book", SYMBOL, 5)

    assert [level[0] for level in book["asks"]] == [7000000.0, 7000001.0, 7000002.0, 7000003.0, 7000004.0]
    assert book["bids"] == []


def test_fetch_ticker_adds_up_what_was_traded(venue: Simulator, ccxt: Conversation) -> None:
    trade_twice(venue)

    ticker = ccxt.call("fetch_ticker", SYMBOL)

    assert (ticker["bid"], ticker["bidVolume"]) == (6999000.0, 0.5)
    assert (ticker["ask"], ticker["askVolume"]) == (7000000.0, 0.95)
    assert (ticker["last"], ticker["high"], ticker["low"]) == (7000000.0, 7000000.0, 7000000.0)
    assert (ticker["baseVolume"], ticker["quoteVolume"]) == (0.05, 350000.0)


def test_fetch_tickers_has_every_market_where_something_happened(venue: Simulator, ccxt: Conversation) -> None:
    trade_twice(venue)
    venue.place("maker", "ETH-JPY", "buy", "1", "390000")

    tickers = ccxt.call("fetch_tickers")

    assert set(tickers) == {SYMBOL, "ETH/JPY"}
    assert tickers[SYMBOL]["last"] == 7000000.0
    assert (tickers["ETH/JPY"]["bid"], tickers["ETH/JPY"]["bidVolume"]) == (390000.0, 1.0)


def test_a_market_where_nothing_happened_has_no_ticker(ccxt: Conversation) -> None:
    with pytest.raises(ClientError, match="30036"):
        ccxt.call("fetch_ticker", SYMBOL)


def test_fetch_trades_tells_the_takers_side_oldest_first(venue: Simulator, ccxt: Conversation) -> None:
    trade_twice(venue)
    venue.place("alice", "BTC-JPY", "sell", "0.1", "6999000")

    trades = ccxt.call("fetch_trades", SYMBOL)

    # ccxt sorts by time alone: trades of one millisecond come in any order.
    assert [trade["timestamp"] for trade in trades] == sorted(trade["timestamp"] for trade in trades)
    in_order = sorted(trades, key=lambda trade: int(trade["id"]))
    assert [(trade["side"], trade["price"], trade["amount"]) for trade in in_order] == [
        ("buy", 7000000.0, 0.02),
        ("buy", 7000000.0, 0.03),
        ("sell", 6999000.0, 0.1),
    ]


def test_fetch_ohlcv_builds_a_candle_of_the_trades(venue: Simulator, ccxt: Conversation) -> None:
    venue.freeze()
    trade_twice(venue)
    venue.place("alice", "BTC-JPY", "sell", "0.1", "6999000")

    candles = ccxt.call("fetch_ohlcv", SYMBOL, "1d")

    opened_ms, *values = candles[-1]
    assert values == [7000000.0, 7000000.0, 6999000.0, 6999000.0, 0.15]
    assert opened_ms % 86_400_000 == 16 * 3_600_000, "days open at 16:00 UTC"


def test_fetch_ohlcv_with_a_limit_asks_for_a_window_that_ends_now(venue: Simulator, ccxt: Conversation) -> None:
    venue.freeze()
    trade_twice(venue)

    candles = ccxt.call("fetch_ohlcv", SYMBOL, "1m", None, 2)

    assert sum(candle[5] for candle in candles) == 0.05
    assert all(opened_ms % 60_000 == 0 for opened_ms, *_ in candles)


def test_an_unknown_pair_is_refused_by_the_venue_too(ccxt: Conversation) -> None:
    """ccxt refuses symbols that it has not loaded, so the venue is asked by the pair's own name."""
    ccxt.call("load_markets")

    with pytest.raises(ClientError, match="30032") as failure:
        ccxt.call("spotGetInstrumentsInstrumentIdTicker", {"instrument_id": "ABC-JPY"})
    assert failure.value.types[0] == "BadSymbol"
