"""Leaves out the end of a span that has a start."""

from __future__ import annotations

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/market/070",
    }
)


class Driver(Reference):
    async def candles(self, symbol: str, interval_s: int, start_ms: int | None = None, end_ms: int | None = None) -> Fields:
        return await super().candles(symbol, interval_s, start_ms, None if start_ms is not None else end_ms)
