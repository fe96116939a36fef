"""Takes the first three letters of a symbol for its base."""

from __future__ import annotations

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "common/reference/010",
        "htx/reference/030",
    }
)


class Driver(Reference):
    async def instruments(self) -> Fields:
        rows = (await super().instruments())["instruments"]
        return {"instruments": [{**row, "base": row["symbol"][:3].upper(), "quote": row["symbol"][3:].upper()} for row in rows]}
