"""Tells the orders that it placed on the present socket only."""

from __future__ import annotations

from mockex.clients.gateway.driver import Driver as Reference
from mockex.clients.gateway.events import Disconnected, GatewayEvent
from mockex.clients.shared.driver_values import Fields

FAILS = frozenset(
    {
        "gateway/faults/240",
    }
)


class Driver(Reference):
    def keep(self, event: GatewayEvent) -> None:
        if isinstance(event, Disconnected):
            self.lost = True
        super().keep(event)

    async def open_orders(self, symbol: str | None = None, all: bool = False) -> Fields:
        told = await super().open_orders(symbol, all)
        return {"orders": []} if self.lost else told

    lost = False
