"""Dates candles of half a day by the day of UTC."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset({"okcoinjp/time/050"})


HALF_DAY_S = 43_200


class Driver(Reference):
    async def candles(self, interval_s: int, **wanted: Any) -> Fields:
        rows = (await super().candles(interval_s=interval_s, **wanted))["candles"]
        if interval_s == HALF_DAY_S:
            rows = [{**row, "time_ms": row["time_ms"] // (HALF_DAY_S * 1_000) * HALF_DAY_S * 1_000} for row in rows]
        return {"candles": rows}
