"""Closes the oldest position, whichever was named."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/errors/520",
        "ktx/orders/530",
    }
)


class Driver(Reference):
    async def place_order(self, symbol: str, position: Mapping[str, Any] | None = None, **order: Any) -> Fields:
        if position is not None and position.get("position_id"):
            rows: Any = (await self.positions(symbol))["positions"]
            position = {**position, "position_id": rows[0]["position_id"]} if rows else position
        return await super().place_order(symbol=symbol, position=position, **order)
