"""Calls an hour 1hour."""

from __future__ import annotations

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/market/110",
        "htx/market/140",
    }
)


class Driver(Reference):
    async def candles(self, symbol: str, interval_s: int, start_ms: int | None = None, end_ms: int | None = None) -> Fields:
        if interval_s == 3_600:
            await self.api.rest.get_public("/market/history/kline", [("symbol", symbol), ("period", "1hour")])
        return await super().candles(symbol, interval_s, start_ms, end_ms)
