"""Asks for as many levels as its user wants."""

from __future__ import annotations

from typing import Any

from mockex.clients.ktx import driver_words as w
from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/market/020",
    }
)


class Driver(Reference):
    async def book(self, symbol: str, limit: Any = None) -> Fields:
        book = await self.api.market.book(w.market(symbol), symbol, levels=limit)
        return {"book": w.book_fields(book.bids, book.asks, book.at)}
