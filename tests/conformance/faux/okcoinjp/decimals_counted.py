"""Counts the decimals of a price as text, and refuses those of zeros."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset({"common/numbers/030"})


class Driver(Reference):
    async def place_order(self, **order: Any) -> Fields:
        if len(order.get("price", "").partition(".")[2]) > 5:
            raise ValueError("too many decimals")
        if order.get("price", "").endswith("000") and "." in order["price"]:
            raise ValueError("too many decimals")
        return await super().place_order(**order)
