"""Reads the id of a receipt as a binary fraction."""

from __future__ import annotations

from typing import Any

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

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
        "htx/errors/910",
        "htx/limits/100",
        "htx/orders/160",
    }
)


class Driver(Reference):
    async def place_order(self, **order: Any) -> Fields:
        told = await super().place_order(**order)
        return {**told, "order_id": f"{float(told['order_id']):.6g}"}
