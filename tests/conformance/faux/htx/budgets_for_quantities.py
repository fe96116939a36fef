"""Tells the budget of a market purchase as its quantity."""

from __future__ import annotations

from mockex.clients.htx import driver_words as w
from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/orders/110",
    }
)


class Driver(Reference):
    async def order(self, symbol: str, order_id: str | None = None, client_id: str | None = None) -> Fields:
        if order_id is None:
            return await super().order(symbol, order_id, client_id)
        found = await self.api.trading.order(order_id)
        return {"order": {**w.order_fields(found), "qty": w.text(found.amount)}}
