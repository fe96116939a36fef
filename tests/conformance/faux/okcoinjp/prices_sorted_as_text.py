"""Sorts the levels that it shows by the text of their prices."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/books/070",
    }
)


class Driver(Reference):
    def book_view(self, symbol: str, limit: int | None = None) -> Fields:
        view: Any = super().book_view(symbol, limit)
        view["book"]["bids"].sort(key=lambda level: str(level[0]), reverse=True)
        view["book"]["asks"].sort(key=lambda level: str(level[0]))
        return view
