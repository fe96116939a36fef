"""Does not look whether bids and asks of its book meet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.ktx import book
from mockex.clients.ktx.driver import Driver as Reference

FAILS = frozenset(
    {
        "ktx/books/040",
    }
)
SHOWS_IN = frozenset({"book_view"})


def merge(self: book.OrderBook, message: book.Book) -> book.Outcome:
    for side, levels in ((self.bids, message.bids), (self.asks, message.asks)):
        side.merge(levels)
        side.keep_best(self.depth)
    self.update_id = message.update_id
    return book.Outcome.APPLIED


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        book.OrderBook._merge = merge
        await super().start(settings)
