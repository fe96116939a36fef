"""Counts the quantity of a market order to sell in tenths, as if it were a number of contracts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/orders/060",
    }
)


class Driver(Reference):
    async def place_order(self, **order: Any) -> Fields:
        if order["type"] == "market" and order["side"] == "sell":
            order["qty"] = str(Decimal(order["qty"]) * 10)
        return await super().place_order(**order)
