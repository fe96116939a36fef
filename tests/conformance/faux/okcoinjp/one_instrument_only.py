"""Trades and looks at the first instrument, whatever instrument it is asked about."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/errors/030",
        "common/errors/040",
        "common/faults/140",
        "common/market/150",
        "common/orders/040",
        "okcoinjp/limits/110",
        "okcoinjp/numbers/010",
        "okcoinjp/numbers/020",
    }
)


class Driver(Reference):
    async def place_order(self, **order: Any) -> Fields:
        return await super().place_order(**{**order, "symbol": "BTC-JPY"})

    async def book(self, symbol: str, limit: int | None = None) -> Fields:
        return await super().book("BTC-JPY", limit)

    async def trades(self, symbol: str, limit: int | None = None) -> Fields:
        return await super().trades("BTC-JPY", limit)
