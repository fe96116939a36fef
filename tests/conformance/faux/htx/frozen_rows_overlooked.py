"""Reads the rows of type trade only."""

from __future__ import annotations

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "common/balances/020",
        "common/balances/030",
        "htx/balances/010",
    }
)


class Driver(Reference):
    async def balances(self) -> Fields:
        rows = (await super().balances())["balances"]
        return {"balances": [{**row, "total": row["available"], "held": "0"} for row in rows]}
