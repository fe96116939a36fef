"""Tells of no order for a contract that it did not place itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/orders/710",
        "ktx/streams/510",
    }
)
SHOWS_IN = frozenset({"place_order", "orders", "next_event"})


class Driver(Reference):
    def __init__(self) -> None:
        super().__init__()
        self._placed: set[object] = set()

    async def place_order(self, **order: Any) -> Fields:
        told = await super().place_order(**order)
        self._placed.add(told["order_id"])
        return told

    async def orders(self, symbol: str, status: str, all: bool = False) -> Fields:
        rows: Any = (await super().orders(symbol, status, all))["orders"]
        return {"orders": [row for row in rows if self._is_own(row)]}

    async def next_event(self, **of: Any) -> Fields:
        told: Any = await super().next_event(**of)
        while told["event"] is not None and not all(map(self._is_own, told["event"].get("orders", ()))):
            told = await super().next_event(**of)
        return {**told}

    def _is_own(self, row: Mapping[str, Any]) -> bool:
        return row["order_id"] in self._placed or not row["symbol"].endswith("_SWAP")
