"""Takes the venue's times for Tokyo's."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/market/110",
        "common/market/130",
        "common/market/140",
        "okcoinjp/market/040",
        "okcoinjp/time/050",
    }
)

NINE_HOURS_MS = 9 * 3_600_000


class Driver(Reference):
    async def trades(self, symbol: str, limit: int | None = None) -> Fields:
        rows = (await super().trades(symbol, limit))["trades"]
        return {"trades": [{**row, "time_ms": row["time_ms"] - NINE_HOURS_MS} for row in rows]}

    async def candles(self, **wanted: Any) -> Fields:
        rows = (await super().candles(**wanted))["candles"]
        return {"candles": [{**row, "time_ms": row["time_ms"] - NINE_HOURS_MS} for row in rows]}
