"""Takes the last value of a level, the number of its orders, for its quantity."""

from __future__ import annotations

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/market/010",
        "common/market/020",
        "common/market/040",
        "common/market/050",
        "common/market/150",
        "common/numbers/240",
        "okcoinjp/market/010",
        "okcoinjp/market/020",
    }
)


class Driver(Reference):
    async def book(self, symbol: str, limit: int | None = None) -> Fields:
        book = await self.api.market.book(symbol, size=limit)
        sides = {"bids": book.bids, "asks": book.asks}
        return {"book": {side: [[str(each.price), str(each.orders)] for each in levels] for side, levels in sides.items()}}
