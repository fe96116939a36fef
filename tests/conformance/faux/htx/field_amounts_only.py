"""Knows one of the two names of what is filled."""

from __future__ import annotations

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/orders/140",
    }
)


class Driver(Reference):
    async def open_orders(self, symbol: str | None = None, all: bool = False) -> Fields:
        rows = (await super().open_orders(symbol, all))["orders"]
        return {"orders": [{**row, "filled_qty": "0", "status": "open"} for row in rows]}
