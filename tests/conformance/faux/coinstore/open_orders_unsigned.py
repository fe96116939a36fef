"""Asks for open orders without a key."""

from __future__ import annotations

from typing import Any

from mockex.clients.coinstore import driver_words as w
from mockex.clients.coinstore.driver import Driver as Reference
from mockex.clients.coinstore.driver_words import Fields
from mockex.clients.coinstore.trading import _orders

FAILS = frozenset(
    {
        "coinstore/auth/080",
        "coinstore/auth/910",
        "common/auth/050",
        "common/limits/040",
        "common/limits/050",
        "common/numbers/250",
        "common/orders/250",
        "common/orders/260",
        "common/orders/270",
    }
)


class Driver(Reference):
    async def open_orders(self, symbol: str | None = None, **more: Any) -> Fields:
        reply = await self.api.rest.get_public("/api/v2/trade/order/active", [("symbol", symbol)])
        return {"orders": [w.order_fields(each) for each in _orders(reply)]}
