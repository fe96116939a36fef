"""Tells zero where nobody bids or asks."""

from __future__ import annotations

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/market/060",
    }
)


class Driver(Reference):
    async def ticker(self, symbol: str) -> Fields:
        told = (await super().ticker(symbol))["ticker"]
        return {"ticker": {**told, "bid": told["bid"] or "0", "ask": told["ask"] or "0"}}
