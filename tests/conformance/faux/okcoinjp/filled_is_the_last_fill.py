"""Takes the quantity of the last fill for all that an order has filled."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/faults/180",
        "common/faults/190",
        "common/faults/210",
        "common/faults/280",
        "common/streams/050",
        "common/streams/070",
    }
)


class Driver(Reference):
    async def next_event(self, channel: str, timeout_ms: int, **narrowed: Any) -> Fields:
        found = await super().next_event(channel, timeout_ms, **narrowed)
        event = found["event"]
        if channel == "orders" and event is not None:
            for row, fill in zip(event["orders"], event.get("fills", ()), strict=False):
                row["filled_qty"] = fill["qty"]
        return found
