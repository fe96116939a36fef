"""Compares the checksum as an unsigned number."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from mockex.clients.okcoinjp.book import OrderBook
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

SOON = timedelta(milliseconds=500)  # after it, a book that does not prove right is given up

FAILS = frozenset(
    {
        "common/books/020",
        "common/books/030",
        "common/books/040",
        "common/books/050",
        "common/books/060",
        "common/books/070",
        "common/books/080",
        "common/books/090",
        "common/books/100",
        "common/books/110",
        "common/books/120",
        "common/books/130",
        "common/books/140",
        "common/books/160",
        "okcoinjp/books/010",
        "okcoinjp/books/020",
        "okcoinjp/books/030",
        "okcoinjp/books/040",
        "okcoinjp/books/050",
        "okcoinjp/books/060",
        "okcoinjp/books/090",
        "okcoinjp/books/100",
        "okcoinjp/books/110",
    }
)


_checksum = OrderBook.checksum


def _unsigned(self: OrderBook) -> int:
    return _checksum(self) % (1 << 32)


class Driver(Reference):
    async def book_watch(self, symbol: str) -> Fields:
        OrderBook.checksum = _unsigned
        stream = self._open_stream()
        stream.timing = replace(stream.timing, acknowledge_within=SOON)
        return await super().book_watch(symbol)
