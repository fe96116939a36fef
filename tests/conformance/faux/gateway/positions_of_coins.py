"""Takes what it has of a coin for a position."""

from __future__ import annotations

from typing import Any

from mockex.clients.gateway.driver import Driver as Reference
from mockex.clients.gateway.errors import NotSupportedError
from mockex.clients.shared.driver_values import Fields

FAILS = frozenset(
    {
        "gateway/errors/060",
    }
)


class Driver(Reference):
    async def positions(self, symbol: str | None = None, position_id: str | None = None) -> Fields:
        try:
            return await super().positions(symbol, position_id)
        except NotSupportedError:
            told: Any = await self.balances()
            return {"positions": [{"symbol": symbol or "", "qty": row["total"]} for row in told["balances"]]}
