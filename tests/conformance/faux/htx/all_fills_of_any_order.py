"""Tells all fills for those of one order."""

from __future__ import annotations

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "common/fills/060",
        "htx/fills/040",
    }
)


class Driver(Reference):
    async def fills(self, symbol: str, order_id: str | None = None, all: bool = False) -> Fields:
        return await super().fills(symbol, None, all)
