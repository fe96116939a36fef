"""Calls every book in sync."""

from __future__ import annotations

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "common/books/130",
        "htx/books/030",
        "htx/books/040",
        "htx/books/060",
        "htx/books/120",
        "htx/books/140",
        "htx/books/150",
    }
)


class Driver(Reference):
    def book_view(self, symbol: str, limit: int | None = None) -> Fields:
        return {**super().book_view(symbol, limit), "in_sync": True}
