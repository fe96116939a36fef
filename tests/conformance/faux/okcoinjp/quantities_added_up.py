"""Adds the quantity of a change to what a level has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from mockex.clients.okcoinjp.book import BookSide
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.market_models import BookLevel

FAILS = frozenset(
    {
        "common/books/030",
        "common/books/050",
        "common/books/100",
        "common/books/110",
    }
)


_merge = BookSide.merge


def _add(self: BookSide, levels: Iterable[BookLevel]) -> None:
    sums = []
    for level in levels:
        known = self._levels.get(level.price)
        if level.size and known is not None:
            size = known.size + level.size
            level = replace(level, size=size, size_text=f"{size.normalize():f}")
        sums.append(level)
    _merge(self, sums)


class Driver(Reference):
    async def book_watch(self, symbol: str) -> Fields:
        BookSide.merge = _add
        return await super().book_watch(symbol)
