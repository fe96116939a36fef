"""Compares the checksum as an unsigned number."""

from __future__ import annotations

from datetime import timedelta

from mockex.clients.okcoinjp.book import OrderBook
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS: frozenset[str] = frozenset()


_checksum = OrderBook.checksum


def _unsigned(self: OrderBook) -> int:
    return _checksum(self) % (1 << 32)


class Driver(Reference):
    async def stream_open(self, private: bool) -> Fields:
        self.timeout = timedelta(milliseconds=500)  # so that a book that never proves right is given up soon
        return await super().stream_open(private)

    async def book_watch(self, symbol: str) -> Fields:
        OrderBook.checksum = _unsigned
        return await super().book_watch(symbol)
