"""Merges every position."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/errors/520",
        "ktx/numbers/500",
        "ktx/orders/520",
        "ktx/orders/530",
        "ktx/orders/550",
        "ktx/positions/560",
        "ktx/positions/570",
        "ktx/positions/590",
        "ktx/positions/730",
    }
)


class Driver(Reference):
    async def place_order(self, symbol: str, position: Mapping[str, Any] | None = None, **order: Any) -> Fields:
        if position is not None and position["merge"] == "split":
            opens_long = (order["side"] == "buy") is not bool(position.get("close"))
            position = {**position, "merge": "long" if opens_long else "short", "position_id": None}
        return await super().place_order(symbol=symbol, position=position, **order)
