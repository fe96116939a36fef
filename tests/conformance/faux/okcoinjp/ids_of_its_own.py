"""Hands out order ids that it counts itself, instead of those of the venue."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/faults/090",
        "common/faults/100",
        "common/faults/170",
        "common/faults/180",
        "common/faults/190",
        "common/faults/210",
        "common/faults/230",
        "common/faults/280",
        "common/orders/020",
        "common/streams/050",
        "common/streams/060",
        "common/streams/070",
        "common/streams/180",
        "common/streams/250",
        "okcoinjp/streams/120",
        "okcoinjp/streams/140",
    }
)


class Driver(Reference):
    async def place_order(self, **order: Any) -> Fields:
        receipt = await super().place_order(**order)
        self._count = getattr(self, "_count", 0) + 1
        return {**receipt, "order_id": str(self._count)}
