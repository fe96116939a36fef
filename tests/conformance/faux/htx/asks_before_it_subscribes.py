"""Asks for a book before it subscribes to its changes."""

from __future__ import annotations

from mockex.clients.htx import channels as names
from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_streams import Address
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/books/100",
        "htx/books/130",
        "htx/limits/910",
    }
)


class Driver(Reference):
    async def book_watch(self, symbol: str) -> Fields:
        feed = await self._stream_of(Address.FEED)
        await feed.request(names.book(symbol))
        feed._next_request_ns = None
        return await super().book_watch(symbol)
