"""Does not connect again once a connection is lost."""

from __future__ import annotations

import asyncio

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.stream import OkcoinStream

FAILS = frozenset(
    {
        "common/books/120",
        "common/faults/230",
        "common/faults/240",
        "common/faults/270",
        "common/streams/160",
        "common/streams/170",
        "common/streams/180",
        "common/streams/190",
        "common/streams/210",
        "common/streams/240",
        "common/time/080",
        "okcoinjp/streams/130",
        "okcoinjp/streams/960",
    }
)


_on_lost = OkcoinStream._on_lost
_leaving: set[asyncio.Task[None]] = set()


def _leave(self: OkcoinStream, error: Exception) -> None:
    _on_lost(self, error)
    _leaving.add(asyncio.create_task(self.close()))


class Driver(Reference):
    async def stream_open(self, private: bool) -> Fields:
        OkcoinStream._on_lost = _leave
        return await super().stream_open(private)
