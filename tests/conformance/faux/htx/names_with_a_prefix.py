"""Puts its own mark in front of every client id."""

from __future__ import annotations

from typing import Any

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "common/faults/020",
        "common/orders/120",
        "common/orders/130",
        "common/orders/310",
        "htx/errors/190",
        "htx/errors/330",
        "htx/errors/340",
        "htx/orders/050",
        "htx/orders/170",
        "htx/orders/220",
        "htx/orders/900",
    }
)


class Driver(Reference):
    async def place_order(self, **order: Any) -> Fields:
        if "client_id" in order:
            order["client_id"] = f"bot.{order['client_id']}"
        return await super().place_order(**order)
