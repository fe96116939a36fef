"""Closes the last of its sockets only."""

from __future__ import annotations

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/streams/160",
    }
)


class Driver(Reference):
    async def stream_close(self) -> Fields:
        first = next(iter(self._lines), None)
        if first is not None and len(self._lines) > 1:
            del self._lines[first]
        return await super().stream_close()
