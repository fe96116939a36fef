"""Asks for candles and trades up to the present, and never for the newest."""

from __future__ import annotations

from datetime import UTC, datetime

from mockex.clients.ktx import driver_words as w
from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields
from mockex.clients.ktx.paging import Span

FAILS = frozenset(
    {
        "ktx/limits/010",
    }
)


LATER_MS = 4_102_444_800_000


class Driver(Reference):
    async def candles(self, symbol: str, interval_s: int, start_ms: int | None = None, end_ms: int | None = None) -> Fields:
        if start_ms is None and end_ms is None:
            end_ms = LATER_MS
        return await super().candles(symbol, interval_s, start_ms, end_ms)

    async def trades(self, symbol: str, limit: int | None = None) -> Fields:
        found = await self.api.market.trades(w.market(symbol), symbol, span=Span(start=datetime(1970, 1, 1, tzinfo=UTC)))
        return {"trades": [w.trade_fields(each) for each in reversed(found[-(limit or 100) :])]}
