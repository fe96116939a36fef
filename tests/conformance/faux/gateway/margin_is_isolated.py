"""Takes every position for one with isolated margin."""

from __future__ import annotations

from typing import Any

from mockex.clients.gateway.driver import Driver as Reference
from mockex.clients.shared.driver_values import Fields

FAILS = frozenset(
    {
        "gateway/balances/050",
    }
)


class Driver(Reference):
    async def positions(self, symbol: str | None = None, position_id: str | None = None) -> Fields:
        told: Any = await super().positions(symbol, position_id)
        return {"positions": [{**row, "margin_method": "isolated"} for row in told["positions"]]}
