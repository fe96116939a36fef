"""Gives a book up at the deletion of a level that it does not have."""

from __future__ import annotations

from mockex.clients.okcoinjp.book import OrderBook
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.errors import MalformedReplyError
from mockex.clients.okcoinjp.live_book import LiveBook
from mockex.clients.okcoinjp.market_models import DepthChange

FAILS = frozenset(
    {
        "okcoinjp/books/100",
        "okcoinjp/books/140",
    }
)


_on_depth = LiveBook._on_depth


def _knows(book: OrderBook, change: DepthChange) -> bool:
    sides = ((book.bids, change.bids), (book.asks, change.asks))
    return all(level.size or level.price in side._levels for side, levels in sides for level in levels)


def _strict(self: LiveBook, change: DepthChange) -> None:
    if _knows(self.book, change) and self._failure is None:
        _on_depth(self, change)
    else:
        self._fail(MalformedReplyError("a level that is not there"))


class Driver(Reference):
    async def book_watch(self, symbol: str) -> Fields:
        LiveBook._on_depth = _strict
        return await super().book_watch(symbol)
