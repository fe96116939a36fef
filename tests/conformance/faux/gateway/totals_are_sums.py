"""Reckons totals from what is free and what is locked."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from mockex.clients.gateway.driver import Driver as Reference
from mockex.clients.shared.driver_values import Fields

FAILS = frozenset(
    {
        "gateway/balances/020",
    }
)


class Driver(Reference):
    async def balances(self) -> Fields:
        told: Any = await super().balances()
        for row in told["balances"]:
            row["total"] = f"{Decimal(row['available']) + Decimal(row['held']):f}"
        return {"balances": told["balances"]}
