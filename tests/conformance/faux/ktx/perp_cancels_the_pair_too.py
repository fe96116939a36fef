"""Cancels the orders of the pair with those of its contract."""

from __future__ import annotations

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/orders/620",
    }
)


class Driver(Reference):
    async def cancel_all(self, symbol: str, side: str | None = None) -> Fields:
        if symbol.endswith("_SWAP"):
            await super().cancel_all(symbol.removesuffix("_SWAP"), side)
        return await super().cancel_all(symbol, side)
