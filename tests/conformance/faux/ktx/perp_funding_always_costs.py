"""Takes every payment of funding for a cost."""

from __future__ import annotations

from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/funding/510",
    }
)


class Driver(Reference):
    async def ledger(self, currency: str, all: bool = False) -> Fields:
        rows: Any = (await super().ledger(currency, all))["entries"]
        for row in rows:
            if row["type"] == "funding":
                row["amount"] = f"-{row['amount'].removeprefix('-')}"
        return {"entries": rows}
