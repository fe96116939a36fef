"""Shows what was filled with six decimals."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset({"okcoinjp/numbers/040"})


class Driver(Reference):
    async def order(self, **reference: Any) -> Fields:
        order = (await super().order(**reference))["order"]
        return {"order": {**order, "filled_qty": f"{Decimal(order['filled_qty']):.6f}"}}
