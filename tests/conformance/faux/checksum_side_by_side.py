"""Builds the text of the checksum from all bids and then all asks where one side is longer."""

from __future__ import annotations

from datetime import timedelta
from itertools import islice

from mockex.clients.okcoinjp.book import OrderBook
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS: frozenset[str] = frozenset()


_checksum_text = OrderBook.checksum_text


def _side_by_side(self: OrderBook) -> str:
    if len(self.bids) == len(self.asks):
        return _checksum_text(self)
    levels = [*islice(self.bids, 25), *islice(self.asks, 25)]
    return ":".join(f"{level.price_text}:{level.size_text}" for level in levels)


class Driver(Reference):
    async def stream_open(self, private: bool) -> Fields:
        self.timeout = timedelta(milliseconds=500)  # so that a book that never proves right is given up soon
        return await super().stream_open(private)

    async def book_watch(self, symbol: str) -> Fields:
        OrderBook.checksum_text = _side_by_side
        return await super().book_watch(symbol)
