"""Tells the total as available."""

from __future__ import annotations

from typing import Any

from mockex.clients.gateway.driver import Driver as Reference
from mockex.clients.shared.driver_values import Fields

FAILS = frozenset(
    {
        "common/balances/020",
        "gateway/balances/010",
        "gateway/balances/020",
    }
)


class Driver(Reference):
    async def balances(self) -> Fields:
        told: Any = await super().balances()
        return {"balances": [{**row, "available": row["total"]} for row in told["balances"]]}
