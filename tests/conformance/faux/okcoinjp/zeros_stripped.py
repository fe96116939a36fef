"""Strips the zeros off a quantity, also those before the point."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset({"common/numbers/020"})


class Driver(Reference):
    async def place_order(self, **order: Any) -> Fields:
        if "qty" in order:
            order["qty"] = order["qty"].rstrip("0").rstrip(".")
        return await super().place_order(**order)
