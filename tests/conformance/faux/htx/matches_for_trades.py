"""Names trades by their match."""

from __future__ import annotations

from mockex.clients.htx import driver_words as w
from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "common/fills/080",
        "htx/market/100",
        "htx/numbers/040",
        "htx/streams/090",
    }
)


class Driver(Reference):
    async def trades(self, symbol: str, limit: int | None = None) -> Fields:
        matches = await self.api.market.matches(symbol, size=limit or 100)
        named = [{**w.trade_fields(trade), "trade_id": str(match.id)} for match in matches for trade in match.trades]
        return {"trades": named}
