"""Takes an order's own price for the average price of its trades."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/orders/220",
    }
)


class Driver(Reference):
    async def order(self, **reference: Any) -> Fields:
        order = (await super().order(**reference))["order"]
        return {"order": {**order, "average_price": order["price"] if order["average_price"] else None}}
