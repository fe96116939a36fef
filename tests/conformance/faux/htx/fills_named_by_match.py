"""Names fills by their match."""

from __future__ import annotations

from mockex.clients.htx import driver_words as w
from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "common/fills/080",
        "htx/fills/020",
    }
)


class Driver(Reference):
    async def fills(self, symbol: str, order_id: str | None = None, all: bool = False) -> Fields:
        if order_id is not None or all:
            return await super().fills(symbol, order_id, all)
        found = await self.api.trading.fills(symbol)
        return {"fills": [{**w.fill_fields(each), "trade_id": str(each.match_id)} for each in found]}
