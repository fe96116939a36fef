"""Tells numbers of decimals as steps."""

from __future__ import annotations

from mockex.clients.htx import driver_words as w
from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "common/reference/020",
        "common/reference/030",
        "htx/reference/010",
        "htx/reference/020",
    }
)


class Driver(Reference):
    async def instruments(self) -> Fields:
        rules = await self.api.reference.symbols()
        return {
            "instruments": [
                {**w.instrument_fields(each), "tick_size": str(each.price_precision), "lot_size": str(each.amount_precision)}
                for each in rules
            ]
        }
