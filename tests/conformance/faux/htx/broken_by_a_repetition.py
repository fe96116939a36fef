"""Gives a book up when something comes twice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.htx import book, live_book
from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.errors import HtxError

FAILS = frozenset(
    {
        "htx/books/050",
        "htx/books/220",
    }
)
SHOWS_IN = frozenset({"book_view"})


honest = live_book.LiveBook._on_increment
seen: dict[int, int] = {}


def on_increment(self: live_book.LiveBook, change: book.BookChange) -> None:
    if seen.get(id(self)) == change.seq_num != change.prev_seq_num:
        self._fail(HtxError("something came twice"))
    seen[id(self)] = change.seq_num
    honest(self, change)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        live_book.LiveBook._on_increment = on_increment
        seen.clear()
        await super().start(settings)
