"""Tells the fee of the last chain for all."""

from __future__ import annotations

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/funding/030",
    }
)


class Driver(Reference):
    async def withdrawal_fees(self, currency: str | None = None) -> Fields:
        rows = (await super().withdrawal_fees(currency))["fees"]
        last = {row["currency"]: row for row in rows}
        return {"fees": [{**last[row["currency"]], "chain": row["chain"]} for row in rows]}
