"""Keeps the 25 levels that the checksum covers, and forgets the others."""

from __future__ import annotations

from collections.abc import Iterable

from mockex.clients.okcoinjp.book import BookSide
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.market_models import BookLevel

FAILS = frozenset(
    {
        "common/books/100",
        "okcoinjp/books/020",
        "okcoinjp/books/050",
        "okcoinjp/streams/050",
    }
)


_merge = BookSide.merge


def _merge_and_cut(self: BookSide, levels: Iterable[BookLevel]) -> None:
    _merge(self, levels)
    for level in list(self)[25:]:
        del self._levels[level.price]
        self._prices.remove(level.price)


class Driver(Reference):
    async def book_watch(self, symbol: str) -> Fields:
        BookSide.merge = _merge_and_cut
        return await super().book_watch(symbol)
