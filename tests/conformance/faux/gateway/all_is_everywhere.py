"""Cancels the orders of every symbol."""

from __future__ import annotations

from mockex.clients.gateway.driver import Driver as Reference
from mockex.clients.shared.driver_values import Fields

FAILS = frozenset(
    {
        "gateway/orders/100",
    }
)


class Driver(Reference):
    async def cancel_all(self, symbol: str, side: str | None = None) -> Fields:
        told = [await super(Driver, self).cancel_all(each, side) for each in next(iter(self.platforms.values())).to_gateway]
        return {"count": sum(int(str(each["count"])) for each in told)}
