"""Calls its book in sync although the connection is lost."""

from __future__ import annotations

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.events import Disconnected, StreamEvent
from mockex.clients.okcoinjp.live_book import LiveBook

FAILS = frozenset(
    {
        "common/books/130",
    }
)


_on_event = LiveBook._on_event


def _overhear(self: LiveBook, event: StreamEvent) -> None:
    if not isinstance(event, Disconnected):
        _on_event(self, event)


class Driver(Reference):
    async def book_watch(self, symbol: str) -> Fields:
        LiveBook._on_event = _overhear
        return await super().book_watch(symbol)
