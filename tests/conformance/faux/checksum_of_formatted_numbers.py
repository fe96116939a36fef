"""Takes the checksum over numbers that it has formatted itself."""

from __future__ import annotations

from datetime import timedelta
from itertools import islice, zip_longest

from mockex.clients.okcoinjp.book import OrderBook
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS: frozenset[str] = frozenset()


def _formatted(self: OrderBook) -> str:
    parts = []
    for pair in zip_longest(islice(self.bids, 25), islice(self.asks, 25)):
        for level in pair:
            if level is not None:
                parts += [str(level.price.normalize()), str(level.size.normalize())]
    return ":".join(parts)


class Driver(Reference):
    async def stream_open(self, private: bool) -> Fields:
        self.timeout = timedelta(milliseconds=500)  # so that a book that never proves right is given up soon
        return await super().stream_open(private)

    async def book_watch(self, symbol: str) -> Fields:
        OrderBook.checksum_text = _formatted
        return await super().book_watch(symbol)
