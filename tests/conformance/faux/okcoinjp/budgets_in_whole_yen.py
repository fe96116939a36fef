"""Spends whole yen only."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset({"okcoinjp/numbers/050"})


class Driver(Reference):
    async def place_order(self, **order: Any) -> Fields:
        if "notional" in order:
            order["notional"] = str(int(float(order["notional"])))
        return await super().place_order(**order)
