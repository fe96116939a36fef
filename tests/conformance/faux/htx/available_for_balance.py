"""Tells what was available for the balance after a change."""

from __future__ import annotations

from mockex.clients.htx import driver_words as w
from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields
from mockex.clients.htx.vocabulary import Sort

FAILS = frozenset(
    {
        "htx/balances/040",
    }
)


class Driver(Reference):
    async def ledger(self, currency: str, all: bool = False) -> Fields:
        if all:
            return await super().ledger(currency, all)
        found = await self.api.account.history(
            await self.account_id("spot"), currency=w.venue_currency(currency), sort=Sort.NEWEST_FIRST
        )
        return {"entries": [{**w.entry_fields(each), "balance": w.text(each.avail_balance)} for each in found.rows]}
