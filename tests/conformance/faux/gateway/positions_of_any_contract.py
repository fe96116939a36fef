"""Tells the positions of the first contract, whichever was asked for."""

from __future__ import annotations

from mockex.clients.gateway.driver import Driver as Reference
from mockex.clients.shared.driver_values import Fields

FAILS = frozenset(
    {
        "gateway/balances/040",
    }
)


class Driver(Reference):
    async def positions(self, symbol: str | None = None, position_id: str | None = None) -> Fields:
        first = next(iter(next(iter(self.platforms.values())).to_gateway))
        return await super().positions(first if symbol else None, position_id)
