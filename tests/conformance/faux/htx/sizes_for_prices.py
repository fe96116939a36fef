"""Takes the second of the two best numbers for the price."""

from __future__ import annotations

from mockex.clients.htx import driver_words as w
from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "common/market/060",
        "htx/market/050",
        "htx/market/060",
    }
)


class Driver(Reference):
    async def ticker(self, symbol: str) -> Fields:
        told = await self.api.market.ticker(symbol)
        fields = w.merged_ticker_fields(told)
        return {"ticker": {**fields, "bid": told.bid and w.text(told.bid.size), "ask": told.ask and w.text(told.ask.size)}}
