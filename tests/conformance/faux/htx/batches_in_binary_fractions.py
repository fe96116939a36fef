"""Writes the prices and quantities of a batch as the binary fractions that it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "common/faults/070",
        "common/orders/400",
        "common/orders/410",
        "common/orders/420",
        "htx/errors/400",
        "htx/numbers/910",
        "htx/numbers/920",
    }
)


class Driver(Reference):
    async def place_orders(self, orders: Sequence[Mapping[str, Any]]) -> Fields:
        numbers = ("price", "qty")
        held = [{**each, **{name: f"{Decimal(float(each[name])):f}" for name in numbers if name in each}} for each in orders]
        return await super().place_orders(held)
