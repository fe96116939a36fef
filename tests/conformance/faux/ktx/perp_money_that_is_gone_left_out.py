"""Leaves the money of contracts out of the balances when there is none."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/balances/570",
    }
)


class Driver(Reference):
    async def balances(self) -> Fields:
        rows: Any = (await super().balances())["balances"]
        return {"balances": [row for row in rows if row["currency"] != "USDT" or Decimal(row["total"])]}
