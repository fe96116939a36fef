"""Takes an answer without data for an empty list."""

from __future__ import annotations

from typing import Any

from mockex.clients.coinstore import errors as e
from mockex.clients.coinstore.driver import Driver as Reference
from mockex.clients.coinstore.driver_words import Fields

FAILS = frozenset(
    {
        "coinstore/auth/080",
        "coinstore/auth/090",
    }
)


class Driver(Reference):
    async def open_orders(self, **narrowed: Any) -> Fields:
        try:
            return await super().open_orders(**narrowed)
        except e.AuthenticationError:
            return {"orders": []}
