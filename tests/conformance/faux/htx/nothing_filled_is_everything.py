"""Takes zero for a field that was left out."""

from __future__ import annotations

from decimal import Decimal

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "common/orders/200",
        "htx/numbers/050",
        "htx/numbers/080",
        "htx/orders/120",
    }
)


class Driver(Reference):
    async def order(self, symbol: str, order_id: str | None = None, client_id: str | None = None) -> Fields:
        told = (await super().order(symbol, order_id, client_id))["order"]
        filled = told["filled_qty"] if Decimal(told["filled_qty"] or 0) else told["qty"]
        return {"order": {**told, "filled_qty": filled}}
