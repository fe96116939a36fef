"""Knows the states open and filled only, and shows everything else as open."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/orders/080",
        "common/orders/230",
        "common/orders/240",
        "okcoinjp/orders/110",
        "okcoinjp/orders/130",
        "okcoinjp/orders/170",
    }
)


class Driver(Reference):
    async def order(self, **reference: Any) -> Fields:
        return {"order": _alive((await super().order(**reference))["order"])}

    async def orders(self, **narrowed: Any) -> Fields:
        return {"orders": [_alive(each) for each in (await super().orders(**narrowed))["orders"]]}


def _alive(order: Fields) -> Fields:
    return order if order["status"] in ("open", "partly_filled", "filled") else {**order, "status": "open"}
