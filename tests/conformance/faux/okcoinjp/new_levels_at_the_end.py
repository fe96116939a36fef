"""Puts a level that comes anew behind all others."""

from __future__ import annotations

from collections.abc import Iterable

from mockex.clients.okcoinjp.book import BookSide
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.market_models import BookLevel

FAILS = frozenset(
    {
        "common/books/020",
        "common/books/110",
        "common/books/160",
        "okcoinjp/books/050",
    }
)


def _merge(self: BookSide, levels: Iterable[BookLevel]) -> None:
    for level in levels:
        if level.size:
            if level.price not in self._levels:
                self._prices.insert(0 if self._descending else len(self._prices), level.price)
            self._levels[level.price] = level
        elif self._levels.pop(level.price, None) is not None:
            self._prices.remove(level.price)


class Driver(Reference):
    async def book_watch(self, symbol: str) -> Fields:
        BookSide.merge = _merge
        return await super().book_watch(symbol)
