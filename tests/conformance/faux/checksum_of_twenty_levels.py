"""Takes the checksum over the best 20 levels."""

from __future__ import annotations

from datetime import timedelta

from mockex.clients.okcoinjp import book
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS: frozenset[str] = frozenset()


class Driver(Reference):
    async def stream_open(self, private: bool) -> Fields:
        self.timeout = timedelta(milliseconds=500)  # so that a book that never proves right is given up soon
        return await super().stream_open(private)

    async def book_watch(self, symbol: str) -> Fields:
        book.CHECKSUM_LEVELS = 20
        return await super().book_watch(symbol)
