"""Has room for one book, and shows it whatever instrument is asked for."""

from __future__ import annotations

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/books/080",
    }
)


class Driver(Reference):
    def book_view(self, symbol: str, limit: int | None = None) -> Fields:
        return super().book_view(next(reversed(self._books), symbol), limit)
