"""Tells the first chain of a currency only."""

from __future__ import annotations

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/reference/050",
    }
)


class Driver(Reference):
    async def currencies(self) -> Fields:
        rows = (await super().currencies())["currencies"]
        return {"currencies": list({row["currency"]: row for row in reversed(rows)}.values())}
