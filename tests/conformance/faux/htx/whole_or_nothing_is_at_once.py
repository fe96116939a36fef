"""Sends orders that are filled whole or not at all as immediate ones."""

from __future__ import annotations

from typing import Any

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "common/orders/100",
        "htx/orders/010",
        "htx/orders/120",
    }
)


class Driver(Reference):
    async def place_order(self, **order: Any) -> Fields:
        if order.get("time_in_force") == "fok":
            order["time_in_force"] = "ioc"
        return await super().place_order(**order)
