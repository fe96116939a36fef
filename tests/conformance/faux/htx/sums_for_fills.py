"""Tells the sum of an order for the quantity of its fill."""

from __future__ import annotations

from typing import Any

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/streams/470",
    }
)


class Driver(Reference):
    async def next_event(self, channel: str, timeout_ms: int, **of: Any) -> Fields:
        event = (await super().next_event(channel, timeout_ms, **of))["event"]
        for fill in (event or {}).get("fills", ()):
            fill["qty"] = event["orders"][0]["filled_qty"]
        return {"event": event}
