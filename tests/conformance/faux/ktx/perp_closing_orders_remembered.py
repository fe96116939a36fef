"""Counts what its closing orders were to close until they have done so, cancelled ones too."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/errors/500",
        "ktx/errors/510",
        "ktx/orders/630",
    }
)
SHOWS_IN = frozenset({"place_order"})


class Driver(Reference):
    async def place_order(self, symbol: str, position: Mapping[str, Any] | None = None, **order: Any) -> Fields:
        closes = position is not None and position.get("close")
        if closes:
            wanted = Decimal(order["qty"]) + sum([await self._unfilled(symbol, each) for each in self._closing])
            rows: Any = (await self.positions(symbol))["positions"]
            if wanted > sum(abs(Decimal(row["qty"])) for row in rows):
                raise ValueError("there is no more to close")
        told = await super().place_order(symbol=symbol, position=position, **order)
        if closes:
            self._closing.append(str(told["order_id"]))
        return told

    def __init__(self) -> None:
        super().__init__()
        self._closing: list[str] = []

    async def _unfilled(self, symbol: str, order_id: str) -> Decimal:
        row: Any = (await self.order(symbol, order_id=order_id))["order"]
        return Decimal(row["qty"]) - Decimal(row["filled_qty"])
