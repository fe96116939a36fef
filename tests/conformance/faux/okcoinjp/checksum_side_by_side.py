"""Builds the text of the checksum from all bids and then all asks where one side is longer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import islice

from mockex.clients.okcoinjp.book import OrderBook
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

SOON = timedelta(milliseconds=500)  # after it, a book that does not prove right is given up

FAILS = frozenset(
    {
        "common/books/070",
        "common/books/110",
        "common/books/140",
        "okcoinjp/books/010",
        "okcoinjp/books/020",
        "okcoinjp/books/140",
    }
)


_checksum_text = OrderBook.checksum_text


def _side_by_side(self: OrderBook) -> str:
    if len(self.bids) == len(self.asks):
        return _checksum_text(self)
    levels = [*islice(self.bids, 25), *islice(self.asks, 25)]
    return ":".join(f"{level.price_text}:{level.size_text}" for level in levels)


class Driver(Reference):
    async def book_watch(self, symbol: str) -> Fields:
        OrderBook.checksum_text = _side_by_side
        stream = self._open_stream()
        stream.timing = replace(stream.timing, acknowledge_within=SOON)
        return await super().book_watch(symbol)
