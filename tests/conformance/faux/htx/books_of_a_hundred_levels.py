"""Keeps a hundred levels of a book."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.htx import book
from mockex.clients.htx.driver import Driver as Reference

FAILS = frozenset(
    {
        "htx/books/200",
    }
)
SHOWS_IN = frozenset({"book_view"})


honest = book.BookSide.keep_best


def keep_best(self: book.BookSide, count: int) -> None:
    honest(self, min(count, 100))


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        book.BookSide.keep_best = keep_best
        await super().start(settings)
