"""Leaves out cancels by client id where there are cancels by id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/orders/220",
    }
)


class Driver(Reference):
    async def cancel_orders(self, orders: Sequence[Mapping[str, str]]) -> Fields:
        by_id = [each for each in orders if "order_id" in each]
        if len(by_id) in (0, len(orders)):
            return await super().cancel_orders(orders)
        await super().cancel_orders(by_id)
        return {"outcomes": [{"order_id": each.get("order_id")} for each in orders]}
