"""Cancels both sides, whichever is named."""

from __future__ import annotations

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/orders/330",
    }
)


class Driver(Reference):
    async def cancel_all(self, symbol: str, side: str | None = None) -> Fields:
        return await super().cancel_all(symbol)
