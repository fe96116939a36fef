"""Asks for as many levels as it wants."""

from __future__ import annotations

from typing import Any

from mockex.clients.coinstore import driver_words as w
from mockex.clients.coinstore.driver import Driver as Reference
from mockex.clients.coinstore.driver_words import Fields

FAILS = frozenset(
    {
        "coinstore/market/040",
        "coinstore/market/900",
    }
)


class Driver(Reference):
    async def book(self, symbol: str, limit: int | None = None) -> Fields:
        levels: Any = limit
        book = await self.api.market.book(symbol, levels=levels)
        return {"book": w.book_fields(book.bids[:limit], book.asks[:limit])}
