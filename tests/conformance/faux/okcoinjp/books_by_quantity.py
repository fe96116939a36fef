"""Sorts the levels of a book by their quantity."""

from __future__ import annotations

from decimal import Decimal

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/market/010",
    }
)


class Driver(Reference):
    async def book(self, symbol: str, limit: int | None = None) -> Fields:
        book = (await super().book(symbol, limit))["book"]
        by_size = {side: sorted(book[side], key=lambda level: -Decimal(level[1])) for side in ("bids", "asks")}
        return {"book": {**book, **by_size}}
