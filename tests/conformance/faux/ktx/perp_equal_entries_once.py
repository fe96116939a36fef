"""Takes payments of one amount for one."""

from __future__ import annotations

from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/funding/540",
    }
)


class Driver(Reference):
    async def ledger(self, currency: str, all: bool = False) -> Fields:
        rows: Any = (await super().ledger(currency, all))["entries"]
        kept = {(row["type"], row["amount"] if row["type"] == "funding" else row["id"]): row for row in rows}
        return {"entries": [*kept.values()]}
