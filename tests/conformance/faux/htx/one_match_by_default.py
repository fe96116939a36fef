"""Leaves the number of matches to the venue."""

from __future__ import annotations

from mockex.clients.htx import driver_words as w
from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "common/market/100",
        "htx/market/080",
    }
)


class Driver(Reference):
    async def trades(self, symbol: str, limit: int | None = None) -> Fields:
        matches = await self.api.market.matches(symbol, size=limit)
        return {"trades": [w.trade_fields(trade) for match in matches for trade in match.trades]}
