"""Merges a whole book like a change into what it had, and looks at no checksum."""

from __future__ import annotations

from mockex.clients.okcoinjp.book import OrderBook
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.market_models import DepthChange

FAILS: frozenset[str] = frozenset()


_books: dict[str, OrderBook] = {}


def _apply(self: OrderBook, change: DepthChange) -> bool:
    known = _books.setdefault(self.instrument_id, self)
    self.bids, self.asks = known.bids, known.asks
    self.bids.merge(change.bids)
    self.asks.merge(change.asks)
    return True


class Driver(Reference):
    async def book_watch(self, symbol: str) -> Fields:
        OrderBook.apply = _apply
        return await super().book_watch(symbol)

    async def stop(self) -> None:
        _books.clear()
        await super().stop()
