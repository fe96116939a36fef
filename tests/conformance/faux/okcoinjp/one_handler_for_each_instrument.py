"""Has one handler for each instrument: a second channel takes the place of the book."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/books/160",
    }
)


class Driver(Reference):
    async def subscribe(self, channel: str, symbol: str | None = None, **narrowed: Any) -> Fields:
        book = self._books.get((symbol or "").upper())
        if book is not None and book._stop_listening is not None:
            book._stop_listening()
        return await super().subscribe(channel, symbol, **narrowed)
