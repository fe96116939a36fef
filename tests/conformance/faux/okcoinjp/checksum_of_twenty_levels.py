"""Takes the checksum over the best 20 levels."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from mockex.clients.okcoinjp import book
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

SOON = timedelta(milliseconds=500)  # after it, a book that does not prove right is given up

FAILS = frozenset(
    {
        "common/books/100",
        "okcoinjp/books/020",
        "okcoinjp/books/050",
        "okcoinjp/streams/050",
    }
)


class Driver(Reference):
    async def book_watch(self, symbol: str) -> Fields:
        book.CHECKSUM_LEVELS = 20
        stream = self._open_stream()
        stream.timing = replace(stream.timing, acknowledge_within=SOON)
        return await super().book_watch(symbol)
