"""Shows orders whose rest was cancelled as partly filled."""

from __future__ import annotations

from decimal import Decimal

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "common/orders/240",
        "htx/orders/130",
    }
)


class Driver(Reference):
    async def order(self, symbol: str, order_id: str | None = None, client_id: str | None = None) -> Fields:
        told = (await super().order(symbol, order_id, client_id))["order"]
        if told["status"] == "cancelled" and Decimal(told["filled_qty"]):
            told["status"] = "partly_filled"
        return {"order": told}
