"""Sells at market for an amount of money, as it buys."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "common/orders/060",
        "htx/orders/030",
    }
)


class Driver(Reference):
    async def place_order(self, **order: Any) -> Fields:
        if order["type"] == "market" and order["side"] == "sell":
            bids = (await self.api.market.book(order["symbol"])).bids
            order["qty"] = f"{Decimal(order['qty']) * (bids[0].price if bids else 1):f}"
        return await super().place_order(**order)
