"""Gives trades the time at which they are told."""

from __future__ import annotations

from typing import Any

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/streams/100",
    }
)


class Driver(Reference):
    async def next_event(self, channel: str, timeout_ms: int, **of: Any) -> Fields:
        event = (await super().next_event(channel, timeout_ms, **of))["event"]
        now_ms = self.api.clock.now_ns() // 1_000_000
        if event and "trades" in event:
            event["trades"] = [{**row, "time_ms": now_ms} for row in event["trades"]]
        return {"event": event}
