"""Rounds quantities to the step without a word."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal
from typing import Any

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/errors/310",
    }
)


class Driver(Reference):
    async def place_order(self, **order: Any) -> Fields:
        if order["symbol"] == "btcusdt" and "qty" in order:
            order["qty"] = f"{Decimal(order['qty']).quantize(Decimal('0.000001'), ROUND_DOWN):f}"
        return await super().place_order(**order)
