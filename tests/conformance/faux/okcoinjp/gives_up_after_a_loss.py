"""Does not connect again once a connection is lost."""

from __future__ import annotations

import asyncio

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.errors import OkcoinError
from mockex.clients.okcoinjp.events import Disconnected
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


async def _run_once(self: OkcoinStream, opened: asyncio.Future[None]) -> None:
    try:
        await self._session(opened)
    except OkcoinError as error:
        if not opened.done():
            opened.set_exception(error)
        else:
            self._emit(Disconnected(error=error))
            self._finish(error)


class Driver(Reference):
    async def stream_open(self, private: bool) -> Fields:
        OkcoinStream._run = _run_once
        return await super().stream_open(private)
