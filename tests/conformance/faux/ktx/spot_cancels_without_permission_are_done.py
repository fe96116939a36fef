"""Takes a cancel that the key may not ask for as done."""

from __future__ import annotations

from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields
from mockex.clients.ktx.errors import PermissionDeniedError

FAILS = frozenset(
    {
        "ktx/auth/110",
    }
)


class Driver(Reference):
    async def cancel_order(self, symbol: str, **named: Any) -> Fields:
        try:
            return await super().cancel_order(symbol, **named)
        except PermissionDeniedError:
            return {"order_id": named.get("order_id")}
