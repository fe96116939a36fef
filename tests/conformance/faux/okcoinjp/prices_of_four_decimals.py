"""Prints every price with four decimals."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset({"okcoinjp/numbers/010", "okcoinjp/numbers/020"})


class Driver(Reference):
    async def place_order(self, **order: Any) -> Fields:
        if "price" in order:
            order["price"] = format(Decimal(order["price"]), ".4f")
        return await super().place_order(**order)
