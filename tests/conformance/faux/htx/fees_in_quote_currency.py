"""Takes every fee for one of quote currency."""

from __future__ import annotations

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "common/fills/020",
        "htx/fills/010",
    }
)


class Driver(Reference):
    async def fills(self, symbol: str, order_id: str | None = None, all: bool = False) -> Fields:
        rows = (await super().fills(symbol, order_id, all))["fills"]
        return {"fills": [{**row, "fee_currency": "USDT"} for row in rows]}
