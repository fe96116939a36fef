"""Tells the volume of the day in quote currency, and its low as its high."""

from __future__ import annotations

from decimal import Decimal

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/market/070",
    }
)


class Driver(Reference):
    async def ticker(self, symbol: str) -> Fields:
        ticker = (await super().ticker(symbol))["ticker"]
        return {"ticker": {**ticker, "volume": str(Decimal(ticker["volume"]) * 7_000_000)}}
