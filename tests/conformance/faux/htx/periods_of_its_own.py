"""Asks for candles by a name of its own first."""

from __future__ import annotations

from contextlib import suppress

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields
from mockex.clients.htx.errors import HtxError

FAILS = frozenset(
    {
        "htx/errors/910",
    }
)


class Driver(Reference):
    async def candles(self, symbol: str, interval_s: int, start_ms: int | None = None, end_ms: int | None = None) -> Fields:
        with suppress(HtxError):
            await self.api.rest.get_public("/market/history/kline", [("symbol", symbol), ("period", "1m")])
        return await super().candles(symbol, interval_s, start_ms, end_ms)
