"""Never asks for more than 50 levels of a book, or 50 trades."""

from __future__ import annotations

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "okcoinjp/market/010",
        "okcoinjp/market/030",
    }
)


class Driver(Reference):
    async def book(self, symbol: str, limit: int | None = None) -> Fields:
        return await super().book(symbol, min(limit or 50, 50))

    async def trades(self, symbol: str, limit: int | None = None) -> Fields:
        return await super().trades(symbol, min(limit or 50, 50))
