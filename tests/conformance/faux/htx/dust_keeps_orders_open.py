"""Calls a market purchase partly filled as long as money is left."""

from __future__ import annotations

from mockex.clients.htx import driver_words as w
from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/orders/100",
    }
)


class Driver(Reference):
    async def order(self, symbol: str, order_id: str | None = None, client_id: str | None = None) -> Fields:
        if order_id is None:
            return await super().order(symbol, order_id, client_id)
        found = await self.api.trading.order(order_id)
        told = w.order_fields(found)
        if found.type_text == "buy-market" and found.filled_cash_amount < found.amount:
            told["status"] = "partly_filled"
        return {"order": told}
