"""Opens cross positions with a leverage of ten unless it is told otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/orders/600",
    }
)


class Driver(Reference):
    async def place_order(self, symbol: str, position: Mapping[str, Any] | None = None, **order: Any) -> Fields:
        if position is None and symbol.endswith("_SWAP"):
            merge = "long" if order["side"] == "buy" else "short"
            position = {"merge": merge, "margin_method": "cross", "leverage": "10"}
        return await super().place_order(symbol=symbol, position=position, **order)
