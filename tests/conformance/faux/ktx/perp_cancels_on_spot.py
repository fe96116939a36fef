"""Names the spot market in every cancellation of one order."""

from __future__ import annotations

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/orders/610",
        "ktx/orders/630",
        "ktx/streams/550",
    }
)


class Driver(Reference):
    async def cancel_order(self, symbol: str, order_id: str | None = None, client_id: str | None = None) -> Fields:
        return await super().cancel_order(symbol.removesuffix("_SWAP"), order_id, client_id)
