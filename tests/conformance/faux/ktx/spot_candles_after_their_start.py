"""Takes the start of a span for a moment at which no candle may open."""

from __future__ import annotations

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/market/060",
    }
)


class Driver(Reference):
    async def candles(self, symbol: str, interval_s: int, start_ms: int | None = None, end_ms: int | None = None) -> Fields:
        return await super().candles(symbol, interval_s, None if start_ms is None else start_ms + 1, end_ms)
