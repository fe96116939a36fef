"""Counts positions among the balances of their currency."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields, text

FAILS = frozenset(
    {
        "ktx/positions/620",
    }
)


class Driver(Reference):
    async def balances(self) -> Fields:
        rows: Any = (await super().balances())["balances"]
        row = next(row for row in rows if row["currency"] == "BTC")
        for each in await self.api.account.positions(symbol="BTC_USDT_SWAP"):
            row["total"] = text(Decimal(row["total"]) + each.quantity)
        return {"balances": rows}
