"""Tells payments of funding without their sign."""

from __future__ import annotations

from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/funding/500",
        "ktx/funding/540",
    }
)


class Driver(Reference):
    async def ledger(self, currency: str, all: bool = False) -> Fields:
        rows: Any = (await super().ledger(currency, all))["entries"]
        for row in rows:
            if row["type"] == "funding":
                row["amount"] = row["amount"].removeprefix("-")
        return {"entries": rows}
