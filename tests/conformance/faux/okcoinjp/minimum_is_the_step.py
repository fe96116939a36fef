"""Takes the smallest quantity for the step of quantities."""

from __future__ import annotations

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/reference/030",
    }
)


class Driver(Reference):
    async def instruments(self) -> Fields:
        rows = (await super().instruments())["instruments"]
        return {"instruments": [{**row, "lot_size": row["min_qty"]} for row in rows]}
