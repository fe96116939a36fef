"""Leaves out instruments that are not online."""

from __future__ import annotations

from mockex.clients.htx import driver_words as w
from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/reference/060",
    }
)


class Driver(Reference):
    async def instruments(self) -> Fields:
        rules = [each for each in await self.api.reference.symbols() if str(each.state) == "online"]
        return {"instruments": [w.instrument_fields(each) for each in rules]}
