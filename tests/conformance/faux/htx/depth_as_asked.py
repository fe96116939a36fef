"""Sends the number of levels that is wanted as it is."""

from __future__ import annotations

from mockex.clients.htx import driver_words as w
from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/market/010",
        "htx/market/020",
    }
)


class Driver(Reference):
    async def book(self, symbol: str, limit: int | None = None) -> Fields:
        found = await self.api.market.book(symbol, depth=limit)
        return {"book": w.book_fields(found.bids, found.asks, found.timestamp)}
