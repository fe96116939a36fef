"""Cuts client ids to 32 characters."""

from __future__ import annotations

from typing import Any

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/orders/050",
    }
)


class Driver(Reference):
    async def place_order(self, **order: Any) -> Fields:
        if "client_id" in order:
            order["client_id"] = order["client_id"][:32]
        return await super().place_order(**order)
