"""Merges a whole book like a change into what it had, and looks at no checksum."""

from __future__ import annotations

from mockex.clients.okcoinjp import live_book
from mockex.clients.okcoinjp.book import OrderBook
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.market_models import DepthChange

FAILS = frozenset(
    {
        "common/books/090",
        "common/books/120",
        "okcoinjp/books/060",
        "okcoinjp/books/070",
        "okcoinjp/books/080",
        "okcoinjp/books/090",
        "okcoinjp/books/110",
    }
)


def _apply(self: OrderBook, change: DepthChange) -> bool:
    self.bids.merge(change.bids)
    self.asks.merge(change.asks)
    return True


class Driver(Reference):
    async def book_watch(self, symbol: str) -> Fields:
        kept: dict[str, OrderBook] = self.__dict__.setdefault("_kept", {})

        def create(instrument_id: str) -> OrderBook:
            return kept.setdefault(instrument_id, OrderBook(instrument_id))

        OrderBook.apply = _apply
        live_book.OrderBook = create
        return await super().book_watch(symbol)
