"""Subscribes to everything twice."""

from __future__ import annotations

from typing import Any

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/streams/490",
        "htx/streams/930",
    }
)


class Driver(Reference):
    async def subscribe(self, channel: str, **of: Any) -> Fields:
        await super().subscribe(channel, **of)
        return await super().subscribe(channel, **of)
