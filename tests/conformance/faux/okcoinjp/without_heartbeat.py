"""Never sends a heartbeat."""

from __future__ import annotations

import asyncio
from typing import NoReturn

from mockex.clients.okcoinjp.connection import Connection
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/streams/210",
        "common/streams/220",
        "okcoinjp/streams/060",
        "okcoinjp/streams/940",
    }
)


async def _beat(self: Connection) -> NoReturn:
    await asyncio.get_running_loop().create_future()
    raise AssertionError("nobody ends this wait")


class Driver(Reference):
    async def stream_open(self, private: bool) -> Fields:
        Connection._beat = _beat
        return await super().stream_open(private)
