"""Takes every cancel for done, whatever the venue answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.errors import OkcoinError

FAILS = frozenset(
    {
        "common/errors/110",
        "common/errors/120",
        "common/errors/130",
        "common/errors/210",
        "common/faults/100",
        "common/orders/320",
        "common/orders/440",
        "okcoinjp/errors/060",
        "okcoinjp/errors/070",
        "okcoinjp/errors/310",
    }
)


class Driver(Reference):
    async def cancel_order(self, **reference: Any) -> Fields:
        try:
            return await super().cancel_order(**reference)
        except OkcoinError:
            return {"order_id": reference.get("order_id")}

    async def cancel_orders(self, orders: Sequence[Mapping[str, str]]) -> Fields:
        outcomes = (await super().cancel_orders(orders))["outcomes"]
        return {"outcomes": [{"order_id": order.get("order_id")} for order, _ in zip(orders, outcomes, strict=True)]}
