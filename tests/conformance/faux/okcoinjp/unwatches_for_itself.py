"""Forgets a book that is watched no more, and leaves the venue sending it."""

from __future__ import annotations

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/books/150",
    }
)


class Driver(Reference):
    async def book_unwatch(self, symbol: str) -> Fields:
        book = self._books.pop(symbol.upper())
        await book._stop_following()
        return {}
