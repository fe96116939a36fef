"""Rounds quantities up to the next step."""

from __future__ import annotations

from decimal import ROUND_UP, Decimal
from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset({"common/numbers/060"})


class Driver(Reference):
    async def place_order(self, **order: Any) -> Fields:
        if "qty" in order:
            order["qty"] = f"{Decimal(order['qty']).quantize(Decimal('0.00000001'), ROUND_UP):f}"
        return await super().place_order(**order)
