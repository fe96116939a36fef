"""Asks for deposits wherever payments are wanted."""

from __future__ import annotations

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "common/funding/090",
        "htx/funding/070",
    }
)


class Driver(Reference):
    async def withdrawals(self, currency: str | None = None) -> Fields:
        return await self.deposits(currency)
