"""Reads the market data of a contract's pair."""

from __future__ import annotations

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/market/500",
        "ktx/reference/510",
    }
)


class Driver(Reference):
    async def ticker(self, symbol: str) -> Fields:
        return await super().ticker(symbol.removesuffix("_SWAP"))

    async def book(self, symbol: str, limit: int | None = None) -> Fields:
        return await super().book(symbol.removesuffix("_SWAP"), limit)

    async def trades(self, symbol: str, limit: int | None = None) -> Fields:
        return await super().trades(symbol.removesuffix("_SWAP"), limit)
