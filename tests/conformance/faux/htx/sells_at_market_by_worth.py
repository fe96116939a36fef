"""Sells at market by what the quantity was worth at 100."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "common/orders/060",
        "htx/errors/910",
        "htx/orders/030",
    }
)


class Driver(Reference):
    async def place_order(self, **order: Any) -> Fields:
        if order["type"] == "market" and order["side"] == "sell":
            order["qty"] = f"{Decimal(order['qty']) * 100:f}"
        return await super().place_order(**order)
