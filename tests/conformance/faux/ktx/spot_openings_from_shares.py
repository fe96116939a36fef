"""Works the opening price out of the change."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from mockex.clients.ktx import driver_words as w
from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.market_models import Ticker

FAILS = frozenset(
    {
        "ktx/market/120",
    }
)
SHOWS_IN = frozenset({"ticker", "tickers", "next_event"})


honest = w.ticker_fields


def ticker_fields(ticker: Ticker) -> w.Fields:
    return {**honest(ticker), "open": w.text(_opening(ticker))}


def _opening(ticker: Ticker) -> Decimal | None:
    return None if ticker.last is None or ticker.change is None else ticker.last * (1 - ticker.change)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        w.ticker_fields = ticker_fields
        await super().start(settings)
