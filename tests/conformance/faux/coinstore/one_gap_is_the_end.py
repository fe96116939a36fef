"""Never trusts a book again that once had a gap."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.coinstore import live_book
from mockex.clients.coinstore.driver import Driver as Reference
from mockex.clients.coinstore.events import FramesLost, StreamEvent

FAILS = frozenset(
    {
        "coinstore/books/020",
    }
)
SHOWS_IN = frozenset({"book_view"})


honest = live_book.LiveBook._on_event
spoilt: set[live_book.LiveBook] = set()


def on_event(self: live_book.LiveBook, event: StreamEvent) -> None:
    if isinstance(event, FramesLost):
        spoilt.add(self)
    honest(self, event)
    self._stale = self._stale or self in spoilt


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        live_book.LiveBook._on_event = on_event
        await super().start(settings)
