"""Takes an empty reply to a cancel of all for none that was cancelled."""

from __future__ import annotations

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/orders/320",
    }
)


class Driver(Reference):
    async def cancel_all(self, symbol: str, side: str | None = None) -> Fields:
        return {"count": (await super().cancel_all(symbol, side))["count"] or 0}
