"""Mixes up the smallest and the largest fee of a withdrawal."""

from __future__ import annotations

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/funding/070",
    }
)


class Driver(Reference):
    async def withdrawal_fees(self, currency: str | None = None) -> Fields:
        rows = (await super().withdrawal_fees(currency))["fees"]
        return {"fees": [{**row, "minimum": row["maximum"], "maximum": row["minimum"]} for row in rows]}
