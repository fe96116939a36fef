"""Merges increments that are older than the image."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.htx import book
from mockex.clients.htx.driver import Driver as Reference

FAILS = frozenset(
    {
        "htx/books/110",
    }
)
SHOWS_IN = frozenset({"book_view"})


honest = book.OrderBook.apply_change


def apply_change(self: book.OrderBook, change: book.BookChange) -> book.Outcome:
    if self.seq_num is not None and change.seq_num < self.seq_num:
        number = self.seq_num
        self._merge(change)
        self.seq_num = number
        return book.Outcome.APPLIED
    return honest(self, change)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        book.OrderBook.apply_change = apply_change
        await super().start(settings)
