"""Counts the times of candles back from the newest."""

from __future__ import annotations

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/market/060",
        "ktx/market/080",
    }
)


class Driver(Reference):
    async def candles(self, symbol: str, interval_s: int, start_ms: int | None = None, end_ms: int | None = None) -> Fields:
        rows = (await super().candles(symbol, interval_s, start_ms, end_ms))["candles"]
        newest = rows[-1]["time_ms"] if rows else 0
        return {"candles": [{**row, "time_ms": newest - n * interval_s * 1_000} for n, row in enumerate(reversed(rows))][::-1]}
