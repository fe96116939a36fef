"""Adds up what was filled in binary fractions."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset({"common/numbers/230"})


class Driver(Reference):
    async def order(self, symbol: str, **reference: Any) -> Fields:
        order = (await super().order(symbol, **reference))["order"]
        parts = (await self.fills(symbol=symbol, order_id=order["order_id"]))["fills"]
        return {"order": {**order, "filled_qty": repr(sum(float(each["qty"]) for each in parts))}}
