"""Takes a refusal for an empty list, as it is no list."""

from __future__ import annotations

from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields
from mockex.clients.ktx.errors import AuthenticationError

FAILS = frozenset(
    {
        "common/auth/070",
        "common/auth/120",
        "common/auth/130",
        "common/time/010",
        "common/time/070",
        "ktx/auth/300",
        "ktx/auth/310",
    }
)


class Driver(Reference):
    async def open_orders(self, **asked: Any) -> Fields:
        try:
            return await super().open_orders(**asked)
        except AuthenticationError:
            return {"orders": []}

    async def balances(self) -> Fields:
        try:
            return await super().balances()
        except AuthenticationError:
            return {"balances": []}
