"""Logs in on the first connection only."""

from __future__ import annotations

from mockex.clients.okcoinjp.connection import Connection
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.stream import OkcoinStream

FAILS = frozenset(
    {
        "common/faults/230",
        "common/streams/180",
        "common/time/080",
        "okcoinjp/streams/960",
    }
)


_establish = OkcoinStream._establish


async def _establish_once(self: OkcoinStream, connection: Connection) -> None:
    await _establish(self, connection)
    self._credentials = None


class Driver(Reference):
    async def stream_open(self, private: bool) -> Fields:
        OkcoinStream._establish = _establish_once
        return await super().stream_open(private)
