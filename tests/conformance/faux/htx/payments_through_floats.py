"""Reads amounts of payments as binary fractions."""

from __future__ import annotations

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/funding/090",
    }
)


class Driver(Reference):
    async def deposits(self, currency: str | None = None) -> Fields:
        rows = (await super().deposits(currency))["payments"]
        return {"payments": [{**row, "amount": repr(float(row["amount"]))} for row in rows]}
