"""Calls a market order filled in part, as its quantity is not met."""

from __future__ import annotations

from typing import Any

from mockex.clients.coinstore.driver import Driver as Reference
from mockex.clients.coinstore.driver_words import Fields

FAILS = frozenset(
    {
        "coinstore/orders/080",
    }
)


class Driver(Reference):
    async def order(self, **reference: Any) -> Fields:
        told: Any = await super().order(**reference)
        order = told["order"]
        if order["type"] == "market" and order["status"] == "filled":
            order["status"] = "partly_filled"
        return {"order": order}
