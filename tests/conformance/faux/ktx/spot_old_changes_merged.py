"""Merges changes in the order in which they come, whatever their numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.ktx import book
from mockex.clients.ktx.driver import Driver as Reference

FAILS = frozenset(
    {
        "ktx/books/030",
    }
)
SHOWS_IN = frozenset({"book_view"})


def apply_increment(self: book.OrderBook, change: book.Book) -> book.Outcome:
    return book.Outcome.IGNORED if self.update_id is None else self._merge(change)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        book.OrderBook.apply_increment = apply_increment
        await super().start(settings)
