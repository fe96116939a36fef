"""Tells of an order only its newest state, and throws away what came before."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/faults/180",
        "common/faults/210",
        "common/streams/050",
        "common/streams/070",
        "okcoinjp/streams/140",
    }
)


class Driver(Reference):
    async def next_event(self, channel: str, timeout_ms: int, **narrowed: Any) -> Fields:
        found = await super().next_event(channel, timeout_ms, **narrowed)
        if channel == "orders" and found["event"] is not None:
            await self.work_off()
            while (newer := await super().next_event(channel, 0, **narrowed))["event"] is not None:
                found = newer
        return found
