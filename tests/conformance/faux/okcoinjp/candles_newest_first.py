"""Shows candles as they come, newest first."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/market/130",
        "okcoinjp/market/040",
    }
)


class Driver(Reference):
    async def candles(self, **wanted: Any) -> Fields:
        return {"candles": (await super().candles(**wanted))["candles"][::-1]}
