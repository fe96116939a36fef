"""Looks at no checksum."""

from __future__ import annotations

from mockex.clients.okcoinjp.book import OrderBook
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.market_models import DepthChange

FAILS = frozenset(
    {
        "okcoinjp/books/060",
        "okcoinjp/books/070",
        "okcoinjp/books/080",
        "okcoinjp/books/090",
        "okcoinjp/books/110",
    }
)


_apply = OrderBook.apply


def _apply_unchecked(self: OrderBook, change: DepthChange) -> bool:
    _apply(self, change)
    return True


class Driver(Reference):
    async def book_watch(self, symbol: str) -> Fields:
        OrderBook.apply = _apply_unchecked
        return await super().book_watch(symbol)
