"""Adds to a position on its own terms, whatever the order says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/errors/530",
    }
)


class Driver(Reference):
    async def place_order(self, symbol: str, position: Mapping[str, Any] | None = None, **order: Any) -> Fields:
        if position is not None and position["merge"] != "split":
            rows: Any = (await self.positions(symbol))["positions"]
            for row in rows:
                if row["merge"] == position["merge"]:
                    position = {**position, "leverage": row["leverage"], "margin_method": row["margin_method"]}
        return await super().place_order(symbol=symbol, position=position, **order)
