"""Asks for books in groups of ten ticks."""

from __future__ import annotations

from mockex.clients.htx import driver_words as w
from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields
from mockex.clients.htx.vocabulary import DepthStep

FAILS = frozenset(
    {
        "common/market/010",
        "common/market/050",
        "common/numbers/240",
        "htx/market/010",
        "htx/market/020",
        "htx/market/030",
    }
)


class Driver(Reference):
    async def book(self, symbol: str, limit: int | None = None) -> Fields:
        found = await self.api.market.book(symbol, step=DepthStep("step1"))
        return {"book": w.book_fields(found.bids[:limit], found.asks[:limit], found.timestamp)}
