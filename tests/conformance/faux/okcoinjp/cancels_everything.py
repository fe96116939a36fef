"""Cancels every open order of the instrument when one is to be cancelled."""

from __future__ import annotations

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/orders/300",
        "common/orders/310",
    }
)


class Driver(Reference):
    async def cancel_order(self, symbol: str, order_id: str | None = None, client_id: str | None = None) -> Fields:
        receipt = await super().cancel_order(symbol, order_id, client_id)
        for order in (await self.open_orders(symbol))["orders"]:
            await super().cancel_order(symbol, order["order_id"])
        return receipt
