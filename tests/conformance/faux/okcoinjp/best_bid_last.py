"""Shows bids in ascending order, like asks."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/books/010",
        "common/books/020",
        "common/books/040",
        "common/books/070",
        "common/books/090",
        "common/books/110",
        "common/books/140",
        "okcoinjp/books/010",
        "okcoinjp/books/020",
        "okcoinjp/books/030",
        "okcoinjp/books/040",
        "okcoinjp/books/100",
        "okcoinjp/books/140",
    }
)


class Driver(Reference):
    def book_view(self, symbol: str, limit: int | None = None) -> Fields:
        view: Any = super().book_view(symbol, limit)
        view["book"]["bids"].reverse()
        return view
