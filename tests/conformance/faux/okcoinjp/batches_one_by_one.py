"""Sends the orders and cancels of a batch one by one."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.errors import OkcoinError

FAILS = frozenset(
    {
        "common/faults/070",
        "common/orders/400",
        "common/orders/430",
    }
)


class Driver(Reference):
    async def place_orders(self, orders: Sequence[Mapping[str, Any]]) -> Fields:
        return {"outcomes": [await self._one(self.place_order(**order)) for order in orders]}

    async def cancel_orders(self, orders: Sequence[Mapping[str, str]]) -> Fields:
        return {"outcomes": [await self._one(self.cancel_order(**order)) for order in orders]}

    async def _one(self, work: Awaitable[Fields]) -> Fields:
        try:
            return await work
        except OkcoinError as error:
            return {"error": self.describe(error)}
