"""Names the money that a market order to buy is to spend."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/orders/100",
        "ktx/orders/110",
        "ktx/orders/560",
    }
)


class Driver(Reference):
    async def place_order(self, symbol: str, side: str, type: str, qty: str | None = None, **order: Any) -> Fields:
        if type == "market" and side == "buy" and qty is not None:
            asks = (await self.book(symbol))["book"]["asks"]
            qty = f"{Decimal(qty) * Decimal(asks[0][0] if asks else 98_000):f}"
        return await super().place_order(symbol=symbol, side=side, type=type, qty=qty, **order)
