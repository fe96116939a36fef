"""Takes the first books of a new connection for old, by their numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.coinstore import stream
from mockex.clients.coinstore.driver import Driver as Reference
from mockex.clients.coinstore.fields import Row

FAILS = frozenset(
    {
        "coinstore/books/030",
        "common/books/120",
    }
)
SHOWS_IN = frozenset({"book_view"})


honest = stream.CoinstoreStream._on_message
newest: dict[stream.CoinstoreStream, int] = {}


def on_message(self: stream.CoinstoreStream, row: Row) -> None:
    number = row.integer("S")
    if row.text("T") == "depth" and number <= newest.get(self, 0):
        return
    newest[self] = max(number, newest.get(self, 0))
    honest(self, row)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        stream.CoinstoreStream._on_message = on_message
        await super().start(settings)
