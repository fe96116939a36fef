"""Passes over a whole book whose number it has seen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.ktx import book
from mockex.clients.ktx.driver import Driver as Reference

FAILS = frozenset(
    {
        "common/books/080",
        "ktx/books/040",
        "ktx/books/050",
    }
)
SHOWS_IN = frozenset({"book_watch", "book_view"})


honest = book.OrderBook.apply_whole
newest: list[int] = [-1]


def apply_whole(self: book.OrderBook, image: book.Book) -> book.Outcome:
    if image.update_id <= newest[0]:
        return book.Outcome.IGNORED
    newest[0] = image.update_id
    return honest(self, image)


honest_increment = book.OrderBook.apply_increment


def apply_increment(self: book.OrderBook, change: book.Book) -> book.Outcome:
    newest[0] = max(newest[0], change.update_id)
    return honest_increment(self, change)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        newest[0] = -1
        book.OrderBook.apply_whole, book.OrderBook.apply_increment = apply_whole, apply_increment
        await super().start(settings)
