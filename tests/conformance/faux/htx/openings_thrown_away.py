"""Throws away what comes at once with a subscription."""

from __future__ import annotations

from typing import Any

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/streams/100",
        "htx/streams/110",
        "htx/streams/150",
        "htx/streams/490",
    }
)


class Driver(Reference):
    async def subscribe(self, channel: str, **of: Any) -> Fields:
        told = await super().subscribe(channel, **of)
        await self.work_off()
        while (await super().next_event(channel, 0, **of))["event"] is not None:
            pass
        return told
