"""Asks for no more than ten books before time has passed."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset({"common/limits/040"})


class Driver(Reference):
    books = 0

    async def book(self, **wanted: Any) -> Fields:
        if self.books == 10:
            raise ValueError("enough for now")
        self.books += 1
        return await super().book(**wanted)

    async def elapse(self, ms: int) -> Fields:
        self.books = 0
        return await super().elapse(ms)
