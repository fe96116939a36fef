"""Lists finished orders among the open ones."""

from __future__ import annotations

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/orders/250",
    }
)


class Driver(Reference):
    async def open_orders(self, symbol: str | None = None, all: bool = False) -> Fields:
        live = (await super().open_orders(symbol, all))["orders"]
        over = (await super().orders(symbol or "BTC-JPY", "closed", all))["orders"]
        return {"orders": [*live, *over]}
