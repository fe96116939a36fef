"""Begins weeks at midnight of UTC."""

from __future__ import annotations

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/market/130",
    }
)


class Driver(Reference):
    async def candles(self, symbol: str, interval_s: int, start_ms: int | None = None, end_ms: int | None = None) -> Fields:
        rows = (await super().candles(symbol, interval_s, start_ms, end_ms))["candles"]
        if interval_s == 604_800:
            rows = [{**row, "time_ms": row["time_ms"] // 86_400_000 * 86_400_000} for row in rows]
        return {"candles": rows}
