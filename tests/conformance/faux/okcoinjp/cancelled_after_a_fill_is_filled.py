"""Takes an order that was cancelled after a part of it was filled for a filled one."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/streams/060",
    }
)


class Driver(Reference):
    async def next_event(self, channel: str, timeout_ms: int, **narrowed: Any) -> Fields:
        found = await super().next_event(channel, timeout_ms, **narrowed)
        event = found["event"]
        if channel == "orders" and event is not None:
            for row in event["orders"]:
                if row["status"] == "cancelled" and row["filled_qty"] != "0":
                    row["status"] = "filled"
        return found
