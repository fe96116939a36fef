"""Takes the number of digits behind the point for the tick size."""

from __future__ import annotations

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/reference/020",
    }
)


class Driver(Reference):
    async def instruments(self) -> Fields:
        rows = (await super().instruments())["instruments"]
        return {"instruments": [{**row, "tick_size": str(len(row["tick_size"].partition(".")[2]))} for row in rows]}
