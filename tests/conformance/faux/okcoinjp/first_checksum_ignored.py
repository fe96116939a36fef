"""Looks at the checksums of changes, and takes every whole book for right."""

from __future__ import annotations

from mockex.clients.okcoinjp.book import OrderBook
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.market_models import DepthChange
from mockex.clients.okcoinjp.vocabulary import DepthAction

FAILS = frozenset(
    {
        "okcoinjp/books/070",
        "okcoinjp/books/090",
    }
)


_apply = OrderBook.apply


def _apply_unchecked(self: OrderBook, change: DepthChange) -> bool:
    return _apply(self, change) or change.action is DepthAction.PARTIAL


class Driver(Reference):
    async def book_watch(self, symbol: str) -> Fields:
        OrderBook.apply = _apply_unchecked
        return await super().book_watch(symbol)
