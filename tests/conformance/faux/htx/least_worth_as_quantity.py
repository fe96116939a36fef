"""Takes the least worth of an order for its least quantity."""

from __future__ import annotations

from mockex.clients.htx import driver_words as w
from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "common/reference/030",
        "htx/reference/040",
    }
)


class Driver(Reference):
    async def instruments(self) -> Fields:
        rules = await self.api.reference.symbols()
        return {"instruments": [{**w.instrument_fields(each), "min_qty": w.text(each.least_value)} for each in rules]}
