"""Sends market orders to the spot market."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/orders/560",
    }
)


class Driver(Reference):
    async def place_order(self, symbol: str, position: Mapping[str, Any] | None = None, **order: Any) -> Fields:
        if order["type"] == "market":
            symbol, position = symbol.removesuffix("_SWAP"), None
        return await super().place_order(symbol=symbol, position=position, **order)
