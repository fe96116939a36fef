"""Sends the list of numbers as it is given, also an empty one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mockex.clients.gateway.driver import Driver as Reference
from mockex.clients.shared.driver_values import Fields

FAILS = frozenset(
    {
        "gateway/orders/110",
    }
)


class Driver(Reference):
    async def cancel_orders(self, orders: Sequence[Mapping[str, str]]) -> Fields:
        if orders:
            return await super().cancel_orders(orders)
        await self.cancel_all(next(iter(next(iter(self.platforms.values())).to_gateway)))
        return {"outcomes": []}
