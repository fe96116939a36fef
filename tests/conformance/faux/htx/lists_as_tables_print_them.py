"""Reads lists into a table, which prints ids as binary fractions."""

from __future__ import annotations

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "common/numbers/250",
        "common/orders/250",
        "common/orders/260",
        "common/orders/270",
        "htx/orders/160",
        "htx/orders/300",
    }
)


class Driver(Reference):
    async def open_orders(self, symbol: str | None = None, all: bool = False) -> Fields:
        rows = (await super().open_orders(symbol, all))["orders"]
        return {"orders": [{**row, "order_id": str(float(row["order_id"]))} for row in rows]}
