"""Counts the times of candles back from the newest one."""

from __future__ import annotations

from typing import Any

from mockex.clients.coinstore.driver import Driver as Reference
from mockex.clients.coinstore.driver_words import Fields

FAILS = frozenset(
    {
        "coinstore/market/030",
    }
)


class Driver(Reference):
    async def candles(self, symbol: str, interval_s: int, **span: Any) -> Fields:
        told: Any = await super().candles(symbol, interval_s, **span)
        for back, row in enumerate(reversed(told["candles"])):
            row["time_ms"] = told["candles"][-1]["time_ms"] - back * interval_s * 1_000
        return {"candles": told["candles"]}
