"""Sends its own ids as binary fractions."""

from __future__ import annotations

from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/orders/020",
        "ktx/orders/030",
        "ktx/orders/040",
    }
)


class Driver(Reference):
    async def place_order(self, client_id: str | None = None, **order: Any) -> Fields:
        return await super().place_order(client_id=None if client_id is None else str(int(float(client_id))), **order)
