"""Tells of what happens to an order at once the last alone."""

from __future__ import annotations

from typing import Any

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "common/faults/180",
        "common/faults/210",
        "common/streams/050",
        "common/streams/070",
        "htx/streams/440",
    }
)


class Driver(Reference):
    async def next_event(self, channel: str, timeout_ms: int, **of: Any) -> Fields:
        event = (await super().next_event(channel, timeout_ms, **of))["event"]
        while event is not None and channel == "orders":
            await self.work_off()
            later = (await super().next_event(channel, 0, **of))["event"]
            if later is None:
                break
            event = later
        return {"event": event}
