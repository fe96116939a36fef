"""Cases of the public endpoints; see `okcoinjp_expected`."""

from __future__ import annotations

from decimal import Decimal

from mockex.clients.okcoinjp import Granularity
from mockex.clients.okcoinjp import market_models as m
from mockex.clients.okcoinjp.vocabulary import (
    Side,
)
from okcoinjp_expected import Case, at, level

TICKER = m.Ticker(
    instrument_id="BTC-JPY",
    last=Decimal("722220"),
    last_qty=Decimal("0.00136237"),
    best_ask=Decimal("722220"),
    best_ask_size=Decimal("0.09207739"),
    best_bid=Decimal("722210"),
    best_bid_size=Decimal("3.61314948"),
    open_24h=Decimal("735680"),
    high_24h=Decimal("736770"),
    low_24h=Decimal("71600"),
    base_volume_24h=Decimal("18577.2"),
    quote_volume_24h=Decimal("134899542.8"),
    timestamp=at("2019-12-11 07:48:04.014"),
)

PUBLIC_CASES = [
    Case(
        fixture="rest/time",
        call=lambda client: client.server_time(),
        target="/api/general/v3/time",
        expected=m.ServerTime(iso=at("2015-01-07 23:47:25.201"), epoch_ns=1_420_674_445_201_000_000),
        public=True,
    ),
    Case(
        fixture="rest/instruments",
        call=lambda client: client.market.instruments(),
        target="/api/spot/v3/instruments",
        expected=(
            m.Instrument(
                instrument_id="BTC-JPY",
                base_currency="BTC",
                quote_currency="JPY",
                min_size=Decimal("0.001"),
                size_increment=Decimal("0.00000001"),
                tick_size=Decimal("0.1"),
            ),
            m.Instrument(
                instrument_id="ETH-JPY",
                base_currency="ETH",
                quote_currency="JPY",
                min_size=Decimal("0.001"),
                size_increment=Decimal("0.000001"),
                tick_size=Decimal("0.01"),
            ),
        ),
        public=True,
    ),
    Case(
        fixture="rest/book",
        call=lambda client: client.market.book("btc-jpy", size=5, depth=Decimal("0.2")),
        target="/api/spot/v3/instruments/btc-jpy/book?size=5&depth=0.2",
        expected=m.BookSnapshot(
            instrument_id="BTC-JPY",
            asks=(level("3993.2", "0.41600068", 1), level("3993.4", "1.24807818", 3)),
            bids=(level("3993", "0.15149658", 2), level("3992.8", "1.19046818", 1)),
            timestamp=at("2019-03-20 03:55:37.888"),
        ),
        public=True,
    ),
    Case(
        fixture="rest/ticker",
        call=lambda client: client.market.ticker("BTC-JPY"),
        target="/api/spot/v3/instruments/BTC-JPY/ticker",
        expected=TICKER,
        public=True,
    ),
    Case(
        fixture="rest/trades",
        call=lambda client: client.market.trades("LTC-JPY", limit=20),
        target="/api/spot/v3/instruments/LTC-JPY/trades?limit=20",
        expected=(
            m.Trade(
                trade_id="1296412902",
                price=Decimal("4913.4"),
                size=Decimal("0.00990734"),
                side=Side.BUY,
                timestamp=at("2019-04-12 02:07:30.523"),
            ),
            m.Trade(
                trade_id="1296412899",
                price=Decimal("4913.2"),
                size=Decimal("0.17820096"),
                side=Side.SELL,
                timestamp=at("2019-04-12 02:07:30.455"),
            ),
        ),
        public=True,
    ),
    Case(
        fixture="rest/candles",
        call=lambda client: client.market.candles(
            "BTC-JPY",
            granularity=Granularity.ONE_DAY,
            start=at("2019-03-19 16:00:00.000"),
            end=at("2019-03-20 16:00:00.000"),
        ),
        target="/api/spot/v3/instruments/BTC-JPY/candles?granularity=86400"
        "&start=2019-03-19T16%3A00%3A00.000Z&end=2019-03-20T16%3A00%3A00.000Z",
        expected=(
            m.Candle(
                time=at("2019-03-19 16:00:00.000"),
                open=Decimal("3997.3"),
                high=Decimal("4031.9"),
                low=Decimal("3982.5"),
                close=Decimal("3998.7"),
                volume=Decimal("26175.21141385"),
            ),
            m.Candle(
                time=at("2019-03-18 16:00:00.000"),
                open=Decimal("3980.6"),
                high=Decimal("4014.6"),
                low=Decimal("3968.9"),
                close=Decimal("3997.3"),
                volume=Decimal("33053.48725643"),
            ),
        ),
        public=True,
    ),
]
