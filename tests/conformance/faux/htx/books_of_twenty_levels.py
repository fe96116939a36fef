"""Asks for twenty levels of a book, however many are wanted."""

from __future__ import annotations

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
        return await super().book(symbol, 20 if limit is None or limit > 20 else limit)
