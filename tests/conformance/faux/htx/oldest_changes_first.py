"""Leaves the order of a ledger to the venue."""

from __future__ import annotations

from mockex.clients.htx import driver_words as w
from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/balances/030",
        "htx/balances/040",
    }
)


class Driver(Reference):
    async def ledger(self, currency: str, all: bool = False) -> Fields:
        if all:
            return await super().ledger(currency, all)
        found = await self.api.account.history(await self.account_id("spot"), currency=w.venue_currency(currency))
        return {"entries": [w.entry_fields(each) for each in found.rows]}
