"""Puts the candles of a day to midnight UTC."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/market/140",
    }
)


class Driver(Reference):
    async def candles(self, **wanted: Any) -> Fields:
        rows = (await super().candles(**wanted))["candles"]
        if wanted["interval_s"] == 86_400:
            rows = [{**row, "time_ms": row["time_ms"] // 86_400_000 * 86_400_000} for row in rows]
        return {"candles": rows}
