"""Asks for all books when one has a gap."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.htx import book, live_book
from mockex.clients.htx.driver import Driver as Reference

FAILS = frozenset(
    {
        "htx/books/140",
    }
)
SHOWS_IN = frozenset({"book_view"})


honest = live_book.LiveBook._on_increment
books: list[live_book.LiveBook] = []


def on_increment(self: live_book.LiveBook, change: book.BookChange) -> None:
    gaps = self.gaps
    honest(self, change)
    if self not in books:
        books.append(self)
    if self.gaps > gaps:
        for other in books:
            other.book.reset()
            other._settled.clear()
            other._needed.set()


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        live_book.LiveBook._on_increment = on_increment
        books.clear()
        await super().start(settings)
