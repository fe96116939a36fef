"""Sends its heartbeat and never looks whether it is answered."""

from __future__ import annotations

from datetime import timedelta
from typing import NoReturn

from mockex.clients.okcoinjp.connection import Connection
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/streams/210",
    }
)


async def _beat(self: Connection) -> NoReturn:
    while True:
        await self._stopwatch.sleep(timedelta(seconds=15))
        await self._socket.send("ping")


class Driver(Reference):
    async def stream_open(self, private: bool) -> Fields:
        Connection._beat = _beat
        return await super().stream_open(private)
