"""Gives the client id of a cancelled order to the next one."""

from __future__ import annotations

from typing import Any

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/orders/910",
    }
)


class Driver(Reference):
    async def place_order(self, **order: Any) -> Fields:
        free = self.__dict__.setdefault("free", [])
        if free and "client_id" not in order:
            order["client_id"] = free.pop()
        told = await super().place_order(**order)
        self.__dict__.setdefault("named", {})[told["order_id"]] = order.get("client_id")
        return told

    async def cancel_order(self, symbol: str, order_id: str | None = None, client_id: str | None = None) -> Fields:
        told = await super().cancel_order(symbol, order_id, client_id)
        name = self.__dict__.get("named", {}).get(order_id)
        if name is not None:
            self.__dict__["free"].append(name)
        return told
