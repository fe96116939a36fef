"""Takes a pong for a message that it cannot read, and connects anew."""

from __future__ import annotations

from mockex.clients.okcoinjp import connection
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "okcoinjp/streams/060",
    }
)


class Driver(Reference):
    async def stream_open(self, private: bool) -> Fields:
        connection.PONG = "nothing"
        return await super().stream_open(private)
