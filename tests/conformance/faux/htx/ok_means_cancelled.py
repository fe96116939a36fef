"""Takes every ok for a cancelled order."""

from __future__ import annotations

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/errors/320",
        "htx/errors/330",
    }
)


class Driver(Reference):
    async def cancel_order(self, symbol: str, order_id: str | None = None, client_id: str | None = None) -> Fields:
        if client_id is None:
            return await super().cancel_order(symbol, order_id=order_id)
        await self.api.trading.cancel_client_order(client_id)
        return {"client_id": client_id}
