"""Cancels the first fifty orders of a batch, and tells all as cancelled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/orders/210",
    }
)


class Driver(Reference):
    async def cancel_orders(self, orders: Sequence[Mapping[str, str]]) -> Fields:
        outcomes = (await super().cancel_orders(orders[:50]))["outcomes"]
        return {"outcomes": [*outcomes, *({"order_id": each.get("order_id")} for each in orders[50:])]}
