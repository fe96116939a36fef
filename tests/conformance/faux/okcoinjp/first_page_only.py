"""Asks for the first page of a list and takes it for the whole."""

from __future__ import annotations

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/balances/090",
        "common/fills/070",
        "common/limits/070",
        "common/orders/270",
        "common/orders/290",
        "okcoinjp/fills/040",
    }
)


class Driver(Reference):
    async def open_orders(self, symbol: str | None = None, all: bool = False) -> Fields:
        return await super().open_orders(symbol)

    async def orders(self, symbol: str, status: str, all: bool = False) -> Fields:
        return await super().orders(symbol, status)

    async def fills(self, symbol: str, order_id: str | None = None, all: bool = False) -> Fields:
        return await super().fills(symbol, order_id)

    async def ledger(self, currency: str, all: bool = False) -> Fields:
        return await super().ledger(currency)
