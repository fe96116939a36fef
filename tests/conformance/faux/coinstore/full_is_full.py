"""Places no order any more once there was no room for one."""

from __future__ import annotations

from typing import Any

from mockex.clients.coinstore.driver import Driver as Reference
from mockex.clients.coinstore.driver_words import Fields
from mockex.clients.coinstore.errors import OpenOrderLimitError

FAILS = frozenset(
    {
        "coinstore/errors/060",
    }
)


class Driver(Reference):
    async def place_order(self, **order: Any) -> Fields:
        if self.__dict__.get("full"):
            raise ValueError("there are 50 open orders")
        try:
            return await super().place_order(**order)
        except OpenOrderLimitError:
            self.__dict__["full"] = True
            raise
