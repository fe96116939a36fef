"""Takes the end of a span for a moment at which no candle may open."""

from __future__ import annotations

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/market/050",
    }
)


class Driver(Reference):
    async def candles(self, symbol: str, interval_s: int, start_ms: int | None = None, end_ms: int | None = None) -> Fields:
        return await super().candles(symbol, interval_s, start_ms, None if end_ms is None else end_ms - 1)
