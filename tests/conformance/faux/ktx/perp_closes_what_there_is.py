"""Closes what there is where it is asked to close more."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/errors/500",
    }
)


class Driver(Reference):
    async def place_order(self, symbol: str, position: Mapping[str, Any] | None = None, **order: Any) -> Fields:
        if position is not None and position.get("close"):
            rows: Any = (await self.positions(symbol))["positions"]
            there = max((abs(Decimal(row["qty"])) for row in rows), default=Decimal(0))
            order["qty"] = str(min(Decimal(order["qty"]), there) or order["qty"])
        return await super().place_order(symbol=symbol, position=position, **order)
