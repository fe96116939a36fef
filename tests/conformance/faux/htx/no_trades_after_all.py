"""Takes refused trades for none."""

from __future__ import annotations

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields
from mockex.clients.htx.errors import HtxError

FAILS = frozenset(
    {
        "htx/market/090",
    }
)


class Driver(Reference):
    async def trades(self, symbol: str, limit: int | None = None) -> Fields:
        try:
            return await super().trades(symbol, limit)
        except HtxError:
            return {"trades": []}
