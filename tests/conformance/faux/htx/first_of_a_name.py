"""Finds the first order of a client id for ever."""

from __future__ import annotations

from typing import Any

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/orders/170",
    }
)


class Driver(Reference):
    async def place_order(self, **order: Any) -> Fields:
        told = await super().place_order(**order)
        self.__dict__.setdefault("named", {}).setdefault(order.get("client_id"), told["order_id"])
        return told

    async def order(self, symbol: str, order_id: str | None = None, client_id: str | None = None) -> Fields:
        known = self.__dict__.get("named", {}).get(client_id) if client_id else None
        return await super().order(symbol, order_id=known or order_id, client_id=None if known else client_id)
