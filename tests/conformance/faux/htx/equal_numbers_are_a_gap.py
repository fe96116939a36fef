"""Takes an increment whose number it knows for a gap."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.htx import book
from mockex.clients.htx.driver import Driver as Reference

FAILS = frozenset(
    {
        "htx/books/010",
    }
)
SHOWS_IN = frozenset({"book_view"})


honest = book.OrderBook.apply_change


def apply_change(self: book.OrderBook, change: book.BookChange) -> book.Outcome:
    if self.seq_num is not None and change.seq_num == self.seq_num == change.prev_seq_num and not self._right_after_image:
        self.reset()
        self._keep(change)
        return book.Outcome.LOST
    return honest(self, change)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        book.OrderBook.apply_change = apply_change
        await super().start(settings)
