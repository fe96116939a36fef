"""Refuses an order of exactly the smallest quantity."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "okcoinjp/limits/110",
        "okcoinjp/numbers/030",
        "okcoinjp/numbers/070",
    }
)


class Driver(Reference):
    async def place_order(self, **order: Any) -> Fields:
        if order.get("qty") == "0.001":
            raise ValueError("too small")
        return await super().place_order(**order)
