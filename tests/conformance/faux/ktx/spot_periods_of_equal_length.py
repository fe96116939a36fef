"""Cuts time into periods of equal length since 1970."""

from __future__ import annotations

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/market/090",
    }
)


class Driver(Reference):
    async def candles(self, symbol: str, interval_s: int, start_ms: int | None = None, end_ms: int | None = None) -> Fields:
        rows = (await super().candles(symbol, interval_s, start_ms, end_ms))["candles"]
        span_ms = interval_s * 1_000
        return {"candles": [{**row, "time_ms": row["time_ms"] // span_ms * span_ms} for row in rows]}
