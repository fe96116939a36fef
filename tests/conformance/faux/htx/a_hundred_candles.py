"""Keeps a hundred candles."""

from __future__ import annotations

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/market/150",
        "htx/market/160",
    }
)


class Driver(Reference):
    async def candles(self, symbol: str, interval_s: int, start_ms: int | None = None, end_ms: int | None = None) -> Fields:
        rows = (await super().candles(symbol, interval_s, start_ms, end_ms))["candles"]
        return {"candles": rows[-100:]}
