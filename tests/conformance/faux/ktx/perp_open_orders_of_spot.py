"""Asks for the open orders of the spot market where it is told no symbol."""

from __future__ import annotations

from mockex.clients.ktx import driver_words
from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields
from mockex.clients.ktx.vocabulary import Market

FAILS = frozenset(
    {
        "ktx/orders/660",
        "ktx/orders/700",
    }
)


class Driver(Reference):
    async def open_orders(self, symbol: str | None = None, all: bool = False) -> Fields:
        if symbol is not None:
            return await super().open_orders(symbol, all)
        orders = await self.api.trading.open_orders(market=Market.SPOT)
        return {"orders": [driver_words.order_fields(each) for each in reversed(orders)]}
