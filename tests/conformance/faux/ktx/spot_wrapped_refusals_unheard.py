"""Takes every reply that is an object with a state for a result."""

from __future__ import annotations

from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields
from mockex.clients.ktx.errors import NotFoundError

FAILS = frozenset(
    {
        "common/errors/110",
        "common/errors/120",
        "common/errors/130",
        "common/faults/100",
        "common/orders/320",
        "ktx/errors/120",
        "ktx/orders/300",
    }
)


class Driver(Reference):
    async def cancel_order(self, symbol: str, **named: Any) -> Fields:
        try:
            return await super().cancel_order(symbol, **named)
        except NotFoundError:
            return {"order_id": named.get("order_id")}
