"""Works out the side of an order from what it does to its position."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/errors/560",
    }
)


class Driver(Reference):
    async def place_order(self, symbol: str, position: Mapping[str, Any] | None = None, **order: Any) -> Fields:
        if position is not None and position["merge"] != "split":
            buys = (position["merge"] == "long") is not bool(position.get("close"))
            order["side"] = "buy" if buys else "sell"
        return await super().place_order(symbol=symbol, position=position, **order)
