"""Takes the value of candles and tickers for their volume."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.ktx import driver_words as w
from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.market_models import Candle, Ticker

FAILS = frozenset(
    {
        "common/market/070",
        "common/market/120",
        "common/streams/040",
        "ktx/market/100",
    }
)
SHOWS_IN = frozenset({"candles", "ticker", "tickers", "next_event"})


honest_candle, honest_ticker = w.candle_fields, w.ticker_fields


def candle_fields(candle: Candle) -> w.Fields:
    return {**honest_candle(candle), "volume": w.text(candle.value)}


def ticker_fields(ticker: Ticker) -> w.Fields:
    return {**honest_ticker(ticker), "volume": w.text(ticker.amount)}


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        w.candle_fields, w.ticker_fields = candle_fields, ticker_fields
        await super().start(settings)
