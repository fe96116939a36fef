"""Tells open orders in the venue's order."""

from __future__ import annotations

from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/orders/400",
    }
)


class Driver(Reference):
    async def open_orders(self, **asked: Any) -> Fields:
        return {"orders": (await super().open_orders(**asked))["orders"][::-1]}
