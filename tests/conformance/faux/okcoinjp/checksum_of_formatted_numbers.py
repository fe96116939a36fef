"""Takes the checksum over numbers that it has formatted itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import islice, zip_longest

from mockex.clients.okcoinjp.book import OrderBook
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

SOON = timedelta(milliseconds=500)  # after it, a book that does not prove right is given up

FAILS = frozenset(
    {
        "common/books/070",
        "common/books/080",
        "common/books/100",
        "common/books/110",
        "common/books/140",
        "okcoinjp/books/020",
        "okcoinjp/books/030",
        "okcoinjp/books/040",
        "okcoinjp/books/050",
        "okcoinjp/books/130",
        "okcoinjp/books/140",
        "okcoinjp/streams/050",
    }
)


def _formatted(self: OrderBook) -> str:
    parts = []
    for pair in zip_longest(islice(self.bids, 25), islice(self.asks, 25)):
        for level in pair:
            if level is not None:
                parts += [str(level.price.normalize()), str(level.size.normalize())]
    return ":".join(parts)


class Driver(Reference):
    async def book_watch(self, symbol: str) -> Fields:
        OrderBook.checksum_text = _formatted
        stream = self._open_stream()
        stream.timing = replace(stream.timing, acknowledge_within=SOON)
        return await super().book_watch(symbol)
