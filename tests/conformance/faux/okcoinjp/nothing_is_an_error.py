"""Takes an empty list for a failure."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/auth/010",
        "common/auth/050",
        "common/fills/090",
        "common/limits/040",
        "common/limits/050",
        "common/market/020",
        "common/market/030",
        "common/market/040",
        "common/market/050",
        "common/market/150",
        "common/numbers/240",
        "common/time/130",
        "okcoinjp/market/010",
        "okcoinjp/market/020",
    }
)


class Driver(Reference):
    async def fills(self, **narrowed: Any) -> Fields:
        return _something(await super().fills(**narrowed), "fills")

    async def book(self, symbol: str, limit: int | None = None) -> Fields:
        found = await super().book(symbol, limit)
        for side in ("bids", "asks"):
            _something(found["book"], side)
        return found


def _something(found: Fields, name: str) -> Fields:
    if not found[name]:
        raise IndexError("list index out of range")
    return found
