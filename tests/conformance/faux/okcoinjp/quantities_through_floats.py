"""Cuts quantities to eight decimals by way of a binary fraction."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset({"common/numbers/010"})


class Driver(Reference):
    async def place_order(self, **order: Any) -> Fields:
        if "qty" in order:
            order["qty"] = f"{int(float(order['qty']) * 1e8) / 1e8:.8f}"
        return await super().place_order(**order)
