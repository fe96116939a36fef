"""Takes every cancel of a request for carried out that was answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mockex.clients.gateway.driver import Driver as Reference
from mockex.clients.shared.driver_values import Fields

FAILS = frozenset(
    {
        "common/orders/440",
        "gateway/orders/090",
    }
)


class Driver(Reference):
    async def cancel_orders(self, orders: Sequence[Mapping[str, str]]) -> Fields:
        await super().cancel_orders(orders)
        return {"outcomes": [{"order_id": each["order_id"]} for each in orders]}
