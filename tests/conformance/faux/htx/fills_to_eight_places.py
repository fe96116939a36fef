"""Rounds quantities of fills to eight places."""

from __future__ import annotations

from decimal import Decimal

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/fills/010",
        "htx/fills/050",
    }
)


class Driver(Reference):
    async def fills(self, symbol: str, order_id: str | None = None, all: bool = False) -> Fields:
        rows = (await super().fills(symbol, order_id, all))["fills"]
        return {"fills": [{**row, "qty": f"{Decimal(row['qty']):.8f}", "fee": f"{Decimal(row['fee']):.8f}"} for row in rows]}
