"""Takes an order for filled as soon as anything of it is filled."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/orders/210",
        "okcoinjp/orders/160",
    }
)


class Driver(Reference):
    async def order(self, **reference: Any) -> Fields:
        return {"order": _final((await super().order(**reference))["order"])}

    async def open_orders(self, **narrowed: Any) -> Fields:
        return {"orders": [_final(each) for each in (await super().open_orders(**narrowed))["orders"]]}


def _final(order: Fields) -> Fields:
    return {**order, "status": "filled"} if order["status"] == "partly_filled" else order
