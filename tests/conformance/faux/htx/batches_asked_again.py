"""Sends a batch again that failed inside the gateway."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mockex.clients.htx import errors as e
from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/faults/020",
    }
)


class Driver(Reference):
    async def place_orders(self, orders: Sequence[Mapping[str, Any]]) -> Fields:
        try:
            return await super().place_orders(orders)
        except e.ServerFaultError:
            return await super().place_orders(orders)
