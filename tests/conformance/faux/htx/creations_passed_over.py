"""Tells orders from their first trade on."""

from __future__ import annotations

from typing import Any

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "common/faults/170",
        "common/faults/210",
        "common/faults/230",
        "common/streams/050",
        "common/streams/070",
        "common/streams/180",
        "common/streams/250",
        "htx/streams/300",
        "htx/streams/310",
        "htx/streams/440",
    }
)


class Driver(Reference):
    async def next_event(self, channel: str, timeout_ms: int, **of: Any) -> Fields:
        while True:
            event = (await super().next_event(channel, timeout_ms, **of))["event"]
            rows = (event or {}).get("orders")
            if not rows or rows[0]["status"] != "open":
                return {"event": event}
