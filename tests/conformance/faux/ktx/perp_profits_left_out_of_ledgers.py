"""Leaves what was realised out of the ledger."""

from __future__ import annotations

from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/balances/540",
        "ktx/balances/550",
        "ktx/balances/560",
    }
)


class Driver(Reference):
    async def ledger(self, currency: str, all: bool = False) -> Fields:
        rows: Any = (await super().ledger(currency, all))["entries"]
        return {"entries": [row for row in rows if row["type"] != "trade" or row["currency"] != "USDT"]}
