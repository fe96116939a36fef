"""Shows cancelled orders without fills as open."""

from __future__ import annotations

from decimal import Decimal

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "common/orders/080",
        "common/orders/230",
        "htx/orders/120",
        "htx/orders/320",
    }
)


class Driver(Reference):
    async def order(self, symbol: str, order_id: str | None = None, client_id: str | None = None) -> Fields:
        told = (await super().order(symbol, order_id, client_id))["order"]
        if told["status"] == "cancelled" and not Decimal(told["filled_qty"]):
            told["status"] = "open"
        return {"order": told}
