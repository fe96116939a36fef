"""Begins every subscription with an empty queue of events, the others' included."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/streams/120",
    }
)


class Driver(Reference):
    async def subscribe(self, channel: str, **narrowed: Any) -> Fields:
        await self.work_off()
        self._inbox.clear()
        return await super().subscribe(channel, **narrowed)
