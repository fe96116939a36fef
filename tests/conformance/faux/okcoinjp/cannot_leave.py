"""Takes the close of its own stream for a loss, and connects anew."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.errors import OkcoinError

SHOWS_IN = frozenset({"stream_open"})

FAILS = frozenset(
    {
        "common/streams/230",
        "okcoinjp/limits/900",
    }
)


class Driver(Reference):
    _opening_again: asyncio.Task[None] | None = None

    async def stream_close(self) -> Fields:
        was_open = self._stream is not None and not self._stream.closed
        result = await super().stream_close()
        if was_open and self._opening_again is None:
            self._opening_again = asyncio.create_task(self._open_again())
        return result

    async def _open_again(self) -> None:
        with suppress(OkcoinError):
            await self.stream_open(private=False)

    async def stop(self) -> None:
        self._opening_again = self._opening_again or asyncio.create_task(asyncio.sleep(0))
        await self._opening_again
        await super().stop()
