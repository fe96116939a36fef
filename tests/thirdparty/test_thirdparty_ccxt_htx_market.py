"""ccxt 4.5.90 reads what is public of HTX: markets, currencies, tickers, books, trades, candles."""

from __future__ import annotations

import time

import pytest
from thirdparty_rig import ClientError, Conversation, Simulator, Talk

pytestmark = pytest.mark.thirdparty

VENUE = "htx"
SYMBOL = "BTC/USDT"


@pytest.fixture(scope="module", params=["sync", "async"])
def ccxt(lasting_talk: Talk, request: pytest.FixtureRequest) -> Conversation:
    return lasting_talk("ccxt_htx", "htx_session.py", kind=request.param)


def trade_twice(venue: Simulator) -> list[str]:
    """The trades' numbers. Buys 0.02 and 0.03 at 65,000; leaves bids at 64,990 and 64,980.5 and an ask at 65,000."""
    venue.place("maker", "btcusdt", "sell", "1", "65000")
    venue.place("maker", "btcusdt", "buy", "0.5", "64990")
    venue.place("maker", "btcusdt", "buy", "0.25", "64980.5")
    bought = [venue.place("alice", "btcusdt", "buy", qty, "65000") for qty in ("0.02", "0.03")]
    return [fill["trade_id"] for order in bought for fill in order["fills"]]


def test_load_markets_gives_the_documented_grid(ccxt: Conversation) -> None:
    markets = ccxt.call("load_markets")

    market = markets[SYMBOL]
    assert (market["id"], market["base"], market["quote"], market["spot"]) == ("btcusdt", "BTC", "USDT", True)
    assert market["precision"] == {"amount": 1e-6, "price": 0.01, "cost": 1e-8}
    assert (market["limits"]["amount"], market["limits"]["cost"]["min"]) == ({"min": 0.0001, "max": 1000.0}, 5.0)
    assert (market["active"], market["maker"], market["taker"]) == (True, 0.002, 0.002)
    assert markets["SHIB/USDT"]["precision"]["price"] == 1e-10


def test_currencies_have_their_chains(ccxt: Conversation) -> None:
    currencies = ccxt.call("fetch_currencies")

    assert {"BTC", "ETH", "SHIB", "USDT"} <= set(currencies)
    tether = currencies["USDT"]
    assert (tether["id"], tether["active"], tether["deposit"], tether["withdraw"]) == ("usdt", True, True, True)
    assert {"TRC20", "ERC20"} <= set(tether["networks"])


def test_fetch_time_is_the_worlds_time(ccxt: Conversation) -> None:
    now_ms = time.time_ns() // 1_000_000

    assert now_ms - 5_000 <= ccxt.call("fetch_time") <= now_ms + 60_000


def test_fetch_status_tells_of_a_market_that_is_open(ccxt: Conversation) -> None:
    assert ccxt.call("fetch_status")["status"] == "ok"


def test_fetch_order_book_shows_levels_best_first(venue: Simulator, ccxt: Conversation) -> None:
    venue.place("maker", "btcusdt", "sell", "1", "65000")
    venue.place("maker", "btcusdt", "sell", "0.5", "65000.01")
    venue.place("maker", "btcusdt", "buy", "0.25", "64990")
    venue.place("maker", "btcusdt", "buy", "0.5", "64990")
    venue.place("maker", "btcusdt", "buy", "0.125", "64980.5")

    book = ccxt.call("fetch_order_book", SYMBOL)

    assert book["asks"] == [[65000.0, 1.0], [65000.01, 0.5]]
    assert book["bids"] == [[64990.0, 0.75], [64980.5, 0.125]]
    assert isinstance(book["nonce"], int)


@pytest.mark.parametrize("limit", [5, 10, 20])
def test_fetch_order_book_is_cut_to_the_limit(venue: Simulator, ccxt: Conversation, limit: int) -> None:
    for step in range(21):
        venue.place("maker", "btcusdt", "sell", "1", str(65_000 + step))

    book = ccxt.call("fetch_order_book", SYMBOL, limit)

    assert [level[0] for level in book["asks"]] == [65000.0 + step for step in range(limit)]
    assert book["bids"] == []


def test_prices_of_ten_decimals_arrive_as_they_are(venue: Simulator, ccxt: Conversation) -> None:
    """The venue prints them as Java prints a double: 8.1E-9."""
    venue.place("maker", "shibusdt", "buy", "1000000000", "0.0000000081")

    assert ccxt.call("fetch_order_book", "SHIB/USDT")["bids"] == [[8.1e-9, 1e9]]


