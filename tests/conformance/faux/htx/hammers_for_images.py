"""Asks for a refused image again and again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.htx import live_book
from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.errors import ConnectionLostError, HtxError

FAILS = frozenset(
    {
        "htx/books/120",
    }
)
SHOWS_IN = frozenset({"book_view"})


async def ask(self: live_book.LiveBook) -> None:
    while True:
        await self._needed.wait()
        self._needed.clear()
        while not self.in_step and self._stream.connected:
            try:
                self._on_image(await self._stream.request(self._channel))
            except ConnectionLostError:
                break  # a new connection will be followed by a new subscription
            except HtxError:
                await self._stream.stopwatch.sleep(self._stream.timing.first_retry / 10)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        live_book.LiveBook._mend_when_needed = ask
        await super().start(settings)
