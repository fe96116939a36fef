"""Keeps the second of an order's id, and no more."""

from __future__ import annotations

from typing import Any

from mockex.clients.coinstore.driver import Driver as Reference
from mockex.clients.coinstore.driver_words import Fields

FAILS = frozenset(
    {
        "coinstore/orders/020",
        "coinstore/streams/050",
        "common/faults/170",
        "common/streams/060",
        "common/streams/070",
    }
)


class Driver(Reference):
    async def place_order(self, **order: Any) -> Fields:
        receipt = await super().place_order(**order)
        return {**receipt, "order_id": str(int(str(receipt["order_id"])) >> 20 << 20)}
