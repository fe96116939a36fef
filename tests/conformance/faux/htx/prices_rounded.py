"""Rounds prices to the tick without a word."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal
from typing import Any

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/errors/300",
    }
)


class Driver(Reference):
    async def place_order(self, **order: Any) -> Fields:
        if order["symbol"] == "btcusdt" and "price" in order:
            order["price"] = f"{Decimal(order['price']).quantize(Decimal('0.01'), ROUND_DOWN):f}"
        return await super().place_order(**order)
