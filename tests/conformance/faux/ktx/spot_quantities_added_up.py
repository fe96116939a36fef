"""Adds the quantities of a change to those of the book."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mockex.clients.ktx import book
from mockex.clients.ktx.driver import Driver as Reference

FAILS = frozenset(
    {
        "common/books/030",
        "common/books/050",
        "common/books/100",
        "common/books/110",
        "ktx/books/010",
        "ktx/books/030",
        "ktx/books/060",
    }
)
SHOWS_IN = frozenset({"book_view"})


honest = book.OrderBook.apply_increment


def apply_increment(self: book.OrderBook, change: book.Book) -> book.Outcome:
    def added(side: Any, levels: Any) -> Any:
        known = {level.price: level.size for level in side}
        return tuple(replace(each, size=each.size and each.size + known.get(each.price, 0)) for each in levels)

    return honest(self, replace(change, bids=added(self.bids, change.bids), asks=added(self.asks, change.asks)))


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        book.OrderBook.apply_increment = apply_increment
        await super().start(settings)
