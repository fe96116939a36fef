"""Asks for the open orders of all instruments when it is asked for those of one, and shows them as that one's."""

from __future__ import annotations

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/orders/260",
        "okcoinjp/orders/150",
    }
)


class Driver(Reference):
    async def open_orders(self, symbol: str | None = None, all: bool = False) -> Fields:
        found = (await super().open_orders(None, all))["orders"]
        return {"orders": [{**each, "symbol": symbol or "BTC-JPY"} for each in found]}
