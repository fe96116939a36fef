"""Shows a cancelled order as one of which nothing was filled."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/orders/240",
        "okcoinjp/orders/170",
    }
)


class Driver(Reference):
    async def order(self, **reference: Any) -> Fields:
        return {"order": _unfilled((await super().order(**reference))["order"])}

    async def orders(self, **narrowed: Any) -> Fields:
        return {"orders": [_unfilled(each) for each in (await super().orders(**narrowed))["orders"]]}


def _unfilled(order: Fields) -> Fields:
    return {**order, "filled_qty": "0"} if order["status"] == "cancelled" else order
