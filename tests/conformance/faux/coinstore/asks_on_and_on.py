"""Asks again at once when it has asked too often."""

from __future__ import annotations

from mockex.clients.coinstore.driver import Driver as Reference
from mockex.clients.coinstore.driver_words import Fields
from mockex.clients.coinstore.errors import RateLimitError

FAILS = frozenset(
    {
        "common/limits/020",
        "common/limits/900",
    }
)


class Driver(Reference):
    async def balances(self) -> Fields:
        for _ in range(4):
            try:
                return await super().balances()
            except RateLimitError:
                continue
        return await super().balances()
