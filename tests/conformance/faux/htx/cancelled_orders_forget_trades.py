"""Tells cancelled orders without what they traded."""

from __future__ import annotations

from typing import Any

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "common/streams/060",
        "htx/streams/460",
    }
)


class Driver(Reference):
    async def next_event(self, channel: str, timeout_ms: int, **of: Any) -> Fields:
        event = (await super().next_event(channel, timeout_ms, **of))["event"]
        for row in (event or {}).get("orders", ()):
            if row["status"] == "cancelled":
                row["filled_qty"] = "0"
        return {"event": event}
