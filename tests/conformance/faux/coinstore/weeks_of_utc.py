"""Counts weeks from Monday at midnight of UTC."""

from __future__ import annotations

from typing import Any

from mockex.clients.coinstore.driver import Driver as Reference
from mockex.clients.coinstore.driver_words import Fields

FAILS = frozenset(
    {
        "coinstore/market/020",
    }
)


WEEK_MS, MONDAY_MS = 604_800_000, 345_600_000


class Driver(Reference):
    async def candles(self, symbol: str, interval_s: int, **span: Any) -> Fields:
        told: Any = await super().candles(symbol, interval_s, **span)
        if interval_s * 1_000 == WEEK_MS:
            for row in told["candles"]:
                row["time_ms"] = (row["time_ms"] - MONDAY_MS) // WEEK_MS * WEEK_MS + MONDAY_MS
        return {"candles": told["candles"]}