def test_fetch_ticker_adds_up_what_was_traded(venue: Simulator, ccxt: Conversation) -> None:
    trade_twice(venue)

    ticker = ccxt.call("fetch_ticker", SYMBOL)

    assert (ticker["bid"], ticker["bidVolume"]) == (64990.0, 0.5)
    assert (ticker["ask"], ticker["askVolume"]) == (65000.0, 0.95)
    assert (ticker["last"], ticker["high"], ticker["low"]) == (65000.0, 65000.0, 65000.0)
    assert (ticker["baseVolume"], ticker["quoteVolume"]) == (0.05, 3250.0)


def test_fetch_tickers_has_every_market(venue: Simulator, ccxt: Conversation) -> None:
    trade_twice(venue)
    venue.place("maker", "ethusdt", "buy", "1", "3400")

    tickers = ccxt.call("fetch_tickers")

    assert {"BTC/USDT", "ETH/USDT"} <= set(tickers)
    assert (tickers[SYMBOL]["last"], tickers[SYMBOL]["baseVolume"]) == (65000.0, 0.05)
    assert (tickers["ETH/USDT"]["bid"], tickers["ETH/USDT"]["bidVolume"]) == (3400.0, 1.0)


def test_fetch_trades_tells_the_takers_side_oldest_first(venue: Simulator, ccxt: Conversation) -> None:
    numbers = trade_twice(venue)
    sold = venue.place("alice", "btcusdt", "sell", "0.1", "64990")

    trades = ccxt.call("fetch_trades", SYMBOL)

    # ccxt sorts by time alone: trades of one millisecond come in any order.
    assert [trade["timestamp"] for trade in trades] == sorted(trade["timestamp"] for trade in trades)
    by_id = {trade["id"]: (trade["side"], trade["price"], trade["amount"]) for trade in trades}
    assert [by_id.pop(number) for number in numbers] == [("buy", 65000.0, 0.02), ("buy", 65000.0, 0.03)]
    assert by_id == {sold["fills"][0]["trade_id"]: ("sell", 64990.0, 0.1)}


@pytest.mark.parametrize("historical", [True, False], ids=["candles", "kline"])
def test_fetch_ohlcv_builds_a_candle_of_the_trades(venue: Simulator, talk: Talk, historical: bool) -> None:
    """ccxt's default is an address that the venue never documented; its other one is documented."""
    venue.freeze()
    trade_twice(venue)
    venue.place("alice", "btcusdt", "sell", "0.1", "64990")
    ccxt = talk("ccxt_htx", "htx_session.py", kind="sync", options={"fetchOHLCV": {"useHistoricalEndpointForSpot": historical}})

    candles = ccxt.call("fetch_ohlcv", SYMBOL, "1d")

    opened_ms, *values = candles[-1]
    assert values == [65000.0, 65000.0, 64990.0, 64990.0, 0.15]
    assert opened_ms % 86_400_000 == 16 * 3_600_000, "days open at midnight in UTC+8"


def test_fetch_ohlcv_with_a_limit_gives_the_newest(venue: Simulator, ccxt: Conversation) -> None:
    venue.freeze()
    trade_twice(venue)
    venue.advance(60)
    venue.place("alice", "btcusdt", "sell", "0.1", "64990")

    first, second = ccxt.call("fetch_ohlcv", SYMBOL, "1m", None, 2)

    assert second[0] - first[0] == 60_000
    assert (first[5], second[5]) == (0.05, 0.1)


def test_trading_limits_are_those_of_the_venue(ccxt: Conversation) -> None:
    limits = ccxt.call("fetch_trading_limits", [SYMBOL])[SYMBOL]["limits"]

    assert limits["amount"] == {"min": 0.0001, "max": 1000.0}


def test_an_unknown_pair_is_refused_by_the_venue_too(ccxt: Conversation) -> None:
    """ccxt refuses symbols that it has not loaded, so the venue is asked by the pair's own name."""
    with pytest.raises(ClientError, match="invalid symbol") as failure:
        ccxt.call("spotPublicGetMarketDetailMerged", {"symbol": "abcusdt"})
    assert failure.value.types[0] == "BadSymbol"


def test_over_tls_ccxts_own_addresses_serve(venue: Simulator, talk: Talk) -> None:
    """Only the host's name differs: ccxt trusts the authority, and the certificate holds for this machine."""
    trade_twice(venue)
    ccxt = talk("ccxt_htx", "htx_session.py", kind="async", hosts="named", rest=venue.tls_rest, ca=venue.tls_ca)

    assert ccxt.call("fetch_ticker", SYMBOL)["last"] == 65000.0
