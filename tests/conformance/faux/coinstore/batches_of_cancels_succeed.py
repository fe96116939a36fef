"""Takes every cancel of a batch for carried out."""

from __future__ import annotations

from typing import Any

from mockex.clients.coinstore.driver import Driver as Reference
from mockex.clients.coinstore.driver_words import Fields

FAILS = frozenset(
    {
        "coinstore/orders/130",
        "common/orders/440",
    }
)


class Driver(Reference):
    async def cancel_orders(self, orders: Any) -> Fields:
        await super().cancel_orders(orders)
        return {"outcomes": [{"order_id": each.get("order_id"), "client_id": each.get("client_id")} for each in orders]}
