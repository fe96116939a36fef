"""Cancels the first hundred orders and takes the others for cancelled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mockex.clients.gateway.driver import Driver as Reference
from mockex.clients.shared.driver_values import Fields

FAILS = frozenset(
    {
        "gateway/orders/120",
    }
)


class Driver(Reference):
    async def cancel_orders(self, orders: Sequence[Mapping[str, str]]) -> Fields:
        told: Any = await super().cancel_orders(orders[:MOST])
        return {"outcomes": [*told["outcomes"], *({"order_id": each["order_id"]} for each in orders[MOST:])]}


MOST = 100
