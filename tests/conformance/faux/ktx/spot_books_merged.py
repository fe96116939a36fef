"""Asks for books with prices of two decimals."""

from __future__ import annotations

from mockex.clients.ktx import driver_words as w
from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "common/market/010",
        "common/market/050",
        "common/numbers/240",
        "ktx/books/060",
        "ktx/market/010",
        "ktx/market/020",
    }
)


class Driver(Reference):
    async def book(self, symbol: str, limit: int | None = None) -> Fields:
        book = await self.api.market.book(w.market(symbol), symbol, price_scale=2)
        return {"book": w.book_fields(book.bids[:limit], book.asks[:limit], book.at)}
