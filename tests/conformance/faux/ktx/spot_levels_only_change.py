"""Changes levels that it knows and takes no new ones below them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mockex.clients.ktx import book
from mockex.clients.ktx.driver import Driver as Reference

FAILS = frozenset(
    {
        "common/books/100",
        "ktx/books/020",
    }
)
SHOWS_IN = frozenset({"book_view"})


honest = book.OrderBook.apply_increment


def apply_increment(self: book.OrderBook, change: book.Book) -> book.Outcome:
    def wanted(side: Any, levels: Any) -> Any:
        known = [level.price for level in side]
        low, high = (min(known), max(known)) if len(known) > 30 else (0, 10**9)
        return tuple(each for each in levels if low <= each.price <= high)

    return honest(self, replace(change, bids=wanted(self.bids, change.bids), asks=wanted(self.asks, change.asks)))


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        book.OrderBook.apply_increment = apply_increment
        await super().start(settings)
