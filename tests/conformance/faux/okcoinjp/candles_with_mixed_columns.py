"""Takes the columns of a candle for open, close, high, low."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/market/120",
    }
)


class Driver(Reference):
    async def candles(self, **wanted: Any) -> Fields:
        rows = (await super().candles(**wanted))["candles"]
        return {"candles": [{**row, "close": row["high"], "high": row["low"], "low": row["close"]} for row in rows]}
