"""Takes a match for its first trade."""

from __future__ import annotations

from mockex.clients.htx import driver_words as w
from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/market/070",
        "htx/market/100",
    }
)


class Driver(Reference):
    async def trades(self, symbol: str, limit: int | None = None) -> Fields:
        matches = await self.api.market.matches(symbol, size=limit or 100)
        return {"trades": [w.trade_fields(match.trades[0]) for match in matches]}
