"""Sends an order again that failed inside the gateway."""

from __future__ import annotations

from typing import Any

from mockex.clients.htx import errors as e
from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "common/faults/050",
        "htx/faults/010",
    }
)


class Driver(Reference):
    async def place_order(self, **order: Any) -> Fields:
        try:
            return await super().place_order(**order)
        except e.ServerFaultError:
            return await super().place_order(**order)
