"""Takes an order of its own that is not there for cancelled."""

from __future__ import annotations

from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields
from mockex.clients.ktx.errors import NotFoundError

FAILS = frozenset(
    {
        "ktx/orders/300",
    }
)


class Driver(Reference):
    async def cancel_order(self, symbol: str, client_id: str | None = None, **named: Any) -> Fields:
        try:
            return await super().cancel_order(symbol, client_id=client_id, **named)
        except NotFoundError:
            if client_id is None:
                raise
            return {"client_id": client_id}
