"""Rounds prices to the nearest tick, up as well as down."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset({"common/numbers/070"})


class Driver(Reference):
    async def place_order(self, **order: Any) -> Fields:
        if "price" in order and order["symbol"].endswith("-JPY"):
            order["price"] = f"{Decimal(order['price']).quantize(Decimal('0.1'), ROUND_HALF_UP):f}"
        return await super().place_order(**order)
