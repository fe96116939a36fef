"""Takes a book for whole only if there are bids and asks."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/books/050",
        "common/books/060",
        "common/books/070",
        "common/books/080",
        "common/books/090",
        "common/books/100",
        "common/books/130",
        "okcoinjp/books/010",
        "okcoinjp/books/030",
        "okcoinjp/books/040",
        "okcoinjp/books/050",
        "okcoinjp/books/080",
        "okcoinjp/books/100",
        "okcoinjp/books/110",
        "okcoinjp/books/130",
        "okcoinjp/streams/050",
    }
)


class Driver(Reference):
    def book_view(self, symbol: str, limit: int | None = None) -> Fields:
        view: Any = super().book_view(symbol, limit)
        view["in_sync"] = view["in_sync"] and bool(view["book"]["bids"]) and bool(view["book"]["asks"])
        return view
