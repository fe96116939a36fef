"""Takes the quantities of the best bid and ask for their prices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.ktx import driver_words as w
from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.market_models import Ticker

FAILS = frozenset(
    {
        "common/market/060",
        "common/streams/010",
        "ktx/market/110",
    }
)
SHOWS_IN = frozenset({"ticker", "tickers", "next_event"})


honest = w.ticker_fields


def ticker_fields(ticker: Ticker) -> w.Fields:
    return {**honest(ticker), "bid": w.text(ticker.bid_quantity), "ask": w.text(ticker.ask_quantity)}


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        w.ticker_fields = ticker_fields
        await super().start(settings)
