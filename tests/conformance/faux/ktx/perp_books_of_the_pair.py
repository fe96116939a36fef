"""Follows the book of a contract's pair."""

from __future__ import annotations

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/books/500",
    }
)


class Driver(Reference):
    async def book_watch(self, symbol: str) -> Fields:
        return await super().book_watch(symbol.removesuffix("_SWAP"))

    def book_view(self, symbol: str, limit: int | None = None) -> Fields:
        return super().book_view(symbol.removesuffix("_SWAP"), limit)
