"""Rounds budgets down to cents."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal
from typing import Any

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/numbers/070",
    }
)


class Driver(Reference):
    async def place_order(self, **order: Any) -> Fields:
        if "notional" in order:
            order["notional"] = f"{Decimal(order['notional']).quantize(Decimal('0.01'), ROUND_DOWN):f}"
        return await super().place_order(**order)
