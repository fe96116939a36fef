"""Keeps a level whose quantity has become 0."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable

from mockex.clients.okcoinjp.book import BookSide
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.market_models import BookLevel

FAILS = frozenset(
    {
        "common/books/040",
        "common/books/050",
        "common/books/060",
        "common/books/100",
        "common/books/110",
        "okcoinjp/books/020",
        "okcoinjp/books/050",
    }
)


def _merge(self: BookSide, levels: Iterable[BookLevel]) -> None:
    for level in levels:
        if level.price not in self._levels:
            insort(self._prices, level.price)
        self._levels[level.price] = level


class Driver(Reference):
    async def book_watch(self, symbol: str) -> Fields:
        BookSide.merge = _merge
        return await super().book_watch(symbol)
