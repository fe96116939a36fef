"""Rounds prices to whole numbers before it sends them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/numbers/010",
        "common/numbers/030",
        "common/orders/010",
        "common/orders/250",
        "common/streams/250",
        "okcoinjp/numbers/010",
        "okcoinjp/numbers/020",
        "okcoinjp/numbers/030",
    }
)


class Driver(Reference):
    async def place_order(self, **order: Any) -> Fields:
        if "price" in order:
            order["price"] = str(round(Decimal(order["price"])))
        return await super().place_order(**order)
