"""Sums up what an order has filled from the fills that arrive, instead of reading the total."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/faults/180",
        "common/faults/190",
        "common/streams/060",
    }
)


class Driver(Reference):
    async def next_event(self, channel: str, timeout_ms: int, **narrowed: Any) -> Fields:
        found = await super().next_event(channel, timeout_ms, **narrowed)
        filled: dict[str, Decimal] = self.__dict__.setdefault("_filled", {})
        if channel == "orders" and found["event"] is not None:
            for fill in found["event"].get("fills", ()):
                filled[fill["order_id"]] = filled.get(fill["order_id"], Decimal()) + Decimal(fill["qty"])
            for row in found["event"]["orders"]:
                row["filled_qty"] = format(filled.get(row["order_id"], Decimal()), "f")
        return found
