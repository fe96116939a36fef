"""Takes the close of its own stream for a loss, and connects anew."""

from __future__ import annotations

import asyncio

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS: frozenset[str] = frozenset()


class Driver(Reference):
    _open_again: asyncio.Task[Fields] | None = None

    async def stream_close(self) -> Fields:
        was_open = self._stream is not None and not self._stream.closed
        result = await super().stream_close()
        if was_open and self._open_again is None:
            self._open_again = asyncio.create_task(self.stream_open(private=False))
        return result

    async def stop(self) -> None:
        if self._open_again is not None:
            await self._open_again
        await super().stop()
