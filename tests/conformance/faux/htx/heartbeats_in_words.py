"""Sends a heartbeat of its own, in words."""

from __future__ import annotations

from typing import Any

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/streams/910",
    }
)


class Driver(Reference):
    async def subscribe(self, channel: str, **of: Any) -> Fields:
        told = await super().subscribe(channel, **of)
        for line in self._lines.values():
            if line.stream._connection is not None:
                await line.stream._connection._socket.send("ping")
        return told
