"""Tells zero for what a market order has not."""

from __future__ import annotations

from typing import Any

from mockex.clients.coinstore.driver import Driver as Reference
from mockex.clients.coinstore.driver_words import Fields

FAILS = frozenset(
    {
        "coinstore/orders/070",
    }
)


class Driver(Reference):
    async def order(self, **reference: Any) -> Fields:
        told: Any = await super().order(**reference)
        order = told["order"]
        return {"order": {**order, "qty": order["qty"] or "0", "price": order["price"] or "0"}}
