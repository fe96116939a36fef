"""Asks for fills of the spot market, whatever the symbol."""

from __future__ import annotations

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/fills/500",
        "ktx/fills/510",
        "ktx/fills/520",
        "ktx/funding/530",
        "ktx/orders/710",
    }
)


class Driver(Reference):
    async def fills(self, symbol: str, order_id: str | None = None, all: bool = False) -> Fields:
        return await super().fills(symbol.removesuffix("_SWAP"), order_id, all)
