"""Sends its heartbeat as an operation in JSON."""

from __future__ import annotations

from mockex.clients.okcoinjp import connection
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "okcoinjp/streams/070",
    }
)


class Driver(Reference):
    async def stream_open(self, private: bool) -> Fields:
        connection._PING = '{"op":"ping"}'
        return await super().stream_open(private)
