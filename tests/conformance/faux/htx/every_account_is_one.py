"""Adds the balances of all accounts up."""

from __future__ import annotations

from decimal import Decimal

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/balances/020",
    }
)


class Driver(Reference):
    async def balances(self) -> Fields:
        rows = (await super().balances())["balances"]
        others = {row["currency"]: row for row in (await self.wallet())["balances"]}
        return {
            "balances": [
                {**row, "total": f"{Decimal(row['total']) + Decimal(others[row['currency']]['total']):f}"} for row in rows
            ]
        }
